"""The author of a message is told that it was not delivered, by a short notice through a real Postfix: once a day and
recipient, also over a kill; nobody else is ever mailed, whatever a report says; and what the smart host refuses holds up
nothing."""

import contextlib
import os
import re
import smtplib
import sqlite3
import unittest

from support.bounced_process import DOMAIN, HEAD, Bounced
from support.feeds import wait_for_end, wait_for_feeds, wait_for_log
from support.postfix_process import find_problem, wait_until
from support.smart_host_process import PASSWORD, USER, PostfixHost, Sink

CONFIG = HEAD + """
[return-path people]
domain = {domain}
scheme = signed
key-file = {folder}/keys
[smart-host]
address = 127.0.0.1:{port}
retry = 1s
from = envelope@example.net
{smart_host}
[feed authors]
type = mail
to = sender
from = postmaster@example.com
domains = dest.example
daily = 3
retry = 1s
"""
AUTHOR = "person@dest.example"


def bounce(number, author=AUTHOR, more="", recipient="gone@elsewhere.example"):
    return (
        "From: <MAILER-DAEMON@mta.example.net>\r\n"
        f"To: <x@{DOMAIN}>\r\nSubject: Undelivered mail\r\nMessage-ID: <{number}@mta.example.net>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\n\r\nNot delivered. Buy at https://evil.example/ now.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mta.example.net\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"Diagnostic-Code: smtp; 550 5.1.1 User unknown, https://evil.example/ {number}\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\n"
        f"From: Author <{author}>\r\nTo: {recipient}\r\nSubject: Buy now\r\nMessage-ID: <lunch-{number}@dest.example>\r\n"
        f"{more}\r\nLunch?\r\n--b--\r\n"
    ).encode()


class FeedMail(unittest.TestCase):
    def setUp(self):
        self.bounced = self.enterContext(Bounced())
        with open(os.path.join(self.bounced.folder, "keys"), "w") as keys:
            keys.write("a secret of the test, long enough\n")
        os.chmod(keys.name, 0o600)

    def start(self, port, smart_host="tls = none"):
        self.bounced.write_config(CONFIG.format(folder=self.bounced.folder, domain=DOMAIN, port=port, smart_host=smart_host))
        self.bounced.start()
        wait_for_feeds(self.bounced, "authors")

    def send(self, text, recipient="gone@elsewhere.example", to=None):
        to = to or self.bounced.bouncectl("return-path", recipient).strip()
        with smtplib.SMTP("127.0.0.1", self.bounced.port) as client:
            client.sendmail("", [to], text)

    def wait_for_messages(self, host, count):
        wait_until(lambda: len(host.messages()) == count,
                   lambda: f"{count}: {host.messages()}; the log: {self.bounced.read_log()}")
        wait_for_end(self.bounced, "authors")
        self.assertEqual(len(host.messages()), count)

    def test_notice(self):
        with PostfixHost() as host:
            password = os.path.join(self.bounced.folder, "password")
            with open(password, "w") as file:
                file.write(PASSWORD)
            os.chmod(password, 0o600)
            self.start(host.port, f"ca-file = {host.certificate}\nuser = {USER}\npassword-file = {password}")
            self.send(bounce(1))
            self.wait_for_messages(host, 1)
            [notice] = host.messages()
            for line in ("Return-Path: <>", f"To: <{AUTHOR}>", "From: Mail delivery <postmaster@example.com>",
                         "Auto-Submitted: auto-replied", "In-Reply-To: <lunch-1@dest.example>",
                         "    gone@elsewhere.example"):
                self.assertIn(line + "\n", notice)
            self.assertNotIn("evil", notice)
            self.assertNotIn("Buy", notice)
            self.assertNotIn("X-Spam", notice)
            self.assertRegex(notice, r"Message-ID: <evt_[0-9a-f]{32}@mx\.example\.com>\n")
            self.assertIn("event=notice-sent feed=authors", self.bounced.read_log())

    def test_once(self):
        """One a day and recipient, over a kill as well, and by a replay none; three a day at most."""
        sink = self.enterContext(Sink(self.bounced.folder))
        sink.start()
        self.start(sink.port)
        self.send(bounce(1))
        self.wait_for_messages(sink, 1)
        self.send(bounce(2))
        wait_for_log(self.bounced, "why=told-today")
        self.bounced.kill()
        self.bounced.start()
        self.send(bounce(3))
        wait_until(lambda: "why=told-" in self.bounced.read_log(), self.bounced.read_log)
        for number in (4, 5, 6, 7):
            self.send(bounce(number, recipient=f"gone{number}@elsewhere.example"), f"gone{number}@elsewhere.example")
        wait_for_log(self.bounced, "why=daily-limit")
        self.wait_for_messages(sink, 3)
        self.bounced.bouncectl("feeds", "replay", "authors", "--since", "1d")
        wait_for_log(self.bounced, "why=told-before")
        self.wait_for_messages(sink, 3)
        with contextlib.closing(sqlite3.connect(os.path.join(self.bounced.folder, "bounced.db"))) as store:
            rows = store.execute("SELECT * FROM tellings").fetchall()
        self.assertEqual(len(rows), 3)
        self.assertNotIn("example", str(rows))

    def test_nobody_else(self):
        sink = self.enterContext(Sink(self.bounced.folder))
        sink.start()
        self.start(sink.port)
        number = iter(range(1, 100))
        self.send(bounce(next(number)), to=f"x@{DOMAIN}")  # proves nothing
        forged = re.sub(r"\+....", "+abcd", self.bounced.bouncectl("return-path", "gone@elsewhere.example").strip(), count=1)
        self.send(bounce(next(number)), to=forged)
        for author in ("victim@example.org", "victim@sub.dest.example", f"x@{DOMAIN}", "postmaster@dest.example",
                       "noreply@dest.example", "gone@elsewhere.example", "a>, <victim@example.org", "person@dest.example.org"):
            self.send(bounce(next(number), author=author))
        for more in ("List-Id: <news.dest.example>", "Auto-Submitted: auto-generated", "Precedence: bulk",
                     "List-Unsubscribe: <https://dest.example/off>"):
            self.send(bounce(next(number), more=more + "\r\n"))
        self.send(b"Subject: Re: Lunch\r\nAuto-Submitted: auto-replied\r\n\r\nAway.\r\n")
        self.bounced.bouncectl("feeds", "test", "authors")
        wait_for_log(self.bounced, "event=feed-tested feed=authors")
        self.send(bounce(next(number)))
        self.wait_for_messages(sink, 1)
        self.assertIn(f"X-Rcpt-Args: <{AUTHOR}>\n", sink.messages()[0])
        self.assertIn("X-Mail-Args: <>", sink.messages()[0])
        self.assertEqual(self.bounced.read_log().count("why=automatic"), 3)

    def test_refused(self):
        sink = self.enterContext(Sink(self.bounced.folder))
        self.start(sink.port)
        self.send(bounce(1))
        wait_for_log(self.bounced, "event=feed-failing feed=authors")  # it is down
        sink.start("-f", "rcpt")
        wait_for_log(self.bounced, "event=notice-refused feed=authors")
        sink.start()
        self.send(bounce(2, recipient="other@elsewhere.example"), "other@elsewhere.example")
        self.wait_for_messages(sink, 1)
        self.assertIn("other@elsewhere.example", sink.messages()[0])


if __name__ == "__main__":
    problem = find_problem()
    if problem is not None:
        print(f"skipped: {problem}")
        raise SystemExit(77)
    unittest.main()
