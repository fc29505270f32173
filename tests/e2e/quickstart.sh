#!/bin/bash
# The quickstart, as a newcomer runs it: twice, in a pipe; what it shows is right, and nothing of it is left behind.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export TMPDIR=$tmp

fail() {
    echo "$1" >&2
    cat "$tmp/output" >&2
    exit 1
}

status=0
"$SOURCE/cmd/quickstart" bogus >"$tmp/output" 2>&1 || status=$?
[ $status -eq 64 ] && grep -q '^usage: cmd/quickstart' "$tmp/output" || fail "an argument: exit status $status"

for round in 1 2; do
    "$SOURCE/cmd/quickstart" >"$tmp/output" 2>&1 </dev/null || fail "round $round: exit status $?"
    # The list: who, and nobody else.
    sed -n '/^\$ bouncectl .* list$/,/^# /p' "$tmp/output" | sed -n 's/\t.*//p' | sort >"$tmp/list"
    printf '%s\n' Erika.Lind@example.com lena@mail.example.net mira@example.com s.winter@corp.example |
        sort | diff - "$tmp/list" || fail "round $round: not the list that was expected"
    for line in 'mira@example.com is suppressed for all mail since .*' \
        'kurt@firma.example: not suppressed' \
        '  effect      not counted: nothing proves that it is about our mail.*' \
        '[^	]*	other		none		ignored	lmtp		[0-9a-f]*' \
        '8 bounces (4 hard, 4 soft), 1 complaint, 1 other feedback report, 1 delay, 2 delivered, 1 auto-reply, 1 other' \
        'recipient,scope,state,reason,verdict,.*'; do
        grep -qx -- "$line" "$tmp/output" || fail "round $round: no line like: $line"
    done
    ! grep -q $'\e' "$tmp/output" || fail "round $round: colours in a pipe"
    rest=$(find "$tmp" -mindepth 1 ! -name output ! -name list)
    [ -z "$rest" ] || fail "round $round: left behind: $rest"
done
echo 'the quickstart ran twice and left nothing behind'
