#!/bin/sh
# bouncectl reclassify and unclassified.
. "$(dirname "$0")/support/bouncectl.sh"

dsn failed 5.2.2 full@example.org '552 5.2.2 Mailbox full' >full.eml

# --- reclassify ----------------------------------------------------------------------------------------------------
mkdir rules.d
printf '[store]\npath = %s/again.db\n[classifier]\nrules = %s/rules.d\n[return-path news]\ndomain = bounces.example.com\nscheme = verp\nunproven = suppress\n[ingest]\nunproven = suppress\n' \
    "$dir" "$dir" >again.conf
dsn failed 5.3.9 odd@example.org '553 5.3.9 zorbled by the frobnicator' >odd.eml
expect 0 ingest --config again.conf mail full.eml odd.eml
expect 0 reclassify --config again.conf
says '^6 events judged'
expect 64 reclassify --config again.conf --since today --apply --dry-run
expect 0 reclassify --config again.conf --since today
says '^6 events judged, 0 changed; suppressions: 0 appear, 0 go, 0 change; nothing was changed'
cat >rules.d/mine.rules <<END
rule mine-odd
    reason  user_unknown
    match   zorbled by the frobnicator
    example 553 5.3.9 zorbled by the frobnicator
rule mine-two
    reason  spam_detected
    match   <@example.org>: user unknown
    example 550 5.1.1 <two@example.org>: User unknown
END
expect 0 reclassify --config again.conf --since today --dry-run
says '^user_unknown hard\tspam_detected soft\t2\tmine-two\t550 5.1.1 <(one|two)@example.org>'
says '^[a-z_]* soft\tuser_unknown hard\t1\tmine-odd\t'
says '^odd@example.org\tappears\t\tuser_unknown\tmine-odd$'
says '^one@example.org\tgoes\tuser_unknown\t\tmine-two$'
says '^6 events judged, 3 changed; suppressions: 1 appear, 2 go, 0 change; nothing was changed'
expect 0 check --config again.conf odd@example.org
expect 0 reclassify --config again.conf --since today --json
json 'rows[-1] == {"judged": 6, "changed": 3, "appears": 1, "goes": 2, "changes": 0, "applied": False}'
json '{row["recipient"]: row["suppression"] for row in rows if "recipient" in row} == {
    "odd@example.org": "appears", "one@example.org": "goes", "two@example.org": "goes"}'
expect 0 reclassify --config again.conf --since today --apply --who carol
says '; applied$'
expect 1 check --config again.conf odd@example.org
expect 0 check --config again.conf one@example.org two@example.org
expect 0 explain --config again.conf two@example.org
says '^[0-9: -]* remove: user_unknown, by carol; it was for good$'
says '^  note        reclassify: mine-two$'
says '^  judged      .* by carol; before: user_unknown hard, rule '
says '^  effect      never suppresses: the message was at fault'
expect 0 report --config again.conf --date today
says 'spam_detected'
expect 0 reclassify --config again.conf --since today --apply
says '^6 events judged, 0 changed'
# an operator's entry that a report made longer is as it was
dsn failed 5.1.1 month@example.org '550 5.1.1 quibbled: user unknown' >month.eml
expect 0 add --config again.conf month@example.org --for 30d --note 'a month'
expect 0 export --config again.conf --format json --domain example.org
cp out list.before
expect 0 ingest --config again.conf month.eml
expect 0 explain --config again.conf month@example.org
says 'for good'
printf 'rule mine-three\n    reason  spam_detected\n    match   quibbled\n    example 550 5.1.1 quibbled: user unknown\n' \
    >>rules.d/mine.rules
expect 0 reclassify --config again.conf --since today --apply
says '^month@example.org\tchanges\tuser_unknown\t'
expect 0 export --config again.conf --format json --domain example.org
cmp -s out list.before || fail "the operator's entry is another one: $(diff out list.before)"
# what testdata/ holds is judged again as it was at first
printf '[store]\npath = %s/testdata.db\n' "$dir" >testdata.conf
# one of them is no mail
expect 65 ingest --config testdata.conf "$SOURCE/testdata"
expect 0 reclassify --config testdata.conf --since today
says '^[0-9]{2,} events judged, 0 changed'

# --- unclassified --------------------------------------------------------------------------------------------------
for n in 1 2 3; do
    dsn failed 5.0.0 u$n@example.org "554 5.0.0 <u$n@example.org>: grizzled by mx$n.example.org, number 10$n" >u$n.eml
done
dsn failed 5.0.0 v@example.org '554 5.0.0 snarkled' >v.eml
expect 0 ingest --config again.conf v.eml u1.eml u2.eml u3.eml
expect 0 unclassified --config again.conf
says '^    match   grizzled by$'
expect 0 unclassified --config again.conf --since today --json
json '[row["events"] for row in rows] == [3, 1]'
json 'rows[0]["text"] == "554 5.0.0 <address> grizzled by <host> number <number>"'
json 'rows[0]["example"].startswith("554 5.0.0 <user@example.org>: grizzled by mx")'
expect 0 unclassified --config again.conf --since today
says '^    match   grizzled by$'
cp out drafts.rules
expect 0 rules check drafts.rules
expect 0 unclassified --config again.conf --since today --limit 1
says '^# and 1 events with other texts'

finish
