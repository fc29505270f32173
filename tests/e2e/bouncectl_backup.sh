#!/bin/sh
# bouncectl backup, restore and check-store, beside a daemon and without one.
. "$(dirname "$0")/support/bouncectl.sh"

ingest_mail
expect 0 check-store
says 'bounced.db is whole, and the list is what its log gives$'

# --- a backup, also while the daemon writes ------------------------------------------------------------------------
printf '[listen local]\nprotocol = lmtp\naddress = unix:%s/lmtp\n' "$dir" >>bounced.conf
"$BUILD/bounced" --config bounced.conf 2>log &
daemon=$!
trap 'kill $daemon 2>/dev/null; rm -rf "$dir"' EXIT
while [ ! -S lmtp ] && kill -0 $daemon; do sleep 0.05; done
expect 0 add before@example.org
expect 0 backup copy.db
says '^copy.db is a backup of .*/bounced.db$'
expect 73 backup copy.db
complains 'copy.db is there already; --replace puts'
expect 0 add later@example.org
expect 0 backup copy.db --replace
expect 0 add lost@example.org
[ "$(ls copy.db*)" = copy.db ] || fail "the backup is one file: $(ls copy.db*)"
[ "$(stat -c %a copy.db)" = 640 ] || fail "the backup's mode: $(stat -c %a copy.db)"
expect 73 backup /nowhere/copy.db
for file in bounced.db ./bounced.db bounced.db-wal; do
    expect 73 backup --replace $file
    complains 'is of the database that it would be a backup of'
done

# --- the way back --------------------------------------------------------------------------------------------------
expect 69 restore --replace copy.db
complains 'another bounced holds this database'
kill $daemon
wait $daemon
expect 73 restore copy.db
complains 'bounced.db is there already; --replace puts'
expect 66 restore --replace none.db
expect 65 restore --replace bounced.conf
: >empty.db
expect 65 restore --replace empty.db
complains 'empty.db: holds nothing'
expect 65 restore --replace /dev/zero
complains '/dev/zero is no file'
expect 1 check lost@example.org
expect 0 restore --replace copy.db
says '/bounced.db has what copy.db has$'
says '/bounced.db.before has what was there before$'
expect 1 check later@example.org
expect 0 check lost@example.org
expect 0 check-store
printf '[store]\npath = %s/bounced.db.before\n' "$dir" >before.conf
"$BUILD/bouncectl" --config before.conf check --quiet lost@example.org
[ $? -eq 1 ] || fail "what was there before is kept"

# --- what is wrong with a database -----------------------------------------------------------------------------------
sqlite3 bounced.db "DELETE FROM suppressions WHERE subject = 'later@example.org'"
expect 65 check-store
says '^the list has no entry for later@example.org, and by its log it has one$'
expect 65 check-store --json
json 'len(rows) == 1 and "later@example.org" in rows[0]["fault"]'
# a backup that is so is put back, and told
mv bounced.db wrong.db
expect 65 restore wrong.db
complains 'the list has no entry for later@example.org'

finish
