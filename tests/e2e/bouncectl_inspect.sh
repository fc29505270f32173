#!/bin/sh
# bouncectl inspect, which makes no database.
. "$(dirname "$0")/support/bouncectl.sh"

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
complains '^bouncectl: 1 file or message was not read$'
rm large.eml
# --- compressed mail -----------------------------------------------------------------------------------------------
mkdir -p maildir/cur maildir/new maildir/tmp
gzip -c mail/1.eml >'maildir/cur/1764322200.M1P2.mx,S=1000:2,S'
gzip -c mbox >mbox.gz
expect 0 inspect --json mbox.gz maildir
json 'len(rows) == 6 and rows[0] == rows[5] | {"source": "mbox.gz"}'
"$BUILD/bouncectl" --config bounced.conf inspect --json - <mbox.gz >out || fail "inspect - of gzip"
json 'len(rows) == 5'
head -c 300 mbox.gz >maildir/new/damaged.gz
printf 'BZh91AY&SY and so on' >maildir/new/other.bz2
expect 65 inspect --json maildir
json '[row["recipient"] for row in rows if row["source"].startswith("maildir/cur")] == ["one@example.org"]'
complains '^bouncectl: cannot read maildir/new/damaged.gz: what is compressed in it \(gzip\) ends too early$'
complains '^bouncectl: maildir/new/other.bz2 is left out: it is compressed \(bzip2\), and not read$'
complains '^bouncectl: 2 files or messages were not read$'
expect 65 ingest --json maildir
json 'rows[0]["stored"] == 1 and rows[0]["unreadable"] == 2'
rm bounced.db*
# --- the envelope: more is believed of what came back to a return path from the null sender -------------------------
cat >listed.eml <<END
From: Anna <anna@example.net>
List-Id: <news.example.com>
Subject: Your message

Your message was not delivered to:

bert@example.org
550 5.1.1 user unknown
END
expect 0 inspect --json listed.eml
json 'rows[0]["kind"] == "other"'
expect 0 inspect --json --mail-from '' --rcpt-to bounces@bounces.example.com listed.eml
json 'rows[0]["recipient"] == "bert@example.org" and rows[0]["reason"] == "user_unknown"'
expect 0 inspect --json --mail-from MAILER-DAEMON --rcpt-to bounces+x@bounces.example.com listed.eml
json 'rows[0]["kind"] == "bounce"'
expect 0 inspect --json --mail-from anna@example.net --rcpt-to bounces@bounces.example.com listed.eml
json 'rows[0]["kind"] == "other"'
expect 0 inspect --json --mail-from '' --rcpt-to anna@example.com listed.eml
json 'rows[0]["kind"] == "other"'
expect 0 inspect --json --mail-from '' --rcpt-to bounces+bert=example.org@bounces.example.com listed.eml
json 'rows[0]["recipient"] == "bert@example.org" and rows[0]["recipient_from"] == "verp"'
expect 64 inspect --mail-from 'a b' listed.eml
complains '^bouncectl: --mail-from: "a b" is not a mail address$'
expect 64 inspect --rcpt-to news listed.eml
complains '^bouncectl: --rcpt-to: "news" is not a mail address$'

[ -e bounced.db ] && fail "inspect made a database"
expect 0 ingest --json --mail-from '' --rcpt-to bounces@bounces.example.com listed.eml
json 'rows[0]["events"] == {"bounce": 1}'
expect 0 explain --json bert@example.org
json 'rows[0]["events"][0]["kind"] == "bounce" and rows[0]["suppressed"]'
expect 0 explain bert@example.org
says_not '^  mail from'
says '^  rcpt to     bounces@bounces.example.com$'
rm bounced.db*

# --- a report whose objects are a thousand times its size: in order, and not all in memory ----------------------------
python3 - <<'END'
long = "x" * 8000
with open("wide.eml", "w") as file:
    file.write("From: MAILER-DAEMON\nContent-Type: multipart/report; boundary=b\n\n--b\n"
               "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n")
    file.writelines(f"Final-Recipient: rfc822; u{n}@example.org\nAction: failed\nStatus: 5.1.1\n\n" for n in range(5000))
    file.write(f"--b\nContent-Type: text/rfc822-headers\n\nSubject: {long}\nList-Id: {long}\n\n--b--\n")
END
python3 - "$BUILD/bouncectl" <<'END' || fail "inspect of a wide report"
import json, os, resource, subprocess, sys
process = subprocess.Popen([sys.argv[1], "--config", "bounced.conf", "inspect", "--json", "--jobs", "2", "mail/1.eml",
                            "wide.eml", "wide.eml", "mail/2.eml"], stdout=subprocess.PIPE)
names = [json.loads(line)["recipient"] for line in process.stdout]
wide = [f"u{n}@example.org" for n in range(5000)]
assert names[1:-1] == wide + wide, len(names)
assert process.wait() == 0
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
assert os.environ.get("SANITIZE") or peak < 60000, f"{peak} KB"
END
[ -e bounced.db ] && fail "inspect made a database"

finish
