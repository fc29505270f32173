#!/bin/sh
# How well a corpus is read that lies outside the project: no figure may fall below its floor, with LF and with CRLF,
# and its ordinary mail reports nothing when it comes from the null sender either.
set -eu
score=$SOURCE/../shared/corpus/score.py
if ! [ -x "$score" ]; then
    echo "skipped: there is no corpus beside the project"
    exit 77
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# figure, and the percentage that it must reach
cat >"$dir/floors" <<'END'
detected       100
recipient      100
redacted       100
ordinary       100
feedback_type  100
status         100
reply          100
reason         99.4
verdict        98.9
END
: >"$dir/empty.conf"

for ends in '' --crlf; do
    echo "line ends: ${ends:-as they are}"
    "$score" $ends -- "$BUILD/bouncectl" --config "$dir/empty.conf" inspect --json >"$dir/figures"
    cat "$dir/figures"
    # a row of figures: NAME GOOD of ALL PERCENTAGE %
    awk 'FNR == NR { floor[$1] = $2; next }
        $3 == "of" && $1 in floor { seen[$1] = 1 }
        $3 == "of" && $1 in floor && $5 < floor[$1] { print "FAILED: " $1 " is below " floor[$1]; bad = 1 }
        /^the command exited/ { print "FAILED: " $0; bad = 1 }
        END { for (f in floor) if (!(f in seen)) { print "FAILED: no figure " f; bad = 1 }; exit bad }' \
        "$dir/floors" "$dir/figures" || failed=1
done

mkdir "$dir/null"
for mail in "${score%/*}"/ordinary/*; do
    { echo 'Return-Path: <>' && cat "$mail"; } >"$dir/null/${mail##*/}"
done
"$BUILD/bouncectl" --config "$dir/empty.conf" inspect --json "$dir/null" >"$dir/events"
[ "$(wc -l <"$dir/events")" -ge "$(ls "$dir/null" | wc -l)" ] || { echo "FAILED: ordinary mail was not read"; failed=1; }
if grep -v '"kind": *"other"' "$dir/events"; then
    echo "FAILED: ordinary mail from the null sender is taken for the above"
    failed=1
fi
exit "${failed:-0}"
