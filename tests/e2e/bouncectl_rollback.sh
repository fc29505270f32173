#!/bin/sh
# bouncectl ingest --dry-run and rollback: a run of ingest that was a mistake.
. "$(dirname "$0")/support/bouncectl.sh"

mkdir before wrong
number=0
mail() { # FOLDER ACTION STATUS ADDRESS DIAGNOSTIC
    folder=$1
    shift
    number=$((number + 1))
    dsn "$@" >"$folder/$number.eml"
}
mail before failed 5.2.2 full@example.org '552 5.2.2 mailbox full'
mail wrong failed 5.1.1 gone@example.org '550 5.1.1 user unknown'
mail wrong failed 5.1.1 hand@example.org '550 5.1.1 user unknown'
mail wrong delivered 2.0.0 full@example.org '250 ok'
expect 0 ingest before
expect 0 add hand@example.org --note 'by hand'

# --- dry run: nothing changes ----------------------------------------------------------------------------------------
expect 0 audit --json
before=$(cat out)
expect 0 ingest --dry-run wrong
says '^messages: stored 3, duplicate 0'
says '^would add gone@example.org: user_unknown$'
says_not 'batch:'
expect 0 audit --json
[ "$(cat out)" = "$before" ] || fail "a dry run changes the list"
expect 0 check gone@example.org
expect 0 events --recipient gone@example.org
says_not gone
ls "${TMPDIR:-/tmp}"/bouncectl-??????/copy.db 2>/dev/null && fail "a dry run leaves its copy"

# One that is killed leaves none, either.
mkdir copies
mkfifo slow.eml
soon() { # COMMAND... holds within half a minute
    for _ in $(seq 300); do
        "$@" >/dev/null 2>&1 && return
        sleep 0.1
    done
    fail "not within half a minute: $*"
}
TMPDIR=$dir/copies "$BUILD/bouncectl" --config bounced.conf ingest --dry-run slow.eml >/dev/null 2>&1 &
killed=$!
soon sh -c 'test -e copies/*/copy.db'
kill -KILL "$killed"
soon rmdir copies
rm slow.eml

# --- the batch, and its end ------------------------------------------------------------------------------------------
expect 0 ingest wrong
batch=$(sed -n 's/^batch: //p' out)
[ -n "$batch" ] || fail "ingest names no batch"
expect 1 check gone@example.org
expect 66 rollback nothing
complains "no run of ingest has the batch 'nothing'"
expect 64 rollback
complains 'expected a BATCH, options that select reports, or --undo ID'
expect 0 rollback "$batch"
says '^user_unknown\t[a-z0-9-]*\t2$'
says '^goes\tgone@example.org\tuser_unknown\t$'
says_not 'hand@'
says '^events: 3 of 3 addresses$'
says '^entries: 1 go, 0 change, 0 appear; 2 addresses stay$'
complains '^bouncectl: nothing was changed; --apply --note TEXT does it$'
expect 1 check gone@example.org
expect 64 rollback "$batch" --apply
expect 0 export --format json
cp out list.before
expect 0 rollback "$batch" --apply --note 'the wrong folder' --who ann
undone=$(sed -n 's/^batch: //p' out)
[ -n "$undone" ] || fail "rollback names no batch"
expect 0 check gone@example.org
expect 1 check hand@example.org
expect 0 audit --recipient gone@example.org
says "\tremove\tgone@example.org\tuser_unknown\t\tann\trollback of $batch: the wrong folder\t"
expect 0 explain gone@example.org
says "^gone@example.org is not suppressed: ann took it off the list on 20[0-9: -]*\\.\$"
says '^  effect      not counted: an operator rolled it back$'
says "^  rolled back 20[0-9: -]* by ann, rollback of $batch: the wrong folder\$"
says "^  batch       $undone\$"
says "^  undo        bouncectl rollback --undo $undone --apply --note WHY, with all of that batch\$"
says_not ' judged '
expect 0 events --batch "$batch" --json
json 'len(rows) == 3 and {row["rolled_back"] for row in rows} == {"'"$undone"'"}'
json '{row["rollback_note"] for row in rows} == {"rollback of '"$batch"': the wrong folder"}'
json '{row["effect"] for row in rows} == {"rolled_back"}'
expect 0 rollback "$batch" --json
json 'rows == [{"events": 0, "addresses": 0, "goes": 0, "changes": 0, "appears": 0, "stays": 0, "spared": 0,
                "applied": False}]'
expect 0 check-store

# The success that the batch reported clears nothing any more.
python3 - <<END
import sqlite3
with sqlite3.connect("bounced.db") as db:
    event, removed = db.execute("SELECT event, removed FROM forgiven WHERE recipient = 'full@example.org'").fetchone()
    assert event == removed == 0, (event, removed)
END
[ $? -eq 0 ] || fail "the success of the batch still clears"

# A message that is read again is a duplicate, and nobody comes back by it.
expect 0 ingest wrong
says '^messages: stored 0, duplicate 3'
expect 0 check gone@example.org

# --- the rollback was a mistake itself ---------------------------------------------------------------------------------
expect 66 rollback --undo nothing
complains "there is no batch 'nothing'"
expect 66 rollback --undo "$batch"
complains "is a run of ingest: .bouncectl rollback $batch. undoes it"
expect 64 rollback --undo "$undone" --apply
expect 64 rollback --undo "$undone" --reason user_unknown
expect 0 rollback --undo "$undone"
says '^returns\tgone@example.org\tall\tuser_unknown$'
says '^entries: 1 return, 0 go, 0 change; 0 stay'
says '^events: 3 believed again$'
complains '^bouncectl: nothing was changed'
expect 0 check gone@example.org
expect 0 rollback --undo "$undone" --apply --note 'it was the right one' --who bob
again=$(sed -n 's/^batch: //p' out)
expect 1 check gone@example.org
expect 0 export --format json
cmp -s out list.before || fail "the list is another one: $(diff out list.before)"
expect 0 check-store
expect 0 rollback --undo "$undone" --json
json 'rows == [{"returns": 0, "goes": 0, "changes": 0, "stays": 0, "events": 0, "applied": False}]'
expect 65 rollback --undo "$again"
complains "'$again' undid another batch"
expect 0 audit --batch "$again"
says "\tadd\tgone@example.org\tuser_unknown\t\tbob\tundo of $undone: it was the right one\t"

# --- a filter ----------------------------------------------------------------------------------------------------------
mkdir wave
mail wave failed 5.1.1 false@example.org '550 5.1.1 The Wave'
expect 0 ingest wave
expect 1 check false@example.org
expect 0 rollback --diagnostic 'the wave' --json
json '[row for row in rows if "recipient" in row] == [{"recipient": "false@example.org", "effect": "goes",
      "from": "user_unknown", "to": ""}]'
expect 0 rollback --diagnostic 'the wave' --apply --note 'their fault'
wave=$(sed -n 's/^batch: //p' out)
expect 0 check false@example.org
expect 1 check gone@example.org

# An entry that something changed since stays, and is named.
expect 0 add false@example.org --note 'by hand'
expect 0 rollback --undo "$wave" --apply --note 'no'
says '^stays\tfalse@example.org\tall\t'
says '^entries: 0 return, 0 go, 0 change; 1 stay'
expect 0 audit --recipient false@example.org --door cli
expect 0 check-store

# --- work on several entries by hand -----------------------------------------------------------------------------------
expect 0 export --format json
cp out list.before
expect 0 add one@example.net --note 'alone'
grep -q batch err && fail "an add of one address has a batch"
expect 0 remove one@example.net --note 'alone'
printf '%s\n' one@example.net two@example.net gone@example.org >addresses
expect 0 add --file addresses --note 'a mistake'
added=$(sed -n 's/^bouncectl: batch \([^,]*\),.*/\1/p' err)
expect 0 export --format json
cp out list.between
expect 0 remove --domain example.net --note 'another'
removed=$(sed -n 's/^bouncectl: batch \([^,]*\),.*/\1/p' err)
expect 0 check two@example.net
expect 0 rollback --undo "$removed" --apply --note 'none'
expect 0 export --format json
cmp -s out list.between || fail "the removal is not undone: $(diff out list.between)"
expect 0 rollback --undo "$added" --apply --note 'none'
expect 0 export --format json
cmp -s out list.before || fail "the addition is not undone: $(diff out list.before)"
expect 0 check-store

# --- entries by hand and of imports that a report made longer ----------------------------------------------------------
mkdir longer
mail longer failed 5.1.1 month@example.net '550 5.1.1 user unknown'
mail longer failed 5.1.1 year@example.net '550 5.1.1 user unknown'
expect 0 add month@example.net --for 30d --note 'a month'
printf 'email,reason\nyear@example.net,complaint\n' >year.csv
expect 0 import year.csv --for 365d
expect 0 export --format json
cp out list.before
expect 0 ingest longer
batch=$(sed -n 's/^batch: //p' out)
expect 0 export --format json
cmp -s out list.before && fail "the reports make nothing longer"
expect 0 rollback "$batch"
says '^entries: 0 go, 2 change, 0 appear; 0 addresses stay$'
expect 0 rollback "$batch" --apply --note 'none'
expect 0 export --format json
cmp -s out list.before || fail "they are not as before: $(diff out list.before)"
expect 0 check-store

# --- no mail ---------------------------------------------------------------------------------------------------------
printf '\211PNG\r\n\032\n\000\000\000\rIHDR' >picture.png
expect 65 ingest picture.png before
complains '^bouncectl: picture.png is left out: it is no mail$'
says 'unreadable 1$'

finish
