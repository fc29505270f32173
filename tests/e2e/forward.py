"""Mail that reports nothing goes on to a person through a smart host: what it looks like there, what stays here, and what
happens when the host is down, stalls or refuses, or when bounced dies."""

import contextlib
import json
import os
import signal
import smtplib
import sqlite3
import unittest

from support.bounced_process import DOMAIN, Bounced, report
from support.postfix_process import find_problem, wait_until
from support.smart_host_process import PASSWORD, SINK, USER, PostfixHost, Sink, make_certificate

CONFIG = """
[store]
path = {folder}/bounced.db
busy-timeout = 1s
[server]
hostname = mx.example.com
[listen mx]
protocol = smtp
address = 127.0.0.1:0
bare-newline = {bare_newline}
[return-path all]
domain = {domain}
forward = person@dest.example
[feedback]
address = fbl@example.com
forward = person@dest.example
[postmaster]
forward = admin@dest.example
[smart-host]
address = 127.0.0.1:{port}
retry = 1s
{smart_host}
"""

# The mail by which a feedback loop confirms the address: a line of dots, no line end of its own at the end of the last part.
VERIFICATION = (
    "DKIM-Signature: v=1; a=rsa-sha256; d=fbl.example.net; s=s; h=from:to:subject;\r\n"
    "\tbh=x; b=y\r\n"
    "From: Feedback loop <fbl@fbl.example.net>\r\n"
    "To: <fbl@example.com>\r\n"
    "Subject: Please confirm =?utf-8?q?=C3=A9?= {number}\r\n"
    "Date: Sun, 22 Nov 2026 09:30:00 +0000\r\n"
    "Message-ID: <{number}@fbl.example.net>\r\n"
    "Auto-Submitted: auto-generated\r\n"
    "\r\n"
    ".\r\n"
    "..two\r\n"
    "Gr\u00fc\u00dfe, and \xe9 in octets of 8 bits\r\n"
    "Confirm within a week: https://fbl.example.net/confirm?token={number}\r\n"
    "\r\n"
)


class Forward(unittest.TestCase):
    def setUp(self):
        self.bounced = self.enterContext(Bounced())
        self.sink = self.enterContext(Sink(self.bounced.folder))
        self.configure()

    def configure(self, smart_host="tls = none", port=None, bare_newline="refuse"):
        self.bounced.write_config(CONFIG.format(folder=self.bounced.folder, domain=DOMAIN, smart_host=smart_host,
                                                bare_newline=bare_newline,
                                                port=port or self.sink.port))

    def send(self, text, recipient="fbl@example.com", sender="fbl@fbl.example.net"):
        with smtplib.SMTP("127.0.0.1", self.bounced.port) as client:
            client.sendmail(sender, [recipient], text.encode() if isinstance(text, str) else text)

    def outbox(self, *options):
        return [json.loads(line) for line in self.bounced.bouncectl("outbox", "--json", *options).splitlines()]

    def wait_for_state(self, state, count=1):
        wait_until(lambda: len(self.outbox("--state", state)) == count,
                   lambda: f"{count} {state}; the outbox: {self.outbox()}; the log: {self.bounced.read_log()}")

    def wait_for_log(self, text):
        wait_until(lambda: text in self.bounced.read_log(), lambda: f"{text}; the log: {self.bounced.read_log()}")

    def taken(self):
        """The numbers of the verification mails that the smart host has, each as often as it has it."""
        return sorted(text.rpartition("token=")[2].split("\n")[0] for text in self.sink.messages())

    # --- what goes on, and what does not ---

    def test_as_it_came(self):
        self.sink.start()
        self.bounced.start()
        text = VERIFICATION.format(number=1)
        self.send(text)
        self.wait_for_state("delivered")
        [got] = self.sink.messages()
        head, _, body = got.partition("Delivered-To: fbl@example.com\n")
        self.assertIn("X-Helo-Args: mx.example.com\n", head)
        self.assertIn("X-Mail-Args: <>", head)
        self.assertIn("X-Rcpt-Args: <person@dest.example>\n", head)
        trace, unchanged, rest = body.partition(text.replace("\r\n", "\n"))
        self.assertRegex(trace, r"^Received: by mx\.example\.com \(bounced\) with SMTP id [0-9a-f]{16}\n"
                                r"\tfor <fbl@example\.com>; \w{3}, \d+ \w{3} \d{4} [\d:]{8} \+0000\n$")
        self.assertTrue(unchanged)
        self.assertEqual(rest.strip(), "")
        self.assertIn("event=forwarded ", self.bounced.read_log())

    def test_who_gets_what(self):
        self.sink.start()
        self.bounced.start()
        plain = "From: Ann <ann@example.net>\r\nSubject: a question\r\n\r\nHello?\r\n"
        self.send(report(1), f"news@{DOMAIN}", "")
        self.send(plain, "postmaster")
        self.send(plain, f"postmaster@{DOMAIN}", "")
        self.send(plain, f"news@{DOMAIN}", "")
        self.send("Delivered-To: <FBL@example.com>\r\n" + plain)
        self.send("Received: a\r\n" * 31 + plain)
        self.send("Auto-Submitted: auto-replied (vacation)\r\nList-Id: <a.example>\r\n" + plain)
        self.send(plain, sender="person@dest.example")
        self.wait_for_state("delivered", 3)
        self.assertEqual(sorted((row["came_to"], row["goes_to"]) for row in self.outbox("--state", "delivered")), [
            (f"news@{DOMAIN}", "person@dest.example"),
            (f"postmaster@{DOMAIN}", "admin@dest.example"),
            ("postmaster@mx.example.com", "admin@dest.example"),
        ])
        self.assertEqual([(row["state"], row["said"]) for row in self.outbox()],
                         [("withheld", reason) for reason in ("loop", "hops", "auto_reply", "own")])
        self.assertEqual(len(self.sink.messages()), 3)
        self.assertEqual(self.bounced.recipients().count("user1@example.org"), 1)

    def test_smuggling(self):
        """A message that would be two to a smart host that reads line ends otherwise does not get that far, by BDAT either."""
        self.sink.start()
        self.bounced.start()
        text = b"Subject: one\r\n\r\ntext%b.%bMAIL FROM:<>\r\nRCPT TO:<other@dest.example>\r\nDATA\r\ntwo\r\n"
        with smtplib.SMTP("127.0.0.1", self.bounced.port) as client:
            for before, after in ((b"\n", b"\n"), (b"\n", b"\r\n"), (b"\r\n", b"\n"), (b"\r", b"\r")):
                client.ehlo()
                client.mail("fbl@fbl.example.net")
                client.rcpt("fbl@example.com")
                octets = text % (before, after)
                client.send(b"BDAT %d LAST\r\n" % len(octets) + octets)
                self.assertEqual(client.getreply()[1][:6], b"5.6.11")
        self.send(VERIFICATION.format(number=1))
        self.wait_for_state("delivered")
        self.assertEqual(self.taken(), ["1"])

    def test_smuggling_normalized(self):
        """Where a lone LF ends a line, the dot between two of them is text, and the message goes on as one."""
        self.configure(bare_newline="normalize")
        self.sink.start()
        self.bounced.start()
        octets = (b"Subject: one\r\nMessage-ID: <1@fbl.example.net>\r\n\r\ntext\n.\n.\r\n"
                  b"MAIL FROM:<>\nRCPT TO:<other@dest.example>\nDATA\ntwo\r\n")
        with smtplib.SMTP("127.0.0.1", self.bounced.port) as client:
            client.ehlo()
            client.mail("fbl@fbl.example.net")
            client.rcpt("fbl@example.com")
            client.send(b"BDAT %d LAST\r\n" % len(octets) + octets)
            self.assertEqual(client.getreply()[0], 250)
        self.wait_for_state("delivered")
        self.assertEqual(len(self.sink.messages()), 1)
        self.assertIn("two", self.sink.messages()[0])

    def test_too_many(self):
        self.configure("tls = none\nhourly = 2")
        self.sink.start()
        self.bounced.start()
        for number in range(5):
            self.send(VERIFICATION.format(number=number))
        self.wait_for_state("delivered", 2)
        held = self.outbox()
        self.assertEqual([(row["state"], row["said"]) for row in held], [("withheld", "too_many")] * 3)
        self.assertEqual(self.bounced.read_log().count("event=forward-limit"), 1)
        self.bounced.bouncectl("outbox", "--retry", held[0]["digest"])
        self.wait_for_state("delivered", 3)
        self.assertEqual(len(self.outbox()), 2)

    # --- when it does not get through ---

    def test_down(self):
        self.bounced.start()
        for number in range(3):
            self.send(VERIFICATION.format(number=number))
        self.wait_for_log("event=forward-deferred")
        self.assertEqual(self.bounced.terminate(), 0)
        self.sink.start()
        self.bounced.start()
        self.wait_for_state("delivered", 3)
        self.assertEqual(self.taken(), ["0", "1", "2"])

    def stall(self):
        """The smart host has the whole message, and does not answer."""
        self.sink.start("-W", ".:3600")
        self.bounced.start()
        self.send(VERIFICATION.format(number=1))
        wait_until(lambda: self.taken() == ["1"], lambda: "the message at the smart host")

    def go_on(self):
        self.sink.start()
        self.bounced.start()
        self.wait_for_state("delivered")
        self.assertEqual(self.taken(), ["1"])

    def test_killed(self):
        self.stall()
        self.bounced.kill()
        self.go_on()

    def test_killed_at_once(self):
        """A message that was answered 250 is in the outbox, also when bounced dies before it looks there."""
        self.bounced.start()
        for number in range(3):
            self.send(VERIFICATION.format(number=number))
        self.bounced.kill()
        self.sink.start()
        self.bounced.start()
        self.wait_for_state("delivered", 3)
        self.assertEqual(self.taken(), ["0", "1", "2"])

    def test_not_marked(self):
        """The host has taken it, and the database is locked: it is marked later, and not sent again."""
        self.sink.start("-W", ".:2")
        self.bounced.start()
        self.send(VERIFICATION.format(number=1))
        wait_until(lambda: self.taken() == ["1"], lambda: "the message at the smart host")
        with contextlib.closing(sqlite3.connect(f"{self.bounced.folder}/bounced.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            self.wait_for_log("event=outbox-failed")
        self.wait_for_state("delivered")
        self.assertEqual(self.taken(), ["1"])

    def test_stopped(self):
        """A host that stalls does not hold up the end."""
        self.stall()
        self.assertEqual(self.bounced.terminate(), 0)
        [row] = self.outbox()
        self.assertEqual((row["state"], row["attempts"]), ("waiting", 0))
        self.go_on()

    def test_answered_and_gone(self):
        """A 250 to the data is what counts, not how the connection ends."""
        self.sink.start("-q", "QUIT")
        self.bounced.start()
        self.send(VERIFICATION.format(number=1))
        self.wait_for_state("delivered")
        self.assertEqual(self.taken(), ["1"])

    def test_refused(self):
        for command in ("MAIL", "RCPT", "DATA", "."):
            with self.subTest(command):
                self.sink.start("-f", command, "-B", f"554 5.7.1 not at {command}")
                if self.bounced.process is None:
                    self.bounced.start()
                self.send(VERIFICATION.format(number=command))
                self.wait_for_state("failed")
                [row] = self.outbox()
                self.assertEqual((row["attempts"], row["said"]), (1, f"554 5.7.1 not at {command}"))
                self.assertIn(f"priority=alert event=forward-failed digest={row['digest']}", self.bounced.read_log())
                self.sink.start()
                self.bounced.bouncectl("outbox", "--retry", row["digest"][:16])
                wait_until(lambda: self.outbox() == [], lambda: "the second attempt")
                self.assertEqual(self.taken(), [command])

    def test_deferred(self):
        for command in ("CONNECT", "MAIL", "RCPT", "."):
            with self.subTest(command):
                self.sink.start("-r", command)
                if self.bounced.process is None:
                    self.bounced.start()
                self.send(VERIFICATION.format(number=command))
                wait_until(lambda: any(row["attempts"] > 0 for row in self.outbox()), lambda: "the first attempt")
                [row] = self.outbox()
                self.assertEqual(row["state"], "waiting")
                self.assertIn("450", row["said"])
                self.sink.start()
                wait_until(lambda: self.outbox() == [], lambda: f"the next attempt: {self.outbox()}")
                self.assertEqual(self.taken(), [command])

    def test_given_up(self):
        self.configure("tls = none\ngive-up = 1s")
        self.bounced.start()
        self.send(VERIFICATION.format(number=1))
        self.wait_for_state("failed")
        self.assertIn("event=forward-failed", self.bounced.read_log())

    def test_damaged(self):
        """One that cannot be read any more is given up, and those behind it go on."""
        self.bounced.start()
        for number in range(3):
            self.send(VERIFICATION.format(number=number))
        self.wait_for_log("event=forward-deferred")
        self.assertEqual(self.bounced.terminate(), 0)
        with contextlib.closing(sqlite3.connect(f"{self.bounced.folder}/bounced.db", isolation_level=None)) as other:
            other.execute("UPDATE raws SET bytes = x'00' WHERE message = (SELECT min(message) FROM raws)")
        self.sink.start()
        self.bounced.start()
        self.wait_for_state("delivered", 2)
        self.wait_for_state("failed")
        self.assertEqual(self.taken(), ["1", "2"])
        self.assertIn("cannot be decompressed", self.outbox("--state", "failed")[0]["said"])
        self.assertNotIn("event=outbox-failed", self.bounced.read_log())

    # --- TLS ---

    def reload(self, host, password):
        file = os.path.join(self.bounced.folder, "password")
        with open(file, "w", encoding="utf-8") as out:
            out.write(password + "\n")
        os.chmod(file, 0o600)
        self.configure(f"ca-file = {host.certificate}\nuser = {USER}\npassword-file = {file}", host.port)
        self.bounced.process.send_signal(signal.SIGHUP)

    @unittest.skipIf(find_problem() is not None, f"TLS and AUTH: {find_problem()}")
    def test_tls_and_login(self):
        """Nothing is sent to a host that is not proven to be the right one, or that does not let us in; a reload sets it
        right."""
        other = os.path.join(self.bounced.folder, "other.pem")
        make_certificate(other, os.path.join(self.bounced.folder, "other-key.pem"))
        with PostfixHost() as host:
            self.configure(f"ca-file = {other}", host.port)
            self.bounced.start()
            self.send(VERIFICATION.format(number=1))
            self.wait_for_log("event=forward-deferred")
            self.assertRegex(self.outbox()[0]["said"], "certificate")
            self.reload(host, "another secret")
            self.wait_for_log("Login denied: 535 5.7.8 ")
            self.reload(host, PASSWORD)
            self.wait_for_state("delivered")
            wait_until(lambda: len(host.messages()) == 1, host.read_log)
            [got] = host.messages()
            self.assertIn("(using TLSv1.3 ", got)
            self.assertIn("with ESMTPSA id", got)
            self.assertIn("Return-Path: <>\n", got)
            self.assertIn(VERIFICATION.format(number=1).replace("\r\n", "\n").rstrip(), got)

    def test_no_tls(self):
        """tls = required is the default, and smtp-sink has none."""
        self.configure("")
        self.sink.start()
        self.bounced.start()
        self.send(VERIFICATION.format(number=1))
        self.wait_for_log("event=forward-deferred")
        self.assertEqual(self.sink.messages(), [])
        self.configure("tls = opportunistic")
        self.bounced.process.send_signal(signal.SIGHUP)
        self.wait_for_state("delivered")


if __name__ == "__main__":
    if not os.path.exists(SINK):
        print("skipped: there is no smtp-sink (Debian's postfix has it)")
        raise SystemExit(77)
    unittest.main(verbosity=2)
