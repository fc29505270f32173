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
complains "there is no batch 'nothing'"
expect 0 rollback "$batch"
says '^goes\tgone@example.org\tuser_unknown\t$'
says_not 'hand@'
complains '^bouncectl: 1 entry of the list would change'
expect 1 check gone@example.org
expect 64 rollback "$batch" --apply
expect 0 rollback "$batch" --apply --note 'the wrong folder' --who ann
expect 0 check gone@example.org
expect 1 check hand@example.org
expect 0 audit --recipient gone@example.org
says "\tremove\tgone@example.org\tuser_unknown\t\tann\trollback of $batch: the wrong folder\t"
expect 0 explain gone@example.org
says '^  judged      .* by ann; before: believed$'
expect 0 rollback "$batch" --json
[ -s out ] && fail "a second rollback finds something"
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

# --- no mail ---------------------------------------------------------------------------------------------------------
printf '\211PNG\r\n\032\n\000\000\000\rIHDR' >picture.png
expect 65 ingest picture.png before
complains '^bouncectl: picture.png is left out: it is no mail$'
says 'unreadable 1$'

finish
