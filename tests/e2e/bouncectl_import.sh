#!/bin/sh
# bouncectl import: lists of providers and our own, into an empty database and onto what is there.
. "$(dirname "$0")/support/bouncectl.sh"

lists=$SOURCE/testdata/lists
# says_count N WORDS: the sums have a line of that.
says_count() {
    says "^$1 $2"
}

# --- before there is a database -----------------------------------------------------------------------------------------
expect 0 import --dry-run "$lists/ses-import.csv"
says_count 2 added
says '^nothing was done$'
[ -e bounced.db ] && fail "--dry-run makes a database"

# --- a failure that may pass lasts as the policy has it, from the list's date ---------------------------------------------
cat >passing.csv <<END
email,reason,created
new@example.org,452 4.2.2 mailbox full,$(date -u -d '-10 days' +%F)
old@example.org,452 4.2.2 mailbox full,$(date -u -d '-91 days' +%F)
soft@example.org,450 4.1.1 user unknown,$(date -u -d '-10 days' +%F)
hard@example.org,550 5.1.1 user unknown,$(date -u -d '-91 days' +%F)
END
sed "s/bounced\.db/passing.db/" bounced.conf >passing.conf
expect 65 --config passing.conf import passing.csv
says_count 3 added
complains 'passing.csv:3: such a failure is over by now, by the policy; --for overrules that: old@example.org'
expect 0 --config passing.conf list --json
json '[row["recipient"].split("@")[0] for row in rows if "until" in row] == ["new", "soft"]'
json 'rows[0]["recipient"] == "hard@example.org" and "until" not in rows[0]'
expect 65 --config passing.conf import passing.csv
says_count 3 'already there'
printf '[policy]\nmailbox_full = never\n' >>passing.conf
expect 65 --config passing.conf import passing.csv
says_count 2 rejected
complains 'passing.csv:2: such a failure suppresses nobody by the policy; --reason overrules that'
expect 0 --config passing.conf import passing.csv --reason mailbox_full
says_count 1 added
says_count 2 changed
expect 0 --config passing.conf list --json
json 'len(rows) == 4 and not any("until" in row for row in rows)'
printf '[policy]\nmailbox_full = 5 in 30d\n' >>bounced.conf

# --- a provider's list: reasons, dates, rejects; again, it changes nothing ------------------------------------------------
expect 65 import "$lists/sendgrid-bounces.csv" --rejects rejects.csv --batch sendgrid --who ann
complains 'sendgrid-bounces.csv is read as csv, in the form of sendgrid$'
complains 'sendgrid-bounces.csv:6: it is not a mail address: nobody,'
says_count 3 added
says_count 2 rejected
says '^batch: sendgrid$'
expect 64 import "$lists/sendgrid-bounces.csv" --batch sendgrid
complains "there is a batch 'sendgrid' already; expected another name, or none"
python3 -c 'import csv
rows = list(csv.DictReader(open("rejects.csv", newline="")))
assert [row["line"] for row in rows] == ["4", "6"], rows
assert rows[1]["reason"] == "it is not a mail address" and rows[1]["text"].startswith("nobody,\"550"), rows' ||
    fail "the file of rejects"
expect 0 list --json
json '[row["since"] for row in rows] == ["2017-12-15T00:59:29Z", "2017-12-15T01:00:00Z", "2017-12-15T01:03:20Z"]'
json '[row["reason"] for row in rows] == ["user_unknown", "mailbox_full", "host_unknown"]'
json '{row["who"] for row in rows} == {"ann"} and "virtual mailbox table" in rows[0]["diagnostic"]'
expect 65 import "$lists/sendgrid-bounces.csv"
says_count 0 added
says_count 3 'already there$'
expect 0 audit --json
json 'len(rows) == 3'
expect 0 explain ann@example.org
says 'User unknown in virtual mailbox table'
expect 0 check-store

# --- never weaker, never shorter ----------------------------------------------------------------------------------------------
printf 'email,reason\nann@example.org,spam complaint\nbob@example.net,hard bounce\n' >upgrade.csv
expect 0 import upgrade.csv
says_count 1 'changed'
says_count 1 'already there'
printf 'email,reason\nann@example.org,hard bounce\n' >downgrade.csv
expect 0 import downgrade.csv
says_count 1 'already there, longer or for a stronger reason'
expect 0 import downgrade.csv --for 1d
expect 0 list --json
json 'rows[0]["reason"] == "feedback" and rows[0]["verdict"] == "complaint" and "until" not in rows[0]'
printf 'eve@example.org\n' >eve.txt
expect 0 import eve.txt --for 1d
expect 0 import eve.txt --for 2d
says_count 1 'changed'
expect 0 import eve.txt --for 1d
says_count 1 'already there, longer'

# --- what was removed by hand stays off, unless the list is newer --------------------------------------------------------------
expect 0 remove bob@example.net --note 'has room again'
expect 65 import "$lists/sendgrid-bounces.csv"
says_count 1 'left off the list, removed by hand since$'
printf 'email,reason,date\nbob@example.net,bounce,2999-01-01\n' >to_come.csv
touch -d '1 hour ago' to_come.csv
expect 0 import to_come.csv
says_count 1 'left off the list'
touch -d '1 hour ago' eve.txt
expect 0 remove eve@example.org --note 'asked'
expect 0 import eve.txt
says_count 1 'left off the list'
expect 0 import - <eve.txt
says_count 0 added
"$BUILD/bouncectl" --config bounced.conf import - <eve.txt >out 2>err || fail "import -"
says_count 1 added

# --- duplicates, scopes, reasons ------------------------------------------------------------------------------------------------
printf 'a@example.com\nA@EXAMPLE.COM\nb@example.com\n' | gzip >some.txt.gz
expect 0 import some.txt.gz --reason complaint --note 'from the old system' --dry-run
says_count 2 added
says_count 1 'duplicates in the file$'
expect 0 import some.txt.gz --reason complaint --note 'from the old system'
says_count 2 added
says_count 1 'duplicates in the file$'
expect 0 list --json --domain example.com
json '{row["reason"] for row in rows} == {"feedback"} and {row["note"] for row in rows} == {"from the old system"}'
expect 64 import some.txt.gz --reason spam_detected
complains 'spam_detected says nothing about an address'
expect 64 import some.txt.gz --stream a --tenant b
expect 64 import some.txt.gz --scope nowhere
expect 64 import some.txt.gz --stream newslettr
complains "neither the config nor a report names the stream 'newslettr'; did you mean 'newsletter'"
expect 64 import some.txt.gz --scope stream=newslettr
expect 64 import some.txt.gz --until 2020-01-01
expect 64 import some.txt.gz --batch 'a b'
# an opt-out from a provider's list that is one of our streams is one from that stream
sed "s/bounced\.db/groups.db/" bounced.conf >other.conf
"$BUILD/bouncectl" --config other.conf import "$lists/sendgrid-groups.json" >out 2>err || fail "import of groups"
complains '1 opt-out is from a list that no'
[ "$(sqlite3 groups.db 'SELECT subject, scope FROM suppressions' | tr '\n' ' ')" = \
    'ann@example.org|stream=newsletter bob@example.net| ' ] || fail "the scopes of groups"

# ... and one from all but transactional mail is for that which the operator names
sed "s/bounced\.db/receipts.db/" bounced.conf >other.conf
expect 65 --config other.conf import "$lists/sparkpost-older.csv"
complains 'sparkpost-older.csv:4: it is not for transactional mail; --stream, --tenant or --scope says'
says_count 2 added
says_count 2 rejected
expect 65 --config other.conf import "$lists/sparkpost-older.csv" --stream newsletter
expect 0 --config other.conf check news@example.org
expect 1 --config other.conf check news@example.org --stream newsletter

# --- rows that can be no entry, in a file of our own form ------------------------------------------------------------------------
printf '%s\n' subject,reason,verdict,since,scope a@example.com,spam_detected,soft,2026-01-01T00:00:00Z,all \
    b@example.com,user_unknown,hard,2026-01-01T00:00:00Z,stream=newslettr \
    c@example.com,user_unknown,hard,2026-01-01T00:00:00Z,tenant=shop \
    d@example.com,user_unknown,hard,2026-01-01T00:00:00Z,stream=newsletter >crafted.csv
sed "s/bounced\.db/crafted.db/" bounced.conf >other.conf
expect 65 --config other.conf import crafted.csv
complains 'crafted.csv:2: its reason says nothing about an address; --reason overrules that: a@example.com,'
complains 'crafted.csv:3: the config names no such stream or tenant; --force overrules that: b@example.com,'
complains 'crafted.csv:4: the config names no such stream or tenant'
says_count 1 added
expect 65 --config other.conf import crafted.csv --force
says_count 2 added
says_count 1 rejected
expect 64 --config other.conf import some.txt.gz --tenant shop
complains "the config does not name the tenant 'shop'; --force overrules that"
expect 0 --config other.conf import some.txt.gz --tenant shop --force
printf '{"email":"nul@example.com","reason":"bounce","note":"a\\u0000b"}\n{"email":"good@example.com","reason":"bounce"}\n' >nul.json
expect 65 --config other.conf import nul.json
complains 'nul.json:1: it holds a NUL'
says_count 1 added
says_count 1 rejected

# --- nothing of a broken file -----------------------------------------------------------------------------------------------------
before=$(sqlite3 bounced.db 'SELECT count(*) FROM changes')
printf 'email,reason\nx@example.com,bounce\ny@example.com,"bounce\n' >broken.csv
expect 65 import broken.csv
complains 'broken.csv:3: a quote that is not closed before the end of the file$'
printf 'email,reason\nx@example.com,bounce\nm\374ller@example.com,bounce\n' >latin.csv
expect 65 import latin.csv
complains 'latin.csv:3: it is not UTF-8; .*iconv'
printf '\377\376e\0m\0' >utf16.csv
expect 65 import utf16.csv
complains 'UTF-16'
printf 'name,reason\nx,bounce\n' >nobody.csv
expect 65 import nobody.csv
complains 'none of the columns has the name'
printf '{"email":"x@example.com"}\n{"email":\n' >broken.json
expect 65 import broken.json
complains 'broken.json:2: '
echo '{}' >nothing.json
expect 65 import nothing.json
complains 'nothing.json:1: it has no member with the name of an address'
expect 66 import nowhere.csv
[ "$(sqlite3 bounced.db 'SELECT count(*) FROM changes')" = "$before" ] || fail "a broken file changes the list"

# --- our own export reads back to the octet ------------------------------------------------------------------------------------------
dsn failed 5.1.1 "o'neil@example.net" '550 5.1.1 "unknown", they say' >mail/6.eml
ingest_mail
printf '=cmd@example.net\n#tag@example.net\n'\''quoted@example.net\nb\303\274ro@b\303\274cher.example\nMixed.Case@Example.Net\n' >odd.txt
expect 0 add --file odd.txt --for 90d --note 'a "note", with commas; and = signs'
for format in csv json; do
    "$BUILD/bouncectl" --config bounced.conf export --format $format >first.$format || fail "export"
    sed "s/bounced\.db/$format.db/" bounced.conf >other.conf
    "$BUILD/bouncectl" --config other.conf import first.$format >out 2>err || fail "import of our own $format"
    "$BUILD/bouncectl" --config other.conf export --format $format >second.$format
    cmp first.$format second.$format || fail "export, import and export differ in $format"
    [ "$(wc -l <first.$format)" -gt 12 ] || fail "too little to compare"
    "$BUILD/bouncectl" --config other.conf check-store >out 2>err || fail "the store after an import of $format"
    "$BUILD/bouncectl" --config other.conf import first.$format >out 2>err
    says_count 0 added
done
"$BUILD/bouncectl" --config bounced.conf export --format text >first.text
sed "s/bounced\.db/text.db/" bounced.conf >other.conf
"$BUILD/bouncectl" --config other.conf import --format text first.text >out 2>err || fail "import of our own text"
"$BUILD/bouncectl" --config other.conf export --format text >second.text
cmp first.text second.text || fail "export, import and export differ in text"

finish
