#!/bin/sh
# bouncectl policy try: what would come of events, and when; and what is wrong with a file of them.
. "$(dirname "$0")/support/bouncectl.sh"

sed -i "s/unproven = suppress/unproven = count/" bounced.conf
cat >>bounced.conf <<END
[policy]
mailbox_full = 2 in 30d on 2 days, for 7d, then for good
success-lifts = yes
END
event() { # day, kind, reason, more members
    printf '{"occurred": "2026-03-%sT12:00:00Z", "recipient": "Ann@Example.org", "kind": "%s", "reason": "%s"%s}\n' "$@"
}
{
    event 01 bounce mailbox_full
    event 02 bounce mailbox_full
    event 20 bounce mailbox_full ', "evidence": "unproven"'
    event 21 bounce mailbox_full
    event 22 bounce user_unknown ', "status": "4.1.1"'
} >events.jsonl

expect 0 policy try events.jsonl
says '^2026-03-01T12:00:00Z	1	Ann@example.org	mailbox_full	counted			counted: 1 of 2 in 30d on 2 days, too few yet$'
says '^2026-03-02T12:00:00Z	2	Ann@example.org	mailbox_full	suppressed'
says '^2026-03-02T12:00:00Z		Ann@example.org	mailbox_full	add	all	2026-03-09T12:00:00Z	comes on the list$'
says '^2026-03-09T12:00:00Z		Ann@example.org	mailbox_full	expire	all		comes off the list: its time is over$'
says '^2026-03-20T12:00:00Z	3	Ann@example.org	mailbox_full	unproven'
says '^2026-03-21T12:00:00Z		Ann@example.org	mailbox_full	add	all	for good	comes on the list$'
says '^2026-03-22T12:00:00Z	5	Ann@example.org	user_unknown	counted			counted: 1 of 5 in 30d'
[ ! -e bounced.db ] || fail "policy try made a database"

# from standard input, as JSON, of a stream with another policy
"$BUILD/bouncectl" --config bounced.conf --json policy try - <events.jsonl >out 2>err || fail "policy try -"
json 'rows[0]["line"] == 1 and rows[0]["outcome"] == "counted"'
json 'rows[2]["outcome"] == "add" and rows[2]["scope"] == "all" and rows[2]["until"] == "2026-03-09T12:00:00Z"'
event 01 bounce user_unknown >one.jsonl
expect 0 policy try one.jsonl --stream newsletter
says '	add	all	for good	'

# a success ends it
{ event 01 bounce mailbox_full; event 02 bounce mailbox_full; event 03 delivered delivered; } >lifted.jsonl
expect 0 policy try lifted.jsonl
says '^2026-03-03T12:00:00Z		Ann@example.org	mailbox_full	remove	all		mail went through$'

# our own events read back
ingest_mail
expect 0 events --json
cp out stored.jsonl
expect 0 policy try stored.jsonl
[ "$(cut -f2 out | grep -c .)" -eq "$(wc -l <stored.jsonl)" ] || fail "not every event has its line"

# an error names the line
bad() { # what the error says, a line
    { event 01 bounce mailbox_full; printf '\n%s\n' "$2"; } >bad.jsonl
    expect 65 policy try bad.jsonl
    complains "^bouncectl: bad.jsonl:3: $1"
}
bad 'it is no JSON object' 'no JSON'
bad 'it is no JSON object' '[1]'
bad '"kind": expected other, bounce, ' '{"recipient": "ann@example.org"}'
bad '"kind": expected other, bounce, ' '{"kind": "bonce"}'
bad '"reason": expected the reason why it bounced' '{"kind": "bounce", "recipient": "a@example.org"}'
bad '"occurred": expected a time' '{"kind": "delivered", "recipient": "a@example.org"}'
bad '"occurred": expected a time' '{"kind": "delivered", "recipient": "a@example.org", "occurred": "yesterday"}'
bad '"reply": expected a whole number' '{"kind": "delivered", "reply": "550"}'
bad '"recipient": expected a mail address' '{"kind": "delivered", "recipient": "a", "occurred": "2026-03-02T00:00:00Z"}'
bad 'it is from before the line above' "$(event 01 bounce mailbox_full | sed 's/2026/2025/')"
expect 66 policy try missing.jsonl
expect 64 policy try
complains 'policy: expected show, try FILE or backtest'
expect 0 policy show --json
json '{row["reason"]: row["scope"] for row in rows}["feedback"] == "tenant"'
json '{row["reason"]: row["scope"] for row in rows}["unsubscribe"] == "stream"'
json '{row["reason"]: row["scope"] for row in rows}["user_unknown"] == "all"'
json '{row["reason"]: row["scope"] for row in rows}["blocked"] == ""'

finish
