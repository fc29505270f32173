#!/bin/sh
# bouncectl ingest, list, check, explain, message and events.
. "$(dirname "$0")/support/bouncectl.sh"

# --- ingest --------------------------------------------------------------------------------------------------------
expect 0 ingest mail
says '^messages: stored 5, duplicate 0, failed 0, unreadable 0$'
says '^events: .*bounce 3'
expect 0 ingest mail --json
json 'rows == [{"stored": 0, "duplicate": 5, "failed": 0, "unreadable": 0, "events": {}, "would_suppress": 0}]'
expect 66 ingest missing.eml
says 'unreadable 1'
# by default what proves nothing is counted; the run tells what the other would have done, and does it when it is said
sed -e '/^unproven/d' -e 's/bounced.db/count.db/' bounced.conf >count.conf
expect 0 ingest --config count.conf mail
says '^unproven: --unproven suppress would have suppressed 3 addresses$'
expect 0 list --config count.conf
[ -s out ] && fail "unproven mail suppresses by default"
expect 0 explain --config count.conf one@example.org
says '^  effect      not counted: nothing proves that it is about our mail'
says '^  evidence    unproven: anybody can have written it; it lacks your signed return path, or a mail server of yours'
sed -e '/^unproven/d' -e 's/bounced.db/vouched.db/' bounced.conf >vouched.conf
expect 0 ingest --config vouched.conf --unproven suppress mail
says_not '^unproven'
expect 0 list --config vouched.conf
[ "$(wc -l <out)" -eq 3 ] || fail "--unproven suppress does not suppress three addresses"
expect 0 ingest --unproven count --json mail/1.eml
json 'rows[0]["would_suppress"] == 0'
expect 64 ingest --unproven sent mail

# --- list, check, explain ------------------------------------------------------------------------------------------
expect 0 list
says '^one@example.org\tuser_unknown\t[0-9-]*T[0-9:]*Z\t\t'
[ "$(wc -l <out)" -eq 3 ] || fail "list does not have three lines"
cut -f1 out | sort -c || fail "list is not sorted"
expect 0 list --domain EXAMPLE.org
[ "$(wc -l <out)" -eq 2 ] || fail "list --domain does not have two lines"
expect 65 list --domain 'ex ample'
complains '^bouncectl: "ex ample" is not a domain$'
expect 0 list --limit 1
[ "$(wc -l <out)" -eq 1 ] || fail "list --limit does not have one line"
expect 64 list --reason user_unknwn
complains "did you mean 'user_unknown'"
expect 0 list --help
says '^  -r, --reason REASON .*; see REASONS in bouncectl\(1\)$'
expect 0 list --since now --reason mailbox_full
[ -s out ] && fail "list --reason shows other reasons"
expect 0 list --json
json 'len(rows) == 3 and rows[0]["recipient"] == "one@example.org" and rows[0]["reason"] == "user_unknown"'
expect 1 check one@example.org
says '^one@example.org: suppressed since .*, for good: user_unknown$'
expect 1 check --quiet one@EXAMPLE.ORG
[ -s out ] && fail "check --quiet prints"
expect 0 check four@example.org
says '^four@example.org: not suppressed$'
expect 1 check four@example.org one@example.org --json
json '[row["suppressed"] for row in rows] == [False, True] and rows[1]["suppression"]["reason"] == "user_unknown"'
expect 65 check one@example.org not-an-address
[ -s out ] && fail "check prints before it has seen all addresses"
expect 64 check
expect 0 explain one@example.org
says '^one@example.org is suppressed for all mail since .*, for good[.]$'
says '^  why         There is no such mailbox: .* [(]user_unknown[)]$'
says '^  fault       The mailbox.s: '
says '^  mail        "November", from news@example.com, Message-ID <news.one@example.org>$'
says '^  next        It stays on the list until somebody takes it off[.]$'
says '^  undo        bouncectl remove one@example.org --note WHY$'
says '^  evidence    unproven: nothing proves that it is about your mail, and the config says to believe it$'
says '^  diagnostic  550 5.1.1'
says '^  rule '
says '^  message     [0-9a-f]{64}$'
says '^  said by     mx1.example.org$'
says '^  reported by mx.example.net$'
expect 0 explain one@example.org --json
json 'rows[0]["suppressed"] and len(rows[0]["events"]) == 1 and rows[0]["changes"][0]["change"] == "add"'
digest=$(sed 's/.*"digest": *"\([0-9a-f]*\)".*/\1/' out)
expect 0 explain nobody@example.org
says '^nobody@example.org is not suppressed: nothing is known of it[.]$'
says '^nothing$'

# why an event did not suppress
dsn failed 5.2.2 full@example.org '552 5.2.2 Mailbox full' >full.eml
dsn failed 5.7.1 ours@example.org '554 5.7.1 Message rejected as spam by content scanner' >spam.eml
expect 0 ingest full.eml spam.eml
expect 0 explain full@example.org
says '^  effect      counted: 1 of 5 in 30d, too few yet$'
says '^  next        4 more failures for mailbox_full on other days before 20.* put it on the list for 90d[.] So far it is 1 of 5 in 30d: 20'
expect 0 explain full@example.org --json
json 'rows[0]["events"][0]["effect"] == "counted" and rows[0]["events"][0]["failures"] == 1'
json '[(one["scope"], one["reason"], one["failures"], one["of"]) for one in rows[0]["counting"]] == [("all", "mailbox_full", 1, 5)]'
expect 0 explain ours@example.org
says '^  effect      never suppresses: the message was at fault, not the address$'
expect 0 explain four@example.org
says '^  effect      none: a delay'

# --- message, events -----------------------------------------------------------------------------------------------
expect 0 message "$digest"
cmp -s out mail/1.eml || fail "message does not print what was read"
expect 0 message "$(echo "$digest" | cut -c1-8 | tr a-f A-F)"
cmp -s out mail/1.eml || fail "message does not find it by the first digits"
expect 64 message 1234567
complains '"1234567" is no digest: expected 8 to 64 hex digits'
expect 64 message 1234567x
expect 64 message "${digest}0"
expect 66 message "$(printf '%064d' 0)"
expect 0 events
[ "$(wc -l <out)" -eq 7 ] || fail "events does not have seven lines"
tail -n 2 out >newest
expect 0 events --limit 2
cmp -s out newest || fail "events --limit does not print the newest"
expect 0 events --kind other
says '^[0-9-]*T[0-9:]*Z\tother\t'
[ "$(wc -l <out)" -eq 1 ] || fail "events --kind other does not have one line"
expect 0 events --recipient one@example.org --json
json 'len(rows) == 1 and rows[0]["effect"] == "suppressed"'
expect 0 events --until 2026-01-01
[ -s out ] && fail "events --until shows later ones"

# of many reports the newest
for n in $(seq 51); do
    dsn failed 5.2.2 often@example.org "452 4.2.2 Mailbox full $n" >"often$n.eml"
done
expect 0 ingest often*.eml
expect 0 explain often@example.org
says '51 reports; the newest 50, --all tells the others'
[ "$(grep -c '^  effect ' out)" -eq 50 ] || fail "explain tells more or less than the newest 50"
expect 0 explain often@example.org --json
json 'len(rows[0]["events"]) == 50 and rows[0]["event_count"] == 51'
expect 0 explain --all often@example.org --json
json 'len(rows[0]["events"]) == 51'

finish
