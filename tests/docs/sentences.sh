#!/bin/sh
# Comments, manuals and README begin with their subject: no sentence opens with "What" or "Who", but for a question.
set -u
cd "$SOURCE" || exit 1

found=$(find README.md .ci classifier cmd parser reports store tests testdata/dialogues -type f \
    ! -path '*/seeds/*' ! -name sentences.sh -exec \
    grep -nIP '(^|[.;:] |/\* |^ *\* |# |""")(What|Who|Whoever|Whom)\b(?!.*\?)' /dev/null {} +)
[ -z "$found" ] || { printf 'sentences that open with What or Who:\n%s\n' "$found"; exit 1; }
