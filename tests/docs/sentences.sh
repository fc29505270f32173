#!/bin/sh
# Comments, manuals and README begin with their subject: no sentence opens with "What" or "Who", but for a question.
set -u
cd "$SOURCE" || exit 1

# Of README, what programs print is left out, and its lines are counted on.
opening='(^|[.;:] |/\* |^ *\* |# |""")(What|Who|Whoever|Whom)\b(?!.*\?)'
# shellcheck disable=SC2016
found=$(sed '/^```/,/^```/s/.*//' README.md | grep -nIP --label=README.md -H "$opening"
    find .ci classifier cmd parser reports store tests testdata/dialogues -type f \
    ! -path '*/seeds/*' ! -name sentences.sh -exec grep -nIP "$opening" /dev/null {} +)
[ -z "$found" ] || { printf 'sentences that open with What or Who:\n%s\n' "$found"; exit 1; }
