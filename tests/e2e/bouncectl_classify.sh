#!/bin/sh
# bouncectl classify: texts from the command line and from standard input, and what is refused.
. "$(dirname "$0")/support/bouncectl.sh"

expect 0 classify '550 5.1.1 user unknown'
says '^user_unknown  hard  party recipient  rule '
expect 0 classify --command rcpt --status 5.1.1 'no'
expect 0 classify --json --vocabulary ses '452 4.2.2 mailbox full'
json 'rows[0]["reason"] == "mailbox_full" and rows[0]["verdict"] == "soft" and "text" not in rows[0]'

# a command or a status that is none is a slip
expect 64 classify --command RCTP no
complains "^bouncectl: classify: --command: .*did you mean 'RCPT'"
expect 64 classify --command GET no
for code in 5 5.1 511 5.1.1.1 3.1.1 x 5.1.1x; do
    expect 64 classify --status $code no
    complains "^bouncectl: classify: --status: '$code' is no enhanced status code; expected one such as 5.1.1"
done

# standard input: a text a line, and a reply of several lines is one
printf '550 5.1.1 user unknown\r\n\n452-4.2.2 first\n452 4.2.2 mailbox full\n421 busy' >texts
"$BUILD/bouncectl" --config bounced.conf classify --json - <texts >out 2>err || fail "classify -"
json '[row["reason"] for row in rows][:2] == ["user_unknown", "mailbox_full"] and len(rows) == 3'
json 'rows[1]["text"] == "452-4.2.2 first 452 4.2.2 mailbox full"'
"$BUILD/bouncectl" --config bounced.conf classify - <texts >out 2>err || fail "classify -"
says '^550 5.1.1 user unknown$'
says '^mailbox_full  soft'

# a text that moves a cursor does not: `rules test`
printf 'mailbox_full 550 5.1.1 user unknown \033[31m\302\233 words\n' >hostile
expect 1 rules test hostile
says '^user_unknown, expected mailbox_full, by .*: 550 5.1.1 user unknown \?\[31m\? words$'

# addresses with a blank of Unicode in them: by all subcommands that take one
for blank in '\302\240' '\342\200\213' '\357\273\277' '\343\200\200'; do
    for subcommand in add check explain return-path 'remove --note x'; do
        expect 65 $subcommand "$(printf "us${blank}er@example.org")"
        expect 65 $subcommand "$(printf "user@example.org$blank")"
    done
done
[ -e bounced.db ] && fail "an address that is none made a database"

finish
