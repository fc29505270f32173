#!/bin/sh
# bouncectl export and report.
. "$(dirname "$0")/support/bouncectl.sh"

ingest_mail

# --- export, report ------------------------------------------------------------------------------------------------
expect 0 export
python3 -c 'import csv
rows = list(csv.DictReader(open("out", newline="")))
assert [row["recipient"] for row in rows] == ["one@example.org", "three@example.net", "two@example.org"], rows' ||
    fail "export --format csv"
expect 0 export --format json
json '[row["recipient"] for row in rows] == ["one@example.org", "three@example.net", "two@example.org"]'
expect 0 export --json
json 'len(rows) == 3'
expect 64 export --json --format csv
printf 'old' >list.txt
expect 0 export --format text --output list.txt --domain example.org
[ "$(cat list.txt)" = "$(printf 'one@example.org\ntwo@example.org')" ] || fail "export --output"
# standard output by any name, and what is no file
for name in - /dev/stdout /proc/self/fd/1; do
    "$BUILD/bouncectl" --config bounced.conf export -ftext -o "$name" 2>err | cat >piped
    [ "$(wc -l <piped)" -eq 3 ] || fail "export -o $name in a pipe"
    expect 0 export -ftext -n1 -o "$name"
    [ "$(cat out)" = one@example.org ] || fail "export -o $name to a file"
    [ -e ./- ] && fail "export -o $name makes a file of that name"
done
expect 74 export -o /tmp
complains '^bouncectl: cannot write /tmp: Is a directory$'
mkfifo fifo
cat fifo >read &
expect 0 export -ftext -o fifo
wait
[ "$(wc -l <read)" -eq 3 ] && [ -p fifo ] || fail "export to a FIFO"
[ -s out ] && fail "export --output prints"
expect 66 export --output nowhere/list.txt
expect 0 report --date today
says 'user_unknown'
expect 0 report --date today --format csv
python3 -c 'import csv, sys
rows = list(csv.reader(open("out", newline="")))
assert len(rows) > 1 and len({len(row) for row in rows}) == 1, rows' || fail "report --format csv"
expect 0 report --date today --format json
python3 -c 'import json; [json.loads(line) for line in open("out")]' || fail "report --format json"
expect 0 report
expect 64 report --format xml
expect 0 report --date 1970-01-01
says '1970-01-01'
for day in 1969-12-31 0001-01-01; do
    expect 64 report --date $day
    complains "'$day' is before 1970"
done

# --- a reader that stands still ------------------------------------------------------------------------------------
# The write-ahead log can be used again while a pipe is full: an export holds no snapshot over its pages.
python3 - "$BUILD/bouncectl" <<'END' || fail "an export in a pipe that stands still keeps the write-ahead log"
import sqlite3, subprocess, sys
command = [sys.argv[1], "--config", "bounced.conf"]
many = ["u%d@example.org" % i for i in range(4000)]
subprocess.run([*command, "add", "--note", "n" * 40, *many], stdout=subprocess.DEVNULL, check=True)
export = subprocess.Popen([*command, "export"], stdout=subprocess.PIPE)
export.stdout.read1(100)
subprocess.run([*command, "add", "v@example.org"], stdout=subprocess.DEVNULL, check=True)
database = sqlite3.connect("bounced.db", timeout=1)
busy = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
rows = export.stdout.read().count(b"\n")
assert export.wait() == 0 and busy == 0 and rows >= 4000, (busy, rows)
END

# --- a text has a subject once, whatever entries apply -------------------------------------------------------------------
expect 0 add twice@example.org
expect 0 add twice@example.org --tenant shop
expect 0 export --tenant shop --format text
[ "$(grep -c '^twice@example.org$' out)" = 1 ] || fail "a text has a subject twice"
expect 0 export --tenant shop --json
json 'len([row for row in rows if row["recipient"] == "twice@example.org"]) == 2'
expect 64 list --receiver nobody-knows
complains "receiver: 'nobody-knows' is neither a provider that bounced knows nor a domain"
expect 0 list --receiver google
expect 0 list --receiver example.org

finish
