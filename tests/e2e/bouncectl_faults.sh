#!/bin/sh
# Messages of bouncectl about a database that is broken, locked, another program's, or closed to it.
. "$(dirname "$0")/support/bouncectl.sh"

ingest_mail

# --- a database that root makes before the daemon's first start is for the daemon's user ------------------------------
if [ "$(id -u)" -eq 0 ]; then
    chmod 755 "$dir"
    mkdir state
    chown nobody:daemon state
    printf '[store]\npath = %s/state/bounced.db\n[listen lmtp]\nprotocol = lmtp\naddress = unix:%s/lmtp\n' "$dir" "$dir" \
        >state.conf
    expect 0 add a@example.org --config state.conf
    timeout 60 "$BUILD/bounced" --config state.conf >out 2>err </dev/null &
    until [ -s state/bounced.db.lock ] || ! kill -0 $! 2>/dev/null; do sleep 0.1; done
    for file in state/bounced.db*; do
        [ "$(stat -c %U:%G "$file")" = nobody:daemon ] || fail "$file is $(stat -c %U:%G "$file")'s"
    done
    kill $!
    wait $!
fi

# --- faults --------------------------------------------------------------------------------------------------------
"$BUILD/bouncectl" --config bounced.conf list | true || fail "a reader that goes away"
printf 'this is no database, and long enough to be seen as none\n%01000d' 0 >broken.db
printf '[store]\npath = %s/broken.db\n' "$dir" >broken.conf
expect 65 list --config broken.conf
printf '[store]\npath = %s/locked.db\nbusy-timeout = 1s\n' "$dir" >locked.conf
expect 0 add a@example.org --config locked.conf
python3 -c 'import sqlite3, subprocess, sys
lock = sqlite3.connect("locked.db", isolation_level=None)
lock.execute("begin immediate")
done = subprocess.run([sys.argv[1], "--config", "locked.conf", "add", "b@example.org"], capture_output=True, text=True)
sys.exit(not (done.returncode == 75 and done.stderr.startswith("bouncectl: ")))' "$BUILD/bouncectl" ||
    fail "a locked database"
python3 -c 'import sqlite3
db = sqlite3.connect("locked.db")
db.execute("pragma user_version = 999")'
expect 69 list --config locked.conf
printf '[store]\npath = %s\n' "$dir/mail" >directory.conf
for subcommand in list 'add a@example.org'; do
    # shellcheck disable=SC2086
    expect 74 $subcommand --config directory.conf
    complains "^bouncectl: cannot open the database $dir/mail: Is a directory$"
done
python3 -c 'import sqlite3
sqlite3.connect("other.db").execute("create table t (c)").connection.commit()'
printf '[store]\npath = %s/other.db\n' "$dir" >other.conf
for subcommand in list 'add a@example.org'; do
    # shellcheck disable=SC2086
    expect 65 $subcommand --config other.conf
    complains 'is the database of another program$'
done
printf '[return-path a]\ndomain = b.example.com\n' >>other.conf
"$BUILD/bounced" --config other.conf >out 2>err </dev/null
[ $? -eq 65 ] || fail "bounced on the database of another program"

# --- both programs end with the same status --------------------------------------------------------------------------
# agree STATUS CONFIG
agree() {
    expect "$1" add a@example.org --config "$2"
    timeout 60 "$BUILD/bounced" --config "$2" >out 2>err </dev/null
    got=$?
    [ $got -eq "$1" ] || fail "bounced with $2: exit status $got, expected $1"
}
listen="[listen lmtp]
protocol = lmtp
address = unix:$dir/agree"
printf '[store]\npath = %s/nowhere/bounced.db\n%s\n' "$dir" "$listen" >nowhere.conf
printf '[store]\npath = %s/mail\n%s\n' "$dir" "$listen" >directory.conf
printf '[store]\npath = %s/locked.db\n%s\n' "$dir" "$listen" >newer.conf
printf '[store]\npath = %s/other.db\n%s\n' "$dir" "$listen" >other.conf
printf '[server]\nqueue = none\n' >bad.conf
agree 78 missing.conf
agree 78 bad.conf
agree 73 nowhere.conf
agree 74 directory.conf
agree 69 newer.conf
agree 65 other.conf
printf '[classifier]\nrules = %s/nowhere\n' "$dir" >no_rules.conf
expect 78 classify '550 5.1.1 who' --config no_rules.conf
complains 'no_rules.conf:2: .classifier. rules = '
expect 78 reload --config no_rules.conf
"$BUILD/bounced" --config no_rules.conf --check-config 2>err
[ $? -eq 78 ] || fail "bounced without its rules"

# as somebody who may not: root drops what it may
as_nobody() {
    if [ "$(id -u)" -eq 0 ]; then setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; else "$@"; fi
}
mkdir closed && cp bounced.db closed/ && chmod 0 closed/bounced.db && chmod 711 "$dir" && chmod 755 closed
printf '[store]\npath = %s/closed/bounced.db\n' "$dir" >closed.conf
[ "$(id -u)" -eq 0 ] || chmod 555 closed
if as_nobody test -x "$BUILD/bouncectl"; then
    for subcommand in list 'add a@example.org'; do
        # shellcheck disable=SC2086
        as_nobody "$BUILD/bouncectl" --config closed.conf $subcommand >out 2>err </dev/null
        [ $? -eq 77 ] || fail "$subcommand without permission"
        complains 'Permission denied; run this as root or as the user bounced$'
    done
    # a key that only root may read is for those commands that need it
    mkdir keyed && echo 0123456789abcdef0123456789abcdef >keyed/keys && chmod 600 keyed/keys
    printf '[store]\npath = %s/keyed/bounced.db\n[return-path a]\ndomain = b.example.com\nscheme = signed\n' \
        "$dir" >keyed.conf
    printf 'key-file = %s/keyed/keys\n' "$dir" >>keyed.conf
    expect 0 add a@example.org --config keyed.conf
    if [ "$(id -u)" -eq 0 ]; then chown -R nobody keyed && chown root keyed/keys; else chmod 0 keyed/keys; fi
    chmod -R o+rX mail
    for subcommand in list 'check b@example.org' 'explain a@example.org' 'add b@example.org' \
        "classify 550-5.1.1" "inspect $dir/mail"; do
        # shellcheck disable=SC2086
        as_nobody "$BUILD/bouncectl" --config keyed.conf $subcommand >out 2>err </dev/null
        [ $? -eq 0 ] || fail "$subcommand with a key that may not be read"
    done
    complains '^bouncectl: inspect: signed return paths are taken for unproven: keyed.conf:.*/keys: Permission denied'
    for subcommand in 'return-path a@example.org' "ingest $dir/mail"; do
        # shellcheck disable=SC2086
        as_nobody "$BUILD/bouncectl" --config keyed.conf $subcommand >out 2>err </dev/null
        [ $? -eq 78 ] || fail "$subcommand with a key that may not be read"
    done
    # a user who may not open the system's database gets none of his own
    : >empty.conf
    HOME=$dir/home as_nobody "$BUILD/bouncectl" --config empty.conf add a@example.org >out 2>err </dev/null
    [ $? -eq 77 ] || fail "add without permission, and without a path"
    complains '/var/lib/bounced.*: Permission denied'
    [ ! -e home ] || fail "a database in the home"
else
    echo "not run: exit status 77, since nobody may not run $BUILD/bouncectl"
fi
chmod 755 closed

finish
