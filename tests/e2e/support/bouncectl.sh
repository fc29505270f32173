# shellcheck shell=sh disable=SC2034
# The common part of the scripts that run bouncectl: a folder of their own with a config and mail, and what they ask of its
# output. Sourced; a script ends with `finish`.
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
unproven = suppress

[ingest]
unproven = suppress
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

# letter ADDRESS: a mail that reports nothing, with the address in its base64.
letter() {
    cat <<END
From: Bob <bob@example.net>
To: bounce@bounces.example.com
Subject: a question
Message-ID: <letter@example.net>
MIME-Version: 1.0
Content-Type: text/plain
Content-Transfer-Encoding: base64

$(printf 'do you know %s?' "$1" | base64)
END
}

# ingest_mail fills the database: three addresses are suppressed, one waits.
ingest_mail() {
    expect 0 ingest mail
}

finish() {
    exit $failed
}
