#!/bin/sh
# bouncectl forget: nothing of an address is left, in no file, and the suppression holds on.
. "$(dirname "$0")/support/bouncectl.sh"

subject=victim.w@forget.example
# traces NAME: is the address in the database's files, in any form that is not compressed?
traces() {
    grep -aiE 'victim\.w(@|=|%40|\+40)forget\.example' bounced.db* >/dev/null
}

dsn failed 5.1.1 $subject '550 5.1.1 <victim.w@forget.example>: User unknown' >mail/victim.eml
dsn failed 5.1.1 other@forget.example '550 5.1.1 <other@forget.example>: was Victim.W@forget.example once' >mail/other.eml
letter $subject >mail/letter.eml
ingest_mail
expect 0 add $subject --note 'by hand' --replace
expect 0 add note@example.org --note "the colleague of $subject"
expect 0 add gone@forget.example
expect 0 add hand@example.org --who Victim.W@forget.example
traces || fail "the test finds no trace before"
expect 1 check $subject
raws=$(sqlite3 bounced.db 'SELECT count(*) FROM raws')

# --- a preview ------------------------------------------------------------------------------------------------------
expect 0 forget $subject
says '^victim.w@forget.example: 1 entry, 2 changes, 1 event, 3 raw messages, 1 row about others that names it, 2 notes or names in the log'
complains 'nothing was changed; --apply --note TEXT erases it'
expect 1 check $subject
expect 0 explain $subject
says 'User unknown'
expect 64 forget $subject --apply
complains 'expected --note TEXT'
expect 65 forget $subject --apply --note 'about victim.w@forget.example'
complains 'the note would keep the address'
expect 65 forget nobody

# --- done -------------------------------------------------------------------------------------------------------------
expect 0 forget $subject --apply --note 'request 114' --who ann
says '^victim.w@forget.example: 1 entry, 2 changes, 1 event, 3 raw messages, 1 row about others that names it, 2 notes or names in the log'
if traces; then fail "it is still in the files: $(grep -alE 'victim' bounced.db*)"; fi
[ "$(sqlite3 bounced.db 'SELECT count(*) FROM raws')" -eq $((raws - 3)) ] || fail "three raw messages go"
expect 0 check-store
expect 0 audit --json
json 'any(row["change"] == "forget" and row["note"] == "request 114" and row["who"] == "ann" for row in rows)'
json '"victim" not in json.dumps(rows).lower()'
for command in list export events; do
    expect 0 $command
    says_not '[vV]ictim'
done
# others have what is about them
expect 1 check other@forget.example
expect 1 check note@example.org gone@forget.example hand@example.org
expect 0 events --json
json 'any(row.get("recipient") == "other@forget.example" and "diagnostic" not in row for row in rows)'
json 'len([row for row in rows if row.get("recipient") == "one@example.org"]) == 1'

# --- the suppression holds on, and is lifted by who knows the address ------------------------------------------------
expect 1 check $subject
says 'suppressed since .*, for good'
expect 1 check VICTIM.W@Forget.Example
expect 0 forget $subject
says ': nothing is kept$'
expect 1 remove other2@forget.example --note 'nobody'
# the same report again is a duplicate still
expect 0 ingest mail/victim.eml
says 'stored 0, duplicate 1'
# a new report is stored as any other, and forgotten again
dsn failed 5.1.1 $subject '550 5.1.1 again' | sed 's/^Message-ID: .*/Message-ID: <again@mx.example.net>/' >again.eml
expect 0 ingest again.eml
says 'stored 1'
expect 0 forget $subject --apply --note 'request 115'
if traces; then fail "the second time it is still in the files"; fi
expect 1 check $subject
expect 0 remove $subject --note 'asked for it'
says 'removed$'
expect 0 check $subject
expect 1 remove $subject --note 'asked for it'
if traces; then fail "a removal leaves the address"; fi
expect 0 check-store
expect 0 audit --json
json 'rows[-1]["change"] == "remove" and "victim" not in json.dumps(rows[-1]).lower()'

# --- who reads by an old snapshot has it still, which is told --------------------------------------------------------
expect 0 add second@forget.example
python3 - "$BUILD" <<'END' || fail "a reader of an old snapshot is not told of"
import sqlite3, subprocess, sys
reader = sqlite3.connect("bounced.db", isolation_level=None)
reader.execute("BEGIN")
reader.execute("SELECT count(*) FROM suppressions").fetchone()
command = [sys.argv[1] + "/bouncectl", "--config", "bounced.conf", "forget", "second@forget.example", "--apply",
           "--note", "request 116"]
done = subprocess.run(command, capture_output=True, text=True)
assert done.returncode == 75, done
assert "give the command again" in done.stderr, done
reader.execute("ROLLBACK")
reader.close()
assert subprocess.run(command, capture_output=True).returncode == 0
END
grep -aE 'second@forget' bounced.db* >/dev/null && fail "the second address is still in the files"
expect 1 check second@forget.example

# --- an entry for a time ends when it was to -------------------------------------------------------------------------
expect 0 add third@forget.example --for 2s
expect 0 forget third@forget.example --apply --note 'request 117'
expect 1 check third@forget.example
sleep 2.1
expect 0 check third@forget.example

# --- an asker gets to know what applies to it alone, of a forgotten address as well ------------------------------------
printf '[return-path a]\ndomain = a.forget.example\nstream = a\n[return-path b]\ndomain = b.forget.example\nstream = b\n' >>bounced.conf
expect 0 add fourth@forget.example --stream a
expect 0 add fourth@forget.example --stream b
expect 0 export --stream a --format text
expect 0 forget fourth@forget.example --apply --note 'request 118'
expect 0 explain fourth@forget.example --stream a
says 'for the mail of the stream a alone'
says_not 'stream b'
expect 0 explain fourth@forget.example
says 'for the mail of the stream b alone'

finish
