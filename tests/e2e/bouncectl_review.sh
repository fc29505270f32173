#!/bin/sh
# bouncectl review, delivered and policy backtest: what reports that suppress nobody add up to, what mail that went
# through clears and lifts, and how the list would be by another policy.
. "$(dirname "$0")/support/bouncectl.sh"

# many ADDRESS COUNT STATUS DIAGNOSTIC: reports of so many mails
many() {
    n=1
    while [ "$n" -le "$2" ]; do
        dsn failed "$3" "$1" "$4" | sed "s/<news\./<news$n./; s/<report\./<report$n./" >"new/$1.$n.eml"
        n=$((n + 1))
    done
}
mkdir new
expired='delivery temporarily suspended: connection timed out'
many never@example.org 12 4.4.7 "$expired"
many some@example.org 9 4.4.7 "$expired"
many heard@example.org 11 4.4.7 "$expired"
many gone@example.org 11 4.4.7 "$expired"
dsn delivered 2.0.0 heard@example.org '250 ok' >new/heard.eml
dsn failed 5.1.1 gone@example.org '550 5.1.1 <gone@example.org>: User unknown' >new/gone.eml
expect 0 ingest new

# --- review ----------------------------------------------------------------------------------------------------------
expect 0 review
says '^never@example.org	12	[0-9T:Z-]*	[0-9T:Z-]*	expired 12$'
[ "$(wc -l <out)" -eq 1 ] || fail "review: others than those that only fail"
expect 0 review --failures 9
says '^some@example.org	9	'
[ "$(wc -l <out)" -eq 2 ] || fail "review --failures"
expect 0 review --failures 9 --limit 1
[ "$(wc -l <out)" -eq 1 ] || fail "review --limit"
expect 0 review --domain example.net
[ ! -s out ] || fail "review --domain"
expect 0 review --reason undefined
[ ! -s out ] || fail "review --reason"
expect 64 review --reason mailbox_full
complains 'mailbox_full is not looked at'
expect 0 review --json
json 'rows == [dict(recipient="never@example.org", failures=12, reasons="expired 12", first=rows[0]["first"],
    last=rows[0]["last"])]'
expect 0 review --addresses
"$BUILD/bouncectl" --config bounced.conf add --file - --note 'nothing arrives' <out 2>err || fail "add --file -"
expect 1 check never@example.org
expect 0 review
[ ! -s out ] || fail "review: what is on the list was decided"

# --- delivered -------------------------------------------------------------------------------------------------------
full='552 5.2.2 mailbox full'
cat >>bounced.conf <<END
[policy]
mailbox_full = 1, for 7d
END
dsn failed 5.2.2 full@example.org "$full" >full.eml
expect 0 ingest full.eml
expect 1 check full@example.org
expect 0 delivered full@example.org nobody@example.org
says '2 addresses, of 1 of which'
expect 1 check full@example.org
echo 'success-lifts = yes' >>bounced.conf
printf 'full@example.org\none@example.org\n' >list
expect 0 delivered --file list --who shop --json
json 'rows == [{"addresses": 2, "recorded": 1}]'
expect 0 check full@example.org
expect 0 audit --recipient full@example.org
says 'remove.*mail went through'
expect 0 events --recipient full@example.org --json
json 'rows[-1]["effect"] == "cleared" and rows[-1]["proof"] == "said by shop" and rows[-1]["source"] == "cli"'
expect 0 check-store
expect 64 delivered
complains 'expected addresses'
expect 65 delivered nobody
expect 64 delivered --stream nosuch one@example.org
complains "names the stream 'nosuch'"
expect 0 delivered --stream newsletter one@example.org
says '^1 address, of 0 of which'
expect 0 explain full@example.org
says '^  evidence    authenticated: said by '

# --- policy backtest -------------------------------------------------------------------------------------------------
expect 0 policy backtest --since 1d
[ ! -s out ] || fail "policy backtest: the list is as it would be"
complains '[0-9]* events of 5 addresses judged'
sed 's/^\[policy\]/&\nuser_unknown = never/; s/^mailbox_full.*/mailbox_full = 1/; s/^success-lifts.*//' bounced.conf >other.conf
"$BUILD/bouncectl" --config other.conf policy backtest --since 1d >out 2>err || fail "policy backtest"
says '^surplus	user_unknown	1	gone@example.org$'
says '^missing	mailbox_full	1	full@example.org$'
[ "$(wc -l <out)" -eq 2 ] || fail "policy backtest: more than these"
"$BUILD/bouncectl" --config other.conf --json policy backtest --since 1d --all >out 2>err || fail "policy backtest --all"
json '{"recipient": "full@example.org", "difference": "missing", "reason": "mailbox_full", "scope": "all",
    "until": "for good", "policy": "1"} in rows and len(rows) == 2'
expect 64 policy backtest
complains 'expected --since TIME'
expect 1 check gone@example.org

finish
