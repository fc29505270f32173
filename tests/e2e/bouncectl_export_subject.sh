#!/bin/sh
# bouncectl export-subject: all that is kept about an address, and nothing of others but what its messages hold.
. "$(dirname "$0")/support/bouncectl.sh"

dsn failed 5.1.1 Ann@example.org '550 5.1.1 <Ann@example.org>: User unknown' >mail/ann.eml
letter ann@example.org >mail/letter.eml
ingest_mail
printf 'From: x@example.net\nSubject: \377\n\nann@example.org\n' >odd.eml
expect 0 ingest odd.eml
expect 0 add ann@example.org --note 'by hand' --replace

# one document
document() {
    python3 -c 'import json
d = json.load(open("out"))
raise SystemExit(not ('"$1"'))' || fail "document: $1"
}
expect 0 export-subject ann@example.org --json
document 'd["address"] == "ann@example.org" and "at" in d'
document '[row["note"] for row in d["entries"]] == ["by hand"]'
document '[row["change"] for row in d["changes"]] == ["add", "update"]'
document '[row["reason"] for row in d["events"]] == ["user_unknown"]'
document 'd["outbox"] == []'
document 'd["texts"] == []'
document 'len(d["messages"]) == 3 and sum("raw" in row for row in d["messages"]) == 2'
document 'any("Status: 5.1.1" in row.get("raw", "") for row in d["messages"])'
document '[__import__("base64").b64decode(row["raw_base64"]) for row in d["messages"] if "raw_base64" in row] == [open("odd.eml", "rb").read()]'
document '"two@example.org" not in json.dumps(d)'

# the same for people
expect 0 export-subject ANN@example.org
says '^all that is kept about ANN@example.org, 20'
says '^entries$'
says '"note":"by hand"'
says '^    Status: 5.1.1$'

# what is written of the address elsewhere, and by whom: not of whom else
dsn failed 5.1.1 two@example.org '550 5.1.1 <two@example.org>: was ann@example.org once' >mail/two.eml
expect 0 ingest mail/two.eml
expect 0 add three@example.org --note 'a friend of ann@example.org'
expect 0 add four@example.org --who Ann@example.org
expect 0 export-subject ann@example.org --json
document 'sorted((row["of"], row["field"], row["text"]) for row in d["texts"]) == [
    ("change", "note", "a friend of ann@example.org"), ("change", "who", "Ann@example.org"),
    ("event", "diagnostic", "550 5.1.1 <two@example.org>: was ann@example.org once")]'
expect 0 export-subject ann@example.org
says '^texts$'
says '"field":"note"'

# nobody, and a forgotten one
expect 0 export-subject nobody@example.org
says '^  none$'
expect 0 export-subject nobody@example.org --json
document 'all(d[part] == [] for part in ("entries", "changes", "events", "outbox", "texts", "messages"))'
expect 0 forget ann@example.org --apply --note 'a request'
expect 0 export-subject ann@example.org --json
document 'len(d["entries"]) == 1 and "forgotten" in d["entries"][0]["note"]'
document 'all(d[part] == [] for part in ("changes", "events", "outbox", "texts", "messages"))'
# one who was on the list for one stream alone
expect 0 add opted@example.org --stream newsletter --note 'by letter'
expect 0 forget opted@example.org --apply --note 'a request'
expect 0 export-subject opted@example.org --json
document '[row["scope"] for row in d["entries"]] == ["stream=newsletter"] and "forgotten" in d["entries"][0]["note"]'
expect 0 explain opted@example.org --json
json '[row["scope"] for row in rows[0]["entries"]] == ["stream=newsletter"]'
expect 0 explain opted@example.org
says '^opted@example.org is suppressed for the mail of the stream newsletter alone since'
expect 1 check opted@example.org --stream newsletter
expect 0 check opted@example.org
expect 65 export-subject nobody
expect 64 export-subject

finish
