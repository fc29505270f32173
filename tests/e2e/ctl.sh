#!/bin/sh
# bouncectl, the real program, on a database of its own: every subcommand, what it prints into a pipe and on a terminal,
# and every exit status that bouncectl(1) names.
set -u
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
failed=0

fail() {
    echo "FAILED: $*"
    [ -s out ] && sed 's/^/  out: /' out | head -20
    [ -s err ] && sed 's/^/  err: /' err | head -20
    failed=1
}

# expect STATUS SUBCOMMAND... runs it with output in ./out and ./err.
expect() {
    status=$1
    shift
    "$BUILD/bouncectl" --config bounced.conf "$@" >out 2>err </dev/null
    got=$?
    [ $got -eq "$status" ] || fail "bouncectl $*: exit status $got, expected $status"
}

# The last output has (has not) a line that matches; fields are between tabs, \t.
tab=$(printf '\t')
says() {
    grep -qE "$(echo "$1" | sed "s/\\\\t/$tab/g")" out || fail "no line matches: $1"
}
says_not() {
    if grep -qE "$1" out; then fail "a line matches: $1"; fi
}
complains() {
    grep -qE "$1" err || fail "no error matches: $1"
}
# The last output is one JSON object a line, and the Python expression holds for `rows`.
json() {
    python3 -c 'import json, sys
rows = [json.loads(line) for line in open("out")]
sys.exit(not ('"$1"'))' || fail "JSON: $1"
}

cat >bounced.conf <<END
[store]
path = $dir/bounced.db

[return-path news]
domain = bounces.example.com
scheme = verp
stream = newsletter
END

mkdir mail
# dsn ACTION STATUS ADDRESS DIAGNOSTIC
dsn() {
    cat <<END
Return-Path: <>
Received: from mx.example.net (mx.example.net [192.0.2.1]) by mail.example.com; Sat, 21 Nov 2026 09:30:00 +0000
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: bounce@bounces.example.com
Subject: Delivery report for $3
Date: Sat, 21 Nov 2026 09:30:00 +0000
Message-ID: <report.$3>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system. See below.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Sat, 21 Nov 2026 09:29:00 +0000

Final-Recipient: rfc822; $3
Action: $1
Status: $2
Remote-MTA: dns; mx1.example.org
Diagnostic-Code: smtp; $4

--b
Content-Type: text/rfc822-headers

From: News <news@example.com>
To: $3
Subject: November
Message-ID: <news.$3>

--b--
END
}
dsn failed 5.1.1 one@example.org '550 5.1.1 <one@example.org>: User unknown' >mail/1.eml
dsn failed 5.1.1 two@example.org '550 5.1.1 <two@example.org>: User unknown' >mail/2.eml
dsn failed 5.1.1 three@example.net '550 5.1.1 <three@example.net>: User unknown' >mail/3.eml
dsn delayed 4.4.1 four@example.org '451 4.4.1 Connection timed out' >mail/4.eml
cat >mail/5.eml <<END
From: Somebody <somebody@example.net>
To: bounce@bounces.example.com
Subject: A question
Date: Sat, 21 Nov 2026 09:30:00 +0000
Message-ID: <question@example.net>

How do I get on your list?
END

# --- the program ---------------------------------------------------------------------------------------------------
expect 0 --help
says '^  inspect '
expect 0 --version
says '^bouncectl [0-9]'
expect 64
complains '^Usage: bouncectl'
expect 64 inspekt
complains "bouncectl: there is no subcommand 'inspekt'; did you mean 'inspect'\?"
expect 64 list --nothing
complains '^bouncectl: list: Unknown option --nothing'
expect 64 list argument
complains "^bouncectl: list: 'argument' is one argument too many"
expect 64 list --limit 0
expect 64 list --since sometime
complains "^bouncectl: list: --since: 'sometime' is not a time"
expect 64 list --reason nonsense
for subcommand in $("$BUILD/bouncectl" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z-]*\) .*/\1/p'); do
    expect 0 "$subcommand" --help
    says "^Usage: bouncectl $subcommand"
    says "^  .*bouncectl $subcommand"
done
"$BUILD/bouncectl" --version >/dev/full 2>err
[ $? -eq 74 ] || fail "a full disk under standard output is not told"
printf '[nonsense]\n' >bad.conf
expect 78 list --config bad.conf
complains 'bad.conf:1: \[nonsense\]'

# --- inspect: no database is made ----------------------------------------------------------------------------------
expect 0 inspect --json mail
json 'len(rows) == 5'
json '[row["source"] for row in rows] == ["mail/%d.eml" % n for n in range(1, 6)]'
json '[row["kind"] for row in rows] == ["bounce", "bounce", "bounce", "delay", "other"]'
json 'rows[0]["recipient"] == "one@example.org" and rows[0]["reason"] == "user_unknown"'
cp out all
for jobs in 1 2 7; do
    expect 0 inspect --json --jobs $jobs mail
    cmp -s all out || fail "inspect --jobs $jobs prints something else"
done
for file in mail/*.eml; do
    echo 'From MAILER-DAEMON Sat Nov 21 09:30:00 2026'
    sed 's/^\(>*From \)/>\1/' "$file"
    echo
done >mbox
expect 0 inspect --json mbox
json '[row["kind"] for row in rows] == ["bounce", "bounce", "bounce", "delay", "other"]'
json '{row["source"] for row in rows} == {"mbox"}'
"$BUILD/bouncectl" --config bounced.conf inspect --json - <mbox >out || fail "inspect -"
json 'len(rows) == 5 and rows[4]["source"] == "-"'
expect 0 inspect mail/1.eml
says '^mail/1.eml: bounce one@example.org$'
says '^  diagnostic +550 5.1.1'
expect 66 inspect missing.eml mail/1.eml
says 'one@example.org'
complains '^bouncectl: cannot read missing.eml: No such file'
printf '[parser]\nparts = 1\nrecipients = 1\nheader-size = 4K\n' >small.conf
{
    printf 'From: MAILER-DAEMON\nContent-Type: multipart/report; boundary=b\n\n--b\n\nNot delivered\n--b\n'
    printf 'Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; one@example.org\nAction: failed\n\n--b--\n'
} >parts.eml
expect 0 inspect --config small.conf --json parts.eml
complains '^bouncectl: parts.eml: not all of it was read, more than a limit of \[parser\] allows: parts$'
expect 0 inspect --json parts.eml
json 'rows[0]["recipient"] == "one@example.org"'
[ ! -s err ] || fail "inspect complains of what is within the limits"
head -c 70000000 /dev/zero >large.eml
expect 65 inspect large.eml
complains 'large.eml is left out'
rm large.eml
[ -e bounced.db ] && fail "inspect made a database"

# --- no database ---------------------------------------------------------------------------------------------------
for subcommand in list events export report 'check a@example.org' 'explain a@example.org'; do
    # shellcheck disable=SC2086
    expect 66 $subcommand
    complains "cannot open the database $dir/bounced.db: No such file"
done

# --- ingest --------------------------------------------------------------------------------------------------------
expect 0 ingest mail
says '^messages: stored 5, duplicate 0, failed 0, unreadable 0$'
says '^events: .*bounce 3'
expect 0 ingest mail --json
json 'rows == [{"stored": 0, "duplicate": 5, "failed": 0, "unreadable": 0, "events": {}}]'
expect 66 ingest missing.eml
says 'unreadable 1'

# --- list, check, explain ------------------------------------------------------------------------------------------
expect 0 list
says '^one@example.org\tuser_unknown\t[0-9-]*T[0-9:]*Z\t\t'
[ "$(wc -l <out)" -eq 3 ] || fail "list does not have three lines"
cut -f1 out | sort -c || fail "list is not sorted"
expect 0 list --domain EXAMPLE.org
[ "$(wc -l <out)" -eq 2 ] || fail "list --domain does not have two lines"
expect 0 list --limit 1
[ "$(wc -l <out)" -eq 1 ] || fail "list --limit does not have one line"
expect 64 list --reason user_unknwn
complains "did you mean 'user_unknown'"
expect 0 list --help
says '^  -r, --reason REASON .*; see REASONS in bouncectl\(1\)$'
expect 0 list --since now --reason mailbox_full
[ -s out ] && fail "list --reason shows other reasons"
expect 0 list --json
json 'len(rows) == 3 and rows[0]["recipient"] == "one@example.org" and rows[0]["reason"] == "user_unknown"'
expect 1 check one@example.org
says '^one@example.org: suppressed since .*, for good: user_unknown$'
expect 1 check --quiet one@EXAMPLE.ORG
[ -s out ] && fail "check --quiet prints"
expect 0 check four@example.org
says '^four@example.org: not suppressed$'
expect 1 check four@example.org one@example.org --json
json '[row["suppressed"] for row in rows] == [False, True] and rows[1]["suppression"]["reason"] == "user_unknown"'
expect 65 check one@example.org not-an-address
[ -s out ] && fail "check prints before it has seen all addresses"
expect 64 check
expect 0 explain one@example.org
says '^one@example.org is suppressed since'
says '^  diagnostic  550 5.1.1'
says '^  rule '
says '^  message     [0-9a-f]{64}$'
expect 0 explain one@example.org --json
json 'rows[0]["suppressed"] and len(rows[0]["events"]) == 1 and rows[0]["changes"][0]["change"] == "add"'
digest=$(sed 's/.*"digest": *"\([0-9a-f]*\)".*/\1/' out)
expect 0 explain nobody@example.org
says 'nobody@example.org is not suppressed'
says '^nothing$'

# why an event did not suppress
dsn failed 5.2.2 full@example.org '552 5.2.2 Mailbox full' >full.eml
dsn failed 5.7.1 ours@example.org '554 5.7.1 Message rejected as spam by content scanner' >spam.eml
expect 0 ingest full.eml spam.eml
expect 0 explain full@example.org
says '^  effect      counted: 1 of 5 in 30d, too few yet$'
expect 0 explain full@example.org --json
json 'rows[0]["events"][0]["effect"] == "counted" and rows[0]["events"][0]["failures"] == 1'
expect 0 explain ours@example.org
says '^  effect      never suppresses: the message was at fault, not the address$'
expect 0 explain four@example.org
says '^  effect      none: a delay'

# --- message, events -----------------------------------------------------------------------------------------------
expect 0 message "$digest"
cmp -s out mail/1.eml || fail "message does not print what was read"
expect 0 message "$(echo "$digest" | cut -c1-8 | tr a-f A-F)"
cmp -s out mail/1.eml || fail "message does not find it by the first digits"
expect 64 message 1234567
complains '"1234567" is no digest: expected 8 to 64 hex digits'
expect 64 message 1234567x
expect 64 message "${digest}0"
expect 66 message "$(printf '%064d' 0)"
expect 0 events
[ "$(wc -l <out)" -eq 7 ] || fail "events does not have seven lines"
tail -n 2 out >newest
expect 0 events --limit 2
cmp -s out newest || fail "events --limit does not print the newest"
expect 0 events --kind other
says '^[0-9-]*T[0-9:]*Z\tother\t'
[ "$(wc -l <out)" -eq 1 ] || fail "events --kind other does not have one line"
expect 0 events --recipient one@example.org --json
json 'len(rows) == 1 and rows[0]["effect"] == "suppressed"'
expect 0 events --until 2026-01-01
[ -s out ] && fail "events --until shows later ones"

# --- add, remove: who and why are kept -----------------------------------------------------------------------------
expect 0 add five@example.org --note 'asked by phone' --for 90d --who alice
says '^five@example.org: suppressed since .*, until .*: put there by hand$'
expect 0 explain five@example.org
says '^  note        asked by phone$'
says 'add.*by alice'
expect 64 add nobody@example.org --note "$(printf 'two\nlines')"
complains '[-]-note: it has control characters; expected one line of text'
expect 64 add nobody@example.org --note "$(printf '\033[31mred')"
expect 64 add nobody@example.org --who ''
expect 64 remove one@example.org --note ' '
complains '[-]-note: it is empty'
expect 0 add old@example.org --note plain
python3 -c 'import sqlite3
with sqlite3.connect("bounced.db") as db:
    db.execute("update suppressions set note = ? where recipient = ?", ("\033[31mred\n\tline", "old@example.org"))'
expect 0 explain old@example.org
says '^  note         \[31mred  line$'
expect 0 remove old@example.org --note x
expect 0 explain one@example.org
says '^  policy      1: at the first failure, for good$'
expect 65 add nobody@example.org not-an-address
complains '^bouncectl: add: "not-an-address" is not a mail address; nothing was done$'
[ -s out ] && fail "add prints before it has seen all addresses"
expect 0 check nobody@example.org
expect 65 remove one@example.org not-an-address --note x
expect 1 check one@example.org
expect 64 remove five@example.org
complains 'expected --note'
expect 64 remove --note x
expect 64 remove five@example.org --domain example.org --note x
expect 0 add six@example.org --json
json 'rows[0]["recipient"] == "six@example.org" and "until" not in rows[0]'
expect 0 remove six@example.org --note 'a mistake' --json
json 'rows == [{"recipient": "six@example.org", "removed": True}]'
expect 0 remove five@example.org --note 'has changed their mind' --who bob
says '^five@example.org: removed$'
expect 0 explain five@example.org
says 'remove.*by bob'
says '^  note        has changed their mind$'
expect 1 remove five@example.org --note again
says '^five@example.org: was not on the list$'

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

# --- remove in bulk ------------------------------------------------------------------------------------------------
expect 0 remove --domain example.org --dry-run
[ "$(wc -l <out)" -eq 2 ] || fail "remove --dry-run does not show two lines"
complains '^bouncectl: 2 entries would be removed$'
expect 0 list
[ "$(wc -l <out)" -eq 3 ] || fail "remove --dry-run removes"
for way in --dry-run "--note x"; do
    # shellcheck disable=SC2086
    expect 1 remove --like 'nobody@*' $way
    complains '^bouncectl: no entry matches$'
    # shellcheck disable=SC2086
    expect 1 remove --domain nowhere.example $way
done
expect 0 add 'Seven@bücher.example'
expect 0 remove --like 'sEVEn@Bücher.example' --note 'a mistake'
complains '^bouncectl: 1 entry removed$'
expect 0 remove --like 'T*@Example.*' --note 'their directory was broken'
[ "$(wc -l <out)" -eq 2 ] || fail "remove --like does not remove two"
complains '^bouncectl: 2 entries removed$'
expect 0 list
[ "$(cut -f1 out)" = one@example.org ] || fail "remove --like removes others"

# --- return-path ---------------------------------------------------------------------------------------------------
expect 0 return-path user@example.org --stream newsletter
says '^[^@]*\+user=example.org@bounces.example.com$'
expect 0 return-path user@example.org --json
json 'rows[0]["return_path"].endswith("+user=example.org@bounces.example.com")'
expect 78 return-path user@example.org --stream receipts
complains 'for the stream receipts in the config, only for: newsletter$'
expect 0 return-path '"a b"@example.com' User@Bücher.example
says '^"bounces\+a b=example.com"@bounces.example.com$'
says '^bounces\+User=xn--bcher-kva.example@bounces.example.com$'
expect 65 return-path 'bücher@example.org'
complains 'not ASCII'
expect 65 return-path user@example.org not-an-address
[ -s out ] && fail "return-path prints before it has seen all addresses"
{
    cat bounced.conf
    printf '[return-path unnamed]\ndomain = b.example.com\nscheme = verp\n'
} >several.conf
expect 64 return-path user@example.org --config several.conf
complains 'say which with --stream: newsletter, unnamed$'
expect 0 return-path user@example.org --config several.conf --stream unnamed
says '@b.example.com$'
expect 65 return-path "$(printf 'a%.0s' $(seq 64))@example.org"

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
else
    echo "not run: exit status 77, since nobody may not run $BUILD/bouncectl"
fi
chmod 755 closed

# --- reclassify ----------------------------------------------------------------------------------------------------
mkdir rules.d
printf '[store]\npath = %s/again.db\n[classifier]\nrules = %s/rules.d\n[return-path news]\ndomain = bounces.example.com\nscheme = verp\n' \
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
says '^[0-9: -]* remove: user_unknown, by carol$'
says '^  note        reclassify: mine-two$'
says '^  judged      .* by carol; before: user_unknown hard, rule '
says '^  effect      never suppresses: the message was at fault'
expect 0 report --config again.conf --date today
says 'spam_detected'
expect 0 reclassify --config again.conf --since today --apply
says '^6 events judged, 0 changed'
# what testdata/ holds is judged again as it was at first
printf '[store]\npath = %s/testdata.db\n' "$dir" >testdata.conf
expect 0 ingest --config testdata.conf "$SOURCE/testdata"
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

# --- reload: with a daemon in tests/e2e/reload.py -----------------------------------------------------------------
expect 69 reload
complains "^bouncectl: no bounced runs on $dir/bounced.db$"
expect 78 reload --config bad.conf

# --- a terminal ----------------------------------------------------------------------------------------------------
if command -v script >/dev/null; then
    TERM=xterm NO_COLOR='' script -qec "stty cols 100; $BUILD/bouncectl --config bounced.conf list" /dev/null >out </dev/null
    says "$(printf '\033\\[1m')ADDRESS"
    TERM=xterm NO_COLOR=1 script -qec "stty cols 80; $BUILD/bouncectl --config bounced.conf list" /dev/null >out </dev/null
    says 'ADDRESS +REASON +SINCE'
    says_not "$(printf '\033')"
    says '^one@example.org +user_unknown +[0-9-]{10} +newsletter +policy +550 5.1.1 <one@exampl'
    says_not UNTIL
else
    echo "not run: output on a terminal, since script(1) is not installed"
fi

[ $failed -eq 0 ] && echo "bouncectl does what its manual says"
exit $failed
