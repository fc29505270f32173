#!/bin/sh
# bouncectl ingest-log: what logs tell goes the way of reports, once, however often it is read and told.
. "$(dirname "$0")/support/bouncectl.sh"

TZ=UTC
export TZ

cat >mail.log <<'END'
Nov 20 15:20:07 mx postfix/smtpd[7]: 4XyZ11abcdz1: client=app.example.com[192.0.2.7]
Nov 20 15:20:08 mx postfix/cleanup[8]: 4XyZ11abcdz1: message-id=<1@example.com>
Nov 20 15:20:08 mx postfix/qmgr[9]: 4XyZ11abcdz1: from=<news+x@bounces.example.com>, size=1834, nrcpt=4 (queue active)
Nov 20 15:20:09 mx postfix/smtp[42]: 4XyZ11abcdz1: to=<gone@example.org>, relay=mx.example.org[192.0.2.25]:25, delay=1.2, delays=0.05/0.01/0.62/0.51, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.25] said: 550 5.1.1 <gone@example.org>: Recipient address rejected: User unknown (in reply to RCPT TO command))
Nov 20 15:20:09 mx postfix/smtp[42]: 4XyZ11abcdz1: to=<full@example.org>, relay=mx.example.org[192.0.2.25]:25, delay=1.2, delays=0.05/0.01/0.62/0.51, dsn=5.2.2, status=bounced (host mx.example.org[192.0.2.25] said: 552 5.2.2 <full@example.org>: Mailbox full (in reply to RCPT TO command))
Nov 20 15:20:10 mx postfix/smtp[43]: 4XyZ11abcdz1: to=<later@example.net>, relay=none, delay=30, delays=0.1/0/30/0, dsn=4.4.1, status=deferred (connect to mx.example.net[203.0.113.5]:25: Connection timed out)
Nov 20 15:20:11 mx postfix/smtp[44]: 4XyZ11abcdz1: to=<good@example.net>, relay=mx.example.net[203.0.113.5]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 OK)
Nov 20 16:00:11 mx postfix/smtp[44]: 4XyZ22abcdz2: to=<full@example.org>, relay=mx.example.org[192.0.2.25]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 OK)
Nov 20 16:00:12 mx postfix/qmgr[9]: 4XyZ11abcdz1: from=<news+x@bounces.example.com>, status=expired, returned to sender
Nov 20 16:00:13 mx postfix/cleanup[8]: 4XyZ33abcdz3: warning: header Subject: to=<victim@example.org>, dsn=5.1.1, status=bounced (550 5.1.1 User unknown) from x[192.0.2.1]
END
touch -d '2026-11-21 00:00:00' mail.log

# --- only looked at: no database is made ------------------------------------------------------------------------------
expect 0 ingest-log --inspect --json mail.log
json 'len(rows) == 6'
json '[r["kind"] for r in rows] == ["bounce", "bounce", "delay", "delivered", "delivered", "bounce"]'
json '{"recipient": "gone@example.org", "verdict": "hard", "reason": "user_unknown", "status": "5.1.1", "reply": 550,
       "remote_mta": "mx.example.org", "sender": "news+x@bounces.example.com", "message_id": "<1@example.com>",
       "occurred": "2026-11-20T15:20:09Z", "stream": "newsletter", "evidence": "authenticated", "source": "mail.log",
       "dialect": "observation", "queue_id": "4XyZ11abcdz1"}.items() <= rows[0].items()'
json 'rows[5]["recipient"] == "later@example.net" and rows[5]["reason"] == "expired"'
[ -e bounced.db ] && fail "--inspect made a database"
expect 0 ingest-log --inspect mail.log
says 'gone@example.org'

# --- on a copy of the database -----------------------------------------------------------------------------------------
expect 0 ingest-log --dry-run mail.log
says 'add.*gone@example.org'
says_not 'full@example.org'
expect 66 check gone@example.org

# --- into the database --------------------------------------------------------------------------------------------------
expect 0 ingest-log --json mail.log
json 'rows[0]["lines"] == {"read": 10, "known": 9}'
json 'rows[0]["attempts"] == {"delivered": 2, "delayed": 1, "failed": 3, "unusable": 0}'
json 'rows[0]["events"] == {"stored": 4, "duplicate": 0, "failed": 0, "cleared": 1}'
batch=$(python3 -c 'import json; print(json.load(open("out"))["batch"])')
expect 1 check gone@example.org
expect 0 check full@example.org later@example.net good@example.net victim@example.org
expect 0 events --json
json 'sorted(r["kind"] for r in rows) == ["bounce", "bounce", "bounce", "delay", "delivered"]'
expect 0 explain gone@example.org
says 'said by mail server log'

# the same again, packed, by a pipe, and a part of it
expect 0 ingest-log mail.log
says '^events: stored 0, duplicate 4, failed 0, cleared 0$'
gzip -k mail.log
touch -d '2026-11-21 00:00:00' mail.log.gz
expect 0 ingest-log mail.log.gz
says '^events: stored 0, duplicate 4, failed 0, cleared 0$'
sed -n 4,9p mail.log >part.log
touch -d '2026-11-21 00:00:00' part.log
expect 0 ingest-log part.log
says '^events: stored 0, duplicate 4, failed 0, cleared 0$'
"$BUILD/bouncectl" --config bounced.conf ingest-log --year 2026 - <mail.log >out 2>err || fail 'standard input'
says '^events: stored 0, duplicate 4, failed 0, cleared 0$'

# --- the bounce of the same failure is stored, and in no figures ----------------------------------------------------------
cat >dsn.eml <<'END'
Return-Path: <>
Received: by mx.example.com (Postfix) id 4XyZ44abcdz4; Fri, 20 Nov 2026 15:20:10 +0000 (UTC)
Date: Fri, 20 Nov 2026 15:20:10 +0000
From: MAILER-DAEMON@mx.example.com (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: news+x@bounces.example.com
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"
Message-Id: <20261120152010.4XyZ44abcdz4@mx.example.com>

--b
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.com.

<gone@example.org>: host mx.example.org[192.0.2.25] said: 550 5.1.1
    <gone@example.org>: Recipient address rejected: User unknown (in reply to
    RCPT TO command)

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
X-Postfix-Queue-ID: 4XyZ11abcdz1
Arrival-Date: Fri, 20 Nov 2026 15:20:08 +0000 (UTC)

Final-Recipient: rfc822; gone@example.org
Original-Recipient: rfc822;gone@example.org
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.1.1 <gone@example.org>: Recipient address
    rejected: User unknown

--b
Content-Type: text/rfc822-headers

From: shop@example.com
To: gone@example.org
Date: Fri, 20 Nov 2026 15:20:08 +0000
Message-ID: <1@example.com>

--b--
END
expect 0 report --date today --json
cp out before
expect 0 ingest dsn.eml
expect 0 report --date today --json
cmp -s out before || fail "the bounce of a failure that the log told of is in the figures"
expect 0 events --recipient gone@example.org --json
json 'len(rows) == 2'

# --- undone: then it is the bounce that counts; and other formats -----------------------------------------------------------------------------------------
expect 0 rollback "$batch" --apply --note wrong
expect 1 check gone@example.org
expect 0 rollback --recipient gone@example.org --apply --note wrong
expect 0 check gone@example.org
cat >mainlog <<'END'
2026-11-20 09:00:11 1vPabc-0000000012x-AbCd ** none@example.org R=dnslookup T=remote_smtp H=mx.example.org [192.0.2.25]: SMTP error from remote mail server after RCPT TO:<none@example.org>: 550 5.1.1 User unknown
END
expect 0 ingest-log --format exim mainlog
says '^attempts: delivered 0, delayed 0, failed 1, unusable 0$'
expect 1 check none@example.org
expect 65 ingest-log --format postfix mainlog
complains '^bouncectl: mainlog has no line of a mail server.s log that is known$'
expect 65 ingest-log dsn.eml mainlog
says '^lines: read [0-9]+, known 1$'
expect 66 ingest-log nothing.log
expect 64 ingest-log --format nonsense mainlog
expect 64 ingest-log --year 1969 mainlog
expect 64 ingest-log

finish
