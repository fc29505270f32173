#!/usr/bin/env python3
"""A stranger who can send mail to every address of ours, and knows everything but the key, puts nobody on the list and
takes nothing back that was counted: by every default, and by the config that is shipped."""
import json
import os
import re
import smtplib
import sys
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(SOURCE, "tests", "e2e"))
from support.bounced_process import Bounced  # noqa: E402

HEAD = """[store]
path = {folder}/bounced.db
[server]
hostname = mx.example.com
"""
PATHS = """[return-path plain]
domain = plain.example.com
[return-path verp]
domain = verp.example.com
scheme = verp
[return-path signed]
domain = signed.example.com
scheme = signed
key-file = {folder}/keys
[return-path batv]
domain = batv.example.com
scheme = batv
[feedback]
address = fbl@example.com
"""
LISTENERS = """[listen mx]
protocol = smtp
address = 127.0.0.1:0
[listen lmtp]
protocol = lmtp
address = unix:{folder}/lmtp
own-mta = mail.example.com
"""
DSN = """From: <MAILER-DAEMON@mta.example.net>
To: <news@example.com>
Subject: Undelivered mail
Message-ID: <{number}@mta.example.net>
Date: Sat, 28 Nov 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

Your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mta.example.net

{groups}
--b
Content-Type: message/rfc822

Return-Path: <news+{user}={domain}@verp.example.com>
From: news@example.com
To: {user}@{domain}
Message-ID: <news-{number}@example.com>

text
--b--
"""
GROUP = """Final-Recipient: rfc822; {user}@{domain}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {text}

"""
COMPLAINT = """From: <abuse@isp.example.net>
To: <fbl@example.com>
Subject: FW: news
Message-ID: <{number}@isp.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b

This is an email abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Loop/1.0
Version: 1
Original-Rcpt-To: <{user}@{domain}>
Removal-Recipient: {user}@{domain}

--b
Content-Type: message/rfc822

From: news@example.com
To: {user}@{domain}
Subject: news

text
--b--
"""
UNSUBSCRIBE = """From: <{user}@{domain}>
To: <news@example.com>
Subject: unsubscribe
Message-ID: <{number}@{domain}>

unsubscribe
"""
UNKNOWN = ("failed", "5.1.1", "550 5.1.1 User unknown")
FULL = ("failed", "5.2.2", "552 5.2.2 Mailbox full")
DELIVERED = ("delivered", "2.0.0", "250 2.0.0 Ok")


def shipped_config(folder):
    """cmd/bounced/bounced.conf with all that is commented out, on ports and in a folder that a test may use."""
    with open(os.path.join(SOURCE, "cmd", "bounced", "bounced.conf"), encoding="utf-8") as file:
        text = file.read()
    start = text.index("# [")
    lines = [line[2:] if re.match(r"# (\[|[a-z_-]+ = )", line) else line for line in text[start:].splitlines()]
    text = "\n".join(lines)
    for old, new in (
        ("[::]:25\n", "127.0.0.1:0\n"),
        ("127.0.0.1:9109", "127.0.0.1:0"),
        ("/run/bounced/", f"{folder}/"),
        ("/etc/bounced/return-path.keys", f"{folder}/keys"),
        ("user = bounced\n", ""),
        ("password-file = /etc/bounced/smart-host.password\n", ""),
        ("mail.example.com:587", "127.0.0.1:9"),
    ):
        text = text.replace(old, new)
    return HEAD.format(folder=folder) + text


class Trust(unittest.TestCase):
    def start(self, config):
        bounced = Bounced()
        self.addCleanup(bounced.__exit__)
        keys = os.path.join(bounced.folder, "keys")
        with open(keys, "w", encoding="utf-8") as file:
            file.write("a secret of the test, long enough\n")
        os.chmod(keys, 0o600)
        bounced.write_config(config(bounced.folder) if callable(config) else config.format(folder=bounced.folder))
        return bounced.start()

    def setUp(self):
        self.number = 0

    def send(self, way, sender, recipients, template, action=UNKNOWN, users=None, **values):
        self.number += 1
        user = f"victim{self.number}"
        values = {"number": self.number, "user": user, "domain": "victim.example", "kind": "abuse", **values}
        status = {"action": action[0], "status": action[1], "text": action[2]}
        names = users or [values["user"]]
        values["groups"] = "".join(GROUP.format(**{**values, **status, "user": name}) for name in names)
        client = smtplib.LMTP(way) if way.startswith("/") else smtplib.SMTP("127.0.0.1", int(way))
        try:
            client.sendmail(sender, recipients, template.format(**values))
        except smtplib.SMTPRecipientsRefused:
            pass  # not an address of this config
        finally:
            client.quit()

    def attack(self, way, targets):
        for to in targets:
            self.send(way, "", [to], DSN)
            self.send(way, "", [to], COMPLAINT)
            self.send(way, "abuse@isp.example.net", [to], COMPLAINT)
            self.send(way, "abuse@isp.example.net", [to], COMPLAINT, kind="opt-out")
            self.send(way, f"victim{self.number + 1}@victim.example", [to], UNSUBSCRIBE)
            for _ in range(5):
                self.send(way, "", [to], DSN, FULL, user="full", domain="full.example")
            self.send(way, "", [to], DSN, DELIVERED, user="genuine", domain="good.example")
        for mail in range(50):
            self.send(way, "", [targets[mail % len(targets)]], DSN,
                      users=[f"many{mail}-{n}" for n in range(100)])

    def listed(self, bounced):
        return {line.split("\t")[0] for line in bounced.bouncectl("list").splitlines()} - {""}

    def events(self, bounced, recipient):
        lines = bounced.bouncectl("events", "--recipient", recipient, "--json").splitlines()
        return [json.loads(line) for line in lines]

    def check(self, config, targets):
        bounced = self.start(config)
        for way in (str(bounced.port), bounced.lmtp):
            self.attack(way, [*targets, "postmaster@mx.example.com"])
        self.assertEqual(self.listed(bounced), set())
        self.assertGreater(len(self.events(bounced, "full@full.example")), 4)
        return bounced

    def test_nothing_but_defaults(self):
        self.check(HEAD + LISTENERS, ["news@localhost", "bounces+victim=victim.example@localhost"])

    def test_every_scheme(self):
        bounced = self.check(HEAD + LISTENERS + PATHS, [
            "news@plain.example.com",
            "news+victim=victim.example@verp.example.com",
            "bounces+victim=victim.example+513100000000000000000000@signed.example.com",
            "prvs=1234567890=news@batv.example.com",
            "fbl@example.com",
        ])
        self.assertEqual({event["effect"] for event in self.events(bounced, "full@full.example")} - {"repeated"},
                         {"unproven"})

    def test_shipped_config(self):
        self.check(shipped_config, ["news@bounces.example.com", "fbl@example.com",
                                    "bounces+victim=victim.example+513100000000000000000000@bounces.example.com"])

    def test_what_was_counted_stays(self):
        """A genuine failure counts, before and behind forged ones, and a forged success takes nothing back."""
        bounced = self.start(HEAD + LISTENERS + PATHS)
        genuine = bounced.bouncectl("return-path", "--stream", "signed", "genuine@good.example").strip()
        proven = bounced.bouncectl("return-path", "--stream", "signed", "gone@good.example").strip()
        way = str(bounced.port)
        self.send(way, "", ["x@plain.example.com"], DSN, FULL, user="genuine", domain="good.example")
        self.send(way, "", [genuine], DSN, FULL, user="genuine", domain="good.example")
        self.send(way, "", ["x@plain.example.com"], DSN, DELIVERED, user="genuine", domain="good.example")
        self.send(way, "", ["x@plain.example.com"], DSN, user="gone", domain="good.example")
        self.send(way, "", [proven], DSN, user="gone", domain="good.example")
        self.assertEqual([event["effect"] for event in self.events(bounced, "genuine@good.example")],
                         ["unproven", "counted", "unproven"])
        self.assertEqual(self.listed(bounced), {"gone@good.example"})

    def test_copy_before_the_original(self):
        """A report of an MTA of ours is no duplicate of its copy that a stranger sent before; after it the copy is."""
        bounced = self.start(HEAD + LISTENERS + PATHS)
        own = "Received: by mail.example.com (Postfix) id 4D3C22A1; Sat, 28 Nov 2026 10:00:00 +0000 (UTC)\n" + DSN
        effects = []
        for ways in ((str(bounced.port), bounced.lmtp), (bounced.lmtp, str(bounced.port))):
            self.number += 1
            user, number = f"gone{self.number}", self.number
            for way in (*ways, *ways):
                self.number = number
                self.send(way, "", ["x@plain.example.com"], own, user=user, domain="good.example")
            effects.append([event["effect"] for event in self.events(bounced, f"{user}@good.example")])
        self.assertEqual(effects, [["unproven", "suppressed"], ["suppressed", "repeated"]])
        self.assertEqual(len(self.listed(bounced)), 2)
    def test_removed_stays_off(self):
        """A late report about mail from before the removal tells by Arrival-Date alone, when headers are left out."""
        bounced = self.start(HEAD + LISTENERS + PATHS)
        own = "Received: by mail.example.com (Postfix) id 4D3C22A1; Sat, 28 Nov 2026 10:00:00 +0000 (UTC)\n" + DSN
        late = own.replace("mta.example.net\n\n{", "mta.example.net\nArrival-Date: Sat, 3 Jan 2026 10:00:00 +0000\n\n{")
        to = ["x@plain.example.com"]
        self.send(bounced.lmtp, "", to, own, user="gone", domain="good.example")
        bounced.bouncectl("remove", "gone@good.example", "--note", "asked us")
        self.send(bounced.lmtp, "", to, late, user="gone", domain="good.example")
        self.assertEqual([event["effect"] for event in self.events(bounced, "gone@good.example")],
                         ["suppressed", "stale"])
        self.assertEqual(self.listed(bounced), set())


if __name__ == "__main__":
    unittest.main()
