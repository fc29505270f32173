#!/bin/sh
# bouncectl feeds, and export with a cursor.
. "$(dirname "$0")/support/bouncectl.sh"

ingest_mail

# --- export from a cursor ------------------------------------------------------------------------------------------
expect 0 export --output list.csv --cursor cursor
[ "$(wc -c <cursor)" -eq 29 ] || fail "a cursor is a line of 28 characters"
expect 0 add four@example.org
expect 0 remove --note typo one@example.org
expect 0 add --stream newsletter five@example.org
expect 0 export --since "$(cat cursor)" --cursor next
python3 -c 'import csv
rows = [(row["change"], row["recipient"], row["state"]) for row in csv.DictReader(open("out", newline=""))]
assert rows == [("add", "four@example.org", "active"), ("remove", "one@example.org", "")], rows' || fail "changes as CSV"
expect 0 export --since "$(cat cursor)" --json --stream newsletter
json '[row["recipient"] for row in rows] == ["four@example.org", "one@example.org", "five@example.org"]'
json 'not any("sequence" in row for row in rows)'
expect 0 export --since "$(cat cursor)" --all-scopes --json --output changes --domain example.org
[ "$(wc -l <changes)" -eq 3 ] || fail "changes to a file"
expect 0 export --since "$(cat next)" --json
[ -s out ] && fail "there is nothing after the last cursor"
for wrong in "--format text" "--limit 1" "--state held"; do
    # shellcheck disable=SC2086
    expect 64 export --since "$(cat cursor)" $wrong
done
expect 64 export --cursor other --limit 1
expect 64 export --since soon
expect 66 export --cursor nowhere/cursor
# a backup that is put back is another line of time
expect 0 backup backup.db
expect 0 restore --replace backup.db
expect 69 export --since "$(cat next)"
complains 'another database'

# The list of a moment, and what changed after it, are the list: whoever writes meanwhile.
python3 - "$BUILD/bouncectl" <<'END' || fail "a list and the changes after it are not the list"
import csv, subprocess, sys
command = [sys.argv[1], "--config", "bounced.conf"]
def start(*words):
    return subprocess.Popen([*command, *words], stdout=subprocess.DEVNULL)
def rows(path):
    return list(csv.DictReader(open(path, newline="")))
subprocess.run([*command, "add", *["u%d@example.org" % i for i in range(5000)]], stdout=subprocess.DEVNULL, check=True)
writers = [start("add", *["v%d@example.org" % i for i in range(4000)]),
           start("remove", "--note", "typo", *["u%d@example.org" % i for i in range(0, 5000, 2)])]
subprocess.run([*command, "export", "--output", "list.csv", "--cursor", "cursor"], check=True)
assert all(writer.wait() == 0 for writer in writers)
have = {row["recipient"] for row in rows("list.csv")}
while True:
    since = open("cursor").read().strip()
    subprocess.run([*command, "export", "--since", since, "--output", "changes.csv", "--cursor", "cursor"], check=True)
    for row in rows("changes.csv"):
        (have.add if row["state"] == "active" else have.discard)(row["recipient"])
    if since == open("cursor").read().strip():
        break
subprocess.run([*command, "export", "--output", "list.csv"], check=True)
assert have == {row["recipient"] for row in rows("list.csv")}
END

# --- feeds ---------------------------------------------------------------------------------------------------------
expect 0 feeds
[ -s out ] && fail "there are no feeds yet"
expect 66 feeds show crm
complains 'there is no feed "crm"'
expect 66 feeds pause crm
python3 -c 'import sqlite3
database = sqlite3.connect("bounced.db", isolation_level=None)
database.execute("INSERT INTO feeds VALUES (\"crm\", 1, 0, 0, 0, 0, 0, 1, 1795262400, 7, 1795262500, 0, 0, \"410 Gone\")")'
expect 0 feeds
says '^crm\tunused\t'
cp bounced.conf without.conf
printf '[feed crm]\ntype = exec\ncommand = /bin/cat\n' >>bounced.conf
expect 0 feeds
says '^crm\tdead\t[0-9]+\t[0-9]+\t20'
says '\t410 Gone$'
expect 0 feeds --json
json 'rows[0]["feed"] == "crm" and rows[0]["state"] == "dead" and rows[0]["attempts"] == 7 and len(rows[0]["cursor"]) == 28'
json 'rows[0]["changes"] > 0 and rows[0]["oldest"] > "20" and rows[0]["failing_since"] == "2026-11-21T12:00:00Z"'
expect 0 feeds pause crm
expect 0 feeds show crm
says '^crm\tpaused\t'
expect 0 feeds resume crm
expect 0 feeds show crm
says '^crm\tgood\t'
expect 0 feeds test crm
expect 0 feeds show crm --json
json 'rows[0]["test_pending"]'
expect 0 feeds replay crm --since now
expect 0 feeds show crm --json
json 'rows[0]["changes"] == 0 and rows[0]["events"] == 0 and "oldest" not in rows[0]'
cursor=$(python3 -c 'import json; print(json.load(open("out"))["cursor"])')
expect 0 feeds replay crm --since 1d
expect 0 feeds show crm --json
json 'rows[0]["changes"] > 0'
expect 0 feeds replay crm --since "$cursor"
expect 0 feeds show crm --json
json 'rows[0]["changes"] == 0'
expect 64 feeds replay crm --since 2100-01-01
complains 'that time is still to come'
later=$(python3 -c 'import base64, sys
octets = bytearray(base64.urlsafe_b64decode(sys.argv[1]))
octets[15] += 1
print(base64.urlsafe_b64encode(octets).decode())' "$cursor")
expect 65 feeds replay crm --since "$later"
complains 'that cursor is still to come'
expect 0 feeds show crm --json
json 'rows[0]["changes"] == 0'
expect 65 feeds drop crm
complains 'the config has \[feed crm\]'
cp without.conf bounced.conf
for wrong in "show" "drop" "drop crm --since 1d" "replay crm" "pause crm --since 1d" "stop crm"; do
    # shellcheck disable=SC2086
    expect 64 feeds $wrong
done
# replayed from a cursor of another database
expect 69 feeds replay crm --since "$(cat next)"
expect 0 feeds drop crm
complains 'the feed crm is forgotten'
expect 66 feeds drop crm
expect 0 feeds
[ -s out ] && fail "the feed was dropped"

finish
