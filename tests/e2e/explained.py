"""README shows of `bouncectl explain` what it prints, but for times and digests."""

import os
import pathlib
import re
import subprocess
import tempfile

BOUNCECTL = os.path.join(os.environ["BUILD"], "bouncectl")
README = pathlib.Path(os.environ["SOURCE"]) / "README.md"
CONFIG = """[store]
path = {folder}/bounced.db
[return-path news]
domain = bounces.example.com
scheme = signed
key-file = {folder}/keys
stream = newsletter
"""
REPORT = """Return-Path: <>
Received: from mx.example.org (mx.example.org [192.0.2.1]) by mail.example.com; Sat, 28 Nov 2026 09:30:00 +0000
From: Mail Delivery System <MAILER-DAEMON@mx.example.org>
To: {path}
Subject: Undelivered Mail Returned to Sender
Date: Sat, 28 Nov 2026 09:30:00 +0000
Message-ID: <4f2a@mx.example.org>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; anna@example.org
Action: failed
Status: 5.1.1
Remote-MTA: dns; mailbox.example.org
Diagnostic-Code: smtp; 550 5.1.1 <anna@example.org>: Recipient address rejected: User unknown

--b
Content-Type: text/rfc822-headers

From: Shop News <news@example.com>
To: anna@example.org
Subject: Winter is coming
Message-ID: <winter.17@example.com>
Feedback-ID: winter:shop:example

--b--
"""


def run(*arguments):
    return subprocess.run([BOUNCECTL, *arguments], check=True, capture_output=True, text=True).stdout


def masked(text):
    text = re.sub(r"\b20\d\d-\d\d-\d\d \d\d:\d\d\b", "TIME", text)
    return re.sub(r"\b[0-9a-f]{24,64}\b", "DIGITS", text)


def explained(folder):
    config, message, keys = folder / "bounced.conf", folder / "report.eml", folder / "keys"
    config.write_text(CONFIG.format(folder=folder))
    keys.write_text("0123456789abcdef\n")
    keys.chmod(0o600)
    path = run("return-path", "--config", str(config), "anna@example.org").strip()
    message.write_text(REPORT.format(path=path))
    os.chdir(folder)
    run("ingest", "--config", str(config), "report.eml")
    return run("explain", "--config", str(config), "anna@example.org")


with tempfile.TemporaryDirectory() as name:
    printed = explained(pathlib.Path(name))
shown = re.search(r"^\$ bouncectl explain anna@example\.org\n(.*?)^```$", README.read_text(), re.M | re.S)
if shown is None or masked(shown[1]) != masked(printed):
    raise SystemExit("README shows something else than this:\n" + printed)
