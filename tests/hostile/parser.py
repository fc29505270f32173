#!/usr/bin/env python3
"""Runs fuzz_message on messages that are made to hurt a parser, one process a message: BUILD=build parser.py

Each message is some megabytes of one thing. Fails when a run fails, takes more than 5 s of the processor (a linear parser
takes well under one for any of them), or takes more memory than 4 times the message and 16 MiB on top of what an empty
one takes; with SANITIZE, whose sanitizers take time and memory of their own, the limits are 30 s and none."""
import base64, os, random, resource, subprocess, sys, tempfile, time

MEGABYTE = 1 << 20
SANITIZED = bool(os.environ.get('SANITIZE'))
SECONDS = 30 if SANITIZED else 5
random.seed(3464)

HEAD = b'From: MAILER-DAEMON@mx.example.com\nTo: news@bounces.example.com\nSubject: failure notice\n'
REPORT = HEAD + b'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n'
STATUS = b'--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\n'
FEEDBACK = HEAD + b'Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n' \
    b'--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n'
QMAIL = HEAD + b'\nHi. This is the qmail-send program at mx.example.com.\n\n'
SENDMAIL = HEAD + b'\nThe original message was received at x\n' \
    b'   ----- The following addresses had permanent fatal errors -----\n<user1@example.org>\n' \
    b'   ----- Transcript of session follows -----\n'
GROUP = b'Final-Recipient: rfc822; user%d@example.org\nAction: failed\nStatus: 5.1.1\n\n'
ONE = GROUP % 1


def dsn(status, text=b'', returned=b'From: news@example.com\nTo: user@example.org\n\n'):
    return REPORT + b'--b\n\n' + text + b'\n' + STATUS + status + b'\n--b\nContent-Type: message/rfc822\n\n' + returned + b'\n--b--\n'


def nested(n, inner):
    out = HEAD
    for i in range(n):
        out += b'Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n' % (i, i)
    return out + b'\n' + inner


def fill(token, size=4 * MEGABYTE):
    return token * (size // len(token))


def field(name, token, size=4 * MEGABYTE):
    return name + b': ' + fill(token, size) + b'\n'


CASES = {
    'recipients': lambda: dsn(b''.join(GROUP % i for i in range(50000))),
    'recipients-transcript': lambda: dsn(b''.join(GROUP % i for i in range(20000)),
                                         b''.join(b'<user%d@example.org>: 550 5.1.1 no\n' % i for i in range(40000))),
    'recipients-base64': lambda: REPORT + b'--b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n'
        + base64.encodebytes(b''.join(GROUP % i for i in range(50000))) + b'\n--b--\n',
    'nested-parts': lambda: nested(5000, b'text\n'),
    'nested-messages': lambda: HEAD + b'Content-Type: message/rfc822\n\n' * 100000 + b'text\n',
    'nested-reports': lambda: nested(5000, STATUS + ONE),
    'header-lines': lambda: HEAD + b''.join(b'X-Line-%d: %d\n' % (i, i) for i in range(300000)) + b'\ntext\n',
    'header-lines-short': lambda: HEAD + b'a:\n' * 1000000 + b'\ntext\n',
    'header-lines-received': lambda: dsn(b'', returned=b'Received: by mx.example.com for <a@example.org>; x\n' * 100000),
    'header-lines-to': lambda: b'Delivered-To: a@bounces.example.com\n' * 100000 + REPORT,
    'header-folds': lambda: HEAD + b'X-Long: a\n' + b' b\n' * 1500000 + b'\ntext\n',
    'header-junk': lambda: fill(b'no field at all\n') + dsn(ONE),
    'part-headers': lambda: REPORT + (b'--b\nContent-Type: text/plain\n' + b'X: y\n' * 500 + b'\ntext\n') * 1500,
    'line-body': lambda: HEAD + b'\n' + b'x' * (20 * MEGABYTE),
    'line-header': lambda: b'X-Long: ' + b'y' * (20 * MEGABYTE) + b'\n' + dsn(ONE),
    'line-diagnostic': lambda: dsn(ONE[:-1] + b'Diagnostic-Code: smtp; 550 ' + b'z' * (20 * MEGABYTE) + b'\n'),
    'text-recipients': lambda: QMAIL + b''.join(b'<user%d@example.org>:\n550 5.1.1 no\n\n' % i for i in range(50000)),
    'text-recipients-one-reason': lambda: QMAIL + b''.join(b'<user%d@example.org>\n' % i for i in range(50000)) + b'550 no\n',
    'text-origins': lambda: QMAIL + fill(b'<a@example.org> (expanded\n'),
    'text-dialogue': lambda: SENDMAIL + b''.join(b'>>> RCPT To:<user%d@example.org>\n<<< 550 no\nx\n' % i for i in range(50000)),
    'text-replies': lambda: SENDMAIL + b'>>> RCPT To:<user1@example.org>\n' + fill(b'<<< 550 no\n'),
    'text-summaries': lambda: SENDMAIL + b'>>> DATA\n<<< 550 ' + b'no ' * 1000 + b'\n' + fill(b'x\n'),
    'text-printed': lambda: SENDMAIL.replace(b'<user1@example.org>\n', b''.join(b'<user%d@example.org>\n' % i for i in range(9000)))
        + b'printed\n' + fill(b'<<< 250 ok\n', 700000) + b'554 5.0.0 Service unavailable\n',
    'text-printed-lines': lambda: SENDMAIL.replace(b'<user1@example.org>\n', b''.join(b'<user%d@example.org>\n' % i for i in range(9000)))
        + fill(b'printed\n', 700000) + b'554 5.0.0 Service unavailable\n',
    'text-summary-long': lambda: SENDMAIL.replace(b'<user1@example.org>\n', b''.join(b'<user%d@example.org>\n' % i for i in range(9000)))
        + b'554 5.0.0 ' + fill(b'a', 700000) + b'\n',
    'text-quoted': lambda: dsn(ONE[:-1] + b'Diagnostic-Code: smtp; 550 no ' + fill(b'host a said: 550 5.1.1 no; ') + b'\n'),
    'text-quoted-printed': lambda: SENDMAIL + b'>>> RCPT To:<user1@example.org>\n<<< ' + fill(b' no: 550') + b'\n',
    'text-sender': lambda: HEAD + b'\nundeliverable\n\n' + fill(b'a@example.org: 550 sender (address <is not the domain: \n'),
    'recipients-sender': lambda: dsn(b''.join((GROUP % i)[:-1] + b'Diagnostic-Code: smtp; 550 ' + b'sender (is <' * 80 + b'\n\n' for i in range(5000))),
    'recipients-forwarded': lambda: dsn(b''.join(GROUP % i for i in range(20000)), returned=b'X-Forwarded-For: a@example.net '
        + b'b@example.net ' * 100000 + b'\n' + b'Delivered-To: c@example.net\n' * 3000 + b'Received: by x for <c@example.net>\n' * 1000 + b'\n'),
    'text-phrases': lambda: HEAD + b'\n' + fill(b'user unknown a@example.org\n'),
    'text-bullets': lambda: HEAD + b'\n' + b''.join(b'* user%d@example.org\n\nThe reason was: 550 5.1.1 no\n\n' % i for i in range(50000)),
    'text-mentions': lambda: REPORT + b'--b\n\n' + b''.join(b'not delivered to user%d@example.org\n' % i for i in range(50000))
        + b'--b\nContent-Type: message/rfc822\n\nTo: user1@example.org, ' + b'user2@example.org, ' * 40 + b'\n\n--b--\n',
    'text-nobody': lambda: HEAD.replace(b'failure', b'x') + b'\nundeliverable\n\n' + fill(b'contact help@example.org\n\n'),
    'text-notice': lambda: HEAD.replace(b'failure notice', b'Postfix SMTP server: errors from x') + b'\nTranscript of session follows.\n\n'
        + b''.join(b' In:  RCPT TO:<user%d@example.org>\n Out: 550 no\n' % i for i in range(50000)),
    'text-kana': lambda: HEAD + b'\n' + fill('あa@example.orgあ'.encode()),
    'text-html-lines': lambda: HEAD + b'Content-Type: text/html\n\n' + fill(b'<p><div><br>\r\n</div>'),
    'groups-torn': lambda: dsn(b''.join((GROUP % i).replace(b'\n', b'\n\n') for i in range(50000))),
    'groups-unfolded': lambda: dsn(ONE[:-1] + b'Diagnostic-Code: smtp; 550\n' + fill(b'no field\n')),
    'text-html': lambda: HEAD + b'Content-Type: text/html\n\n' + fill(b'<style>&#'),
    'text-json': lambda: b'x-amz-sns-message-id: 1\n' + HEAD + b'\n{"bounce":{"bouncedRecipients":[' + fill(b'{"emailAddress":"a@example.org"},'),
    'parts-empty': lambda: REPORT + b'--b\n\n' * 1000000,
    'parts-status': lambda: REPORT + (STATUS + ONE) * 30000,
    'parts-messages': lambda: REPORT + (b'--b\nContent-Type: message/rfc822\n\nSubject: x\n\n--b\n' + STATUS) * 50000,
    'boundary-prefix': lambda: b''.join(b'Content-Type: multipart/mixed; boundary=%s\n\n--%s\n' % (b, b) for b in
                                        (b'a' * 60 + b'%02d' % i for i in range(32))) + fill(b'--' + b'a' * 60 + b'\n'),
    'boundary-hyphens': lambda: REPORT + fill(b'--\n'),
    'boundary-long': lambda: HEAD + b'Content-Type: multipart/mixed; boundary="' + b'b' * MEGABYTE + b'"\n\n' + b'--b\n\n',
    'content-type-parameters': lambda: HEAD + b'Content-Type: text/plain' + b'; a=b' * 500000 + b'\n\ntext\n',
    'groups-tiny': lambda: dsn(b'a:\n\n' * 700000),
    'groups-empty-lines': lambda: dsn(fill(b'\n')),
    'groups-one-block': lambda: dsn((GROUP % 7).replace(b'\n\n', b'\n') * 50000),
    'groups-hyphens': lambda: dsn(fill(b'--\nFinal-Recipient: a@example.org\nAction: failed\n')),
    'feedback-recipients': lambda: FEEDBACK + b''.join(b'Original-Rcpt-To: <user%d@example.org>\n' % i for i in range(100000)) + b'\n--b--\n',
    'encoded-words': lambda: dsn(ONE, returned=b'Subject: ' + b'=?utf-8?q?=C3=A4?= ' * 200000 + b'\n\n'),
    'encoded-words-open': lambda: dsn(ONE, returned=b'Subject: ' + b'=?utf-8?b?' * 400000 + b'\n\n'),
    'base64-broken': lambda: REPORT + b'--b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n' + fill(b'=A?!\n'),
    'quoted-printable-broken': lambda: REPORT + b'--b\nContent-Transfer-Encoding: quoted-printable\n\n' + fill(b'=\n=0=Z'),
    'uuencode-broken': lambda: REPORT + b'--b\nContent-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n' + fill(b'M~~~~~~\n'),
    'charset-iso-2022-jp': lambda: REPORT + b'--b\nContent-Type: text/plain; charset=iso-2022-jp\n\n' + fill(b'\x1b$B\xff\xff') + STATUS + ONE,
    'charset-utf-16': lambda: REPORT + b'--b\nContent-Type: text/plain; charset=utf-16\n\n' + fill(b'\xd8\x00\xd8') + STATUS + ONE,
    'charset-latin': lambda: REPORT + b'--b\nContent-Type: text/plain; charset=iso-8859-1\n\n' + fill(b'\xe4', 20 * MEGABYTE) + STATUS + ONE,
    'utf-8-invalid': lambda: REPORT + b'--b\n\n' + fill(b'\xff', 20 * MEGABYTE) + STATUS + ONE,
    'random': lambda: random.randbytes(4 * MEGABYTE),
    'random-body': lambda: REPORT + b'--b\n' + random.randbytes(4 * MEGABYTE),
    'cr': lambda: dsn(b''.join(GROUP % i for i in range(50000))).replace(b'\n', b'\r'),
    'cr-only': lambda: fill(b'\r', 20 * MEGABYTE),
    'lf-only': lambda: fill(b'\n', 20 * MEGABYTE),
    'cr-lf-mixed': lambda: fill(b'a: b\r\r\n\n\r', 4 * MEGABYTE),
    'text-fields': lambda: HEAD + b'\n' + fill(b'Final-Recipient: rfc822\n') + ONE,
    'text-content-types': lambda: HEAD + b'\n' + ONE + fill(b'\nContent-Type: message/rfc82'),
}

# one token over and over, in every place that is searched
TOKENS = {'angle': b'<', 'at': b'@', 'digits': b'5', 'dots': b'.', 'dashes': b'-', 'blanks': b' ', 'tabs': b'\t', 'nul': b'\0',
          'quotes': b'"', 'open': b'(', 'address': b'a@b ', 'status': b'5.1.1.', 'reply': b'550 ', 'arrows': b'>>> ',
          'commas': b'a@example.org,', 'semicolons': b';', 'plus': b'+2B', 'unicode': b'\\x{E4}', 'words': b'in reply to ',
          'equals': b'=?', 'colons': b':', 'for': b'for '}
PLACES = {
    'text': lambda t: dsn(ONE, t),
    'lines': lambda t: dsn(ONE, t.replace(b' ', b'\n')),
    'body': lambda t: HEAD + b'\n' + t,
    'recipient': lambda t: dsn(b'Final-Recipient: rfc822; ' + t + b'\nAction: failed\n'),
    'diagnostic': lambda t: dsn(ONE[:-1] + b'Diagnostic-Code: smtp; ' + t + b'\n'),
    'subject': lambda t: b'Subject: ' + t + b'\n' + dsn(ONE, returned=b'Subject: ' + t + b'\n\n'),
    'to': lambda t: b'To: ' + t + b'\n' + dsn(b'', returned=b'To: ' + t + b'\n\n'),
    'from': lambda t: b'From: ' + t + b'\nAuto-Submitted: auto-replied\n\ntext\n',
    'received': lambda t: dsn(b'', returned=b'Received: ' + t + b'\n\n'),
    'date': lambda t: b'Date: ' + t + b'\n' + dsn(b'Arrival-Date: ' + t + b'\n\n' + ONE),
    'original': lambda t: FEEDBACK + b'Original-Rcpt-To: ' + t + b'\n\n--b--\n',
}


def cases():
    yield from CASES.items()
    for place, wrap in PLACES.items():
        for name, token in TOKENS.items():
            yield f'{place}-{name}', lambda wrap=wrap, token=token: wrap(fill(token, 900000))


def write(path, make):
    """In a process of its own: what a parent has in memory counts for the children that it starts."""
    child = os.fork()
    if child == 0:
        with open(path, 'wb') as out:
            out.write(make())
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit(f'cannot write {path}')
    return os.path.getsize(path)


def run(program, path):
    """How it ended, seconds, and the largest resident size in octets."""
    start = time.monotonic()
    child = subprocess.Popen([program, path], stdout=subprocess.DEVNULL,
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS)))
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, time.monotonic() - start, usage.ru_maxrss * 1024


def main():
    program = os.path.join(os.environ['BUILD'], 'fuzz_message')
    failures = count = 0
    slowest, largest = ('', 0), ('', 0)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'message')
        open(path, 'wb').close()
        floor = run(program, path)[2]
        for name, make in cases():
            size = write(path, make)
            code, seconds, resident = run(program, path)
            share = (resident - floor) / (4 * size + 16 * MEGABYTE)
            slowest = max(slowest, (name, seconds), key=lambda x: x[1])
            largest = max(largest, (name, share), key=lambda x: x[1])
            count += 1
            if code != 0 or (share > 1 and not SANITIZED):
                print(f'{name}: {size} octets, exit {code}, {seconds:.1f} s, {(resident - floor) >> 20} MiB')
                failures += 1
    print(f'{count} messages; slowest: {slowest[0]} {slowest[1]:.2f} s; '
          f'most of its memory bound: {largest[0]} {100 * largest[1]:.0f} %')
    sys.exit(failures != 0)


main()
