"""Signed reports: stored and answered first, then verified by keys from a name server, and proven or not; what is forged
stays unproven. The signer is dkimpy, another implementation than the daemon's."""

import base64
import contextlib
import json
import os
import signal
import smtplib
import sqlite3
import subprocess
import sys
import time
import unittest

from support.bounced_process import Bounced
from support.name_server import NameServer
from support.postfix_process import wait_until

DEBIAN = "/usr/bin/python3"  # Debian's modules are for Debian's Python, which may not be the first one in PATH

try:
    import dkim
except ImportError:
    dkim = None
    if os.path.realpath(sys.executable) != os.path.realpath(DEBIAN) and os.path.exists(DEBIAN):
        os.execv(DEBIAN, [DEBIAN, "-B", *sys.argv])

CONFIG = """
[store]
path = {folder}/bounced.db
[listen mx]
protocol = smtp
address = 127.0.0.1:0
[listen lmtp]
protocol = lmtp
address = 127.0.0.1:0
[listen metrics]
protocol = http
address = 127.0.0.1:0
[return-path all]
domain = bounces.example.com
unproven = count
[feedback]
address = fbl@example.com
unproven = count
trust = fbl.example.net, loop@users.example
{more}
[dns]
servers = {servers}
"""

LOOP = "loop@fbl.example.net"
TO = "fbl@example.com"


def make_key(bits=2048):
    """The private key (PEM), and the TXT record of the public one."""
    private = subprocess.run(["openssl", "genrsa", "-traditional", str(bits)], check=True, capture_output=True).stdout
    public = subprocess.run(["openssl", "rsa", "-pubout", "-outform", "DER"], input=private, check=True,
                            capture_output=True).stdout
    return private, "v=DKIM1; k=rsa; p=" + base64.b64encode(public).decode()


def complaint(recipient, sender=LOOP, to=TO, original=""):
    return (
        f"From: {sender}\r\n"
        f"To: {to}\r\n"
        "Subject: complaint\r\n"
        "Date: Sat, 28 Nov 2026 12:00:00 +0000\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n'
        "\r\n"
        "--b\r\n\r\nsomebody complained\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\n"
        f"Feedback-Type: abuse\r\nUser-Agent: test/1\r\nVersion: 1\r\nOriginal-Rcpt-To: {recipient}\r\n"
        "\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        f"From: news@example.com\r\nTo: {recipient}\r\n{original}Subject: news\r\n\r\nnews\r\n"
        "--b--\r\n"
    ).encode()


def unsubscribe(sender, to="leave@bounces.example.com"):
    return (
        f"From: {sender}\r\nTo: {to}\r\nSubject: unsubscribe\r\nDate: Sat, 28 Nov 2026 12:00:00 +0000\r\n"
        f"Message-ID: <{time.monotonic_ns()}@test.example>\r\n\r\nplease\r\n"
    ).encode()


class Signed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.key, cls.record = make_key()
        cls.other_key, _ = make_key()

    def setUp(self):
        self.names = self.enterContext(NameServer())
        for domain in ("fbl.example.net", "users.example", "evil.example", "home.example", "provider.example"):
            self.names.records[f"s1._domainkey.{domain}"] = [self.record]
        self.bounced = self.enterContext(Bounced())
        self.configure()

    def configure(self, more="", servers=None):
        self.bounced.write_config(CONFIG.format(folder=self.bounced.folder, more=more,
                                                servers=servers or self.names.address))

    def sign(self, message, domain="fbl.example.net", key=None, **options):
        options.setdefault("include_headers", [b"from", b"to", b"subject", b"date"])
        return dkim.sign(message, b"s1", domain.encode(), key or self.key, canonicalize=(b"relaxed", b"simple"),
                         **options) + message

    def send(self, message, to=TO, mail_from="", listener="mx"):
        kind = smtplib.SMTP if listener == "mx" else smtplib.LMTP
        with kind("127.0.0.1", self.bounced.find_port(listener)) as smtp:
            smtp.sendmail(mail_from, [to], message)

    def events(self):
        return [json.loads(line) for line in self.bounced.bouncectl("events", "--json").splitlines()]

    def suppressed(self):
        return [json.loads(line)["recipient"] for line in self.bounced.bouncectl("list", "--json").splitlines()]

    def wait_for(self, text, times=1):
        wait_until(lambda: self.bounced.read_log().count(text) >= times, self.bounced.read_log)

    def test_proven(self):
        """A complaint of a trusted loop, one of an address of users' domain, and who unsubscribes herself."""
        self.bounced.start()
        self.send(self.sign(complaint("a@far.example")))
        self.send(self.sign(complaint("b@far.example", "loop@users.example"), "users.example"))
        self.send(self.sign(unsubscribe("Ann <ann@home.example>"), "home.example"), "leave@bounces.example.com",
                  "ann@home.example")
        cfbl = "CFBL-Address: reports@example.com; report=arf\r\n"
        self.send(self.sign(complaint("c@provider.example", "abuse@provider.example", original=cfbl),
                            "provider.example"))
        self.wait_for("event=proven", 4)
        self.assertEqual(self.suppressed(), ["a@far.example", "ann@home.example", "b@far.example",
                                             "c@provider.example"])
        for event in self.events():
            self.assertEqual(event["evidence"], "authenticated")
            self.assertRegex(event["proof"], r"^dkim d=\S+ s=s1$")
            self.assertEqual(event["effect"], "suppressed")
        explained = self.bounced.bouncectl("explain", "a@far.example")
        self.assertIn("authenticated by dkim d=fbl.example.net s=s1", explained)
        self.assertIn("proof=\"dkim d=fbl.example.net s=s1\"", self.bounced.read_log())
        self.assertEqual(len(self.names.asked), 4)

    def test_cache(self):
        """A key is asked for once."""
        self.bounced.start()
        for number in range(5):
            self.send(self.sign(complaint(f"user{number}@far.example")))
        self.wait_for("event=proven", 5)
        self.assertEqual(self.names.asked, ["s1._domainkey.fbl.example.net"])

    def forge(self):
        """Messages that must prove nothing: a name, the message, the envelope recipient."""
        good = self.sign(complaint("v@far.example"))
        cfbl = "CFBL-Address: reports@example.com\r\n"
        leave = "leave@bounces.example.com"
        own = self.sign(unsubscribe("ann@home.example"), "home.example")
        return [
            ("not signed", complaint("v@far.example"), TO),
            ("another key", self.sign(complaint("v@far.example"), key=self.other_key), TO),
            ("changed", good.replace(b"Original-Rcpt-To: v@", b"Original-Rcpt-To: w@"), TO),
            ("signed by a stranger", self.sign(complaint("v@far.example"), "evil.example"), TO),
            ("a stranger's own", self.sign(complaint("v@far.example", "x@evil.example"), "evil.example"), TO),
            ("a user of a trusted address's domain",
             self.sign(complaint("v@far.example", "x@users.example"), "users.example"), TO),
            ("a part of the body", self.sign(complaint("v@far.example"), length=True), TO),
            ("no To in it",
             self.sign(complaint("v@far.example"), include_headers=[b"from", b"subject", b"date"]), TO),
            ("a second From", b"From: x@evil.example\r\n" + good, TO),
            ("sent on to us", self.sign(complaint("v@far.example", to="fbl@other.example")), TO),
            ("no key", self.sign(complaint("v@far.example")).replace(b"s=s1", b"s=s2"), TO),
            ("RFC 9477 of a stranger about another's user",
             self.sign(complaint("v@far.example", "abuse@evil.example", original=cfbl), "evil.example"), TO),
            ("RFC 9477 that we did not ask for",
             self.sign(complaint("v@provider.example", "abuse@provider.example"), "provider.example"), TO),
            ("RFC 9477 by a user",
             self.sign(complaint("v@provider.example", "x@provider.example", original=cfbl), "provider.example"), TO),
            ("unsubscribes another", own.replace(b"From: ann@", b"From: bob@"), leave),
            ("unsubscribes another, by his From above", b"From: bob@home.example\r\n" + own, leave),
            ("unsubscribes, signed by a stranger",
             self.sign(unsubscribe("ann@home.example"), "evil.example"), leave),
            ("unsubscribes from another list",
             self.sign(unsubscribe("ann@home.example", "leave@other.example"), "home.example"), leave),
        ]

    def test_forged(self):
        self.bounced.start()
        forged = self.forge()
        for name, message, to in forged:
            with self.subTest(name):
                self.send(message, to)
        self.send(self.sign(complaint("last@far.example")))
        self.wait_for("event=proven")
        # Whatever still waited is settled: each is asked for at once.
        wait_until(lambda: not self.claims(), self.bounced.read_log)
        self.assertEqual(self.suppressed(), ["last@far.example"])
        self.assertEqual([event["evidence"] for event in self.events() if event.get("recipient") != "last@far.example"],
                         ["unproven"] * len(forged))

    def claims(self):
        """The rows that wait."""
        with contextlib.closing(sqlite3.connect(f"{self.bounced.folder}/bounced.db")) as database:
            return database.execute("SELECT attempts FROM claims").fetchall()

    def test_name_server_is_down(self):
        """Nothing waits for it, nothing is proven by it, and the claim is still there after a kill: then it is proven."""
        self.names.mode = "silent"
        self.bounced.start()
        began = time.monotonic()
        self.send(self.sign(complaint("a@far.example")))
        self.assertLess(time.monotonic() - began, 2)
        self.assertEqual([event["evidence"] for event in self.events()], ["unproven"])
        wait_until(lambda: self.names.asked, self.bounced.read_log)
        self.bounced.kill()
        self.assertEqual(self.claims(), [(1,)])
        self.names.mode = "answer"
        self.bounced.start()
        self.wait_for("event=proven")
        self.assertEqual(self.suppressed(), ["a@far.example"])
        self.assertEqual(self.claims(), [])

    def test_failure(self):
        """A failing server: deferred, counted, and not proven."""
        self.names.mode = "fail"
        self.bounced.start()
        self.send(self.sign(complaint("a@far.example")))
        self.wait_for("event=proof-deferred")
        self.assertEqual(self.suppressed(), [])
        self.assertEqual(self.claims(), [(1,)])

    def test_reload(self):
        """Other name servers, and no verification at all."""
        self.names.mode = "fail"
        self.bounced.start()
        with NameServer() as other:
            other.records = self.names.records
            self.configure(servers=other.address)
            self.bounced.process.send_signal(signal.SIGHUP)
            self.wait_for("event=reloaded")
            self.send(self.sign(complaint("a@far.example")))
            self.wait_for("event=proven")
            self.configure("[dkim]\nverify = no", other.address)
            self.bounced.process.send_signal(signal.SIGHUP)
            self.wait_for("event=reloaded", 2)
            self.send(self.sign(complaint("b@far.example")))
            self.assertEqual(self.claims(), [])
        self.assertEqual(self.suppressed(), ["a@far.example"])

    def test_raw_messages(self):
        """With `keep-raw = unproven-only` a message is there until it is proven; what is not proven stays."""
        with open(self.bounced.config, encoding="utf-8") as file:
            self.bounced.write_config(file.read().replace("[store]", "[store]\nkeep-raw = unproven-only"))
        self.names.mode = "silent"
        self.bounced.start()
        self.send(self.sign(complaint("a@far.example")))
        self.send(complaint("b@far.example"))
        wait_until(lambda: self.names.asked, self.bounced.read_log)
        digests = {event["recipient"]: event["digest"] for event in self.events()}
        for digest in digests.values():
            self.assertIn("Feedback-Type", self.bounced.bouncectl("message", digest))
        self.bounced.kill()
        self.names.mode = "answer"
        self.bounced.start()
        self.wait_for("event=proven")
        with self.assertRaises(subprocess.CalledProcessError) as refused:
            self.bounced.bouncectl("message", digests["a@far.example"])
        self.assertEqual(refused.exception.returncode, 66)
        self.assertIn("Feedback-Type", self.bounced.bouncectl("message", digests["b@far.example"]))

    def test_authentication_results(self):
        """Of the operator's own server, above its Received, by LMTP: at once, without a name server."""
        field = b"Authentication-Results: mx.example.com; dkim=pass header.d=fbl.example.net\r\n"
        received = b"Received: from x by mx.example.com; Sat, 28 Nov 2026 12:00:00 +0000\r\n"
        self.configure("[dkim]\nverify = no\nauthserv-ids = mx.example.com")
        self.bounced.start()
        forged = complaint("v@far.example")
        for message, listener in [
            (field + received + self.sign(forged), "mx"),
            (received + field + self.sign(forged), "lmtp"),
            (field + self.sign(forged), "lmtp"),
            (field + received + forged, "lmtp"),
            (field.replace(b"mx.", b"mx2.") + received + self.sign(forged), "lmtp"),
            (field + received + self.sign(forged, length=True), "lmtp"),
        ]:
            self.send(message, listener=listener)
        self.send(field + received + self.sign(complaint("a@far.example")), listener="lmtp")
        self.assertEqual(self.suppressed(), ["a@far.example"])
        self.assertEqual([event["proof"] for event in self.events() if "proof" in event],
                         ["authentication-results dkim d=fbl.example.net"])
        self.assertEqual(self.names.asked, [])


if __name__ == "__main__":
    if dkim is None:
        print("skipped: there is no python3-dkim")
        raise SystemExit(77)
    unittest.main()
