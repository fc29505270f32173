"""Databases that old versions made, brought to the present schema: what they said of themselves then holds now."""

import functools
import glob
import gzip
import json
import os
import re
import subprocess
import tempfile
import time
import unittest

BUILD = os.environ["BUILD"]
STORES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "stores")
VERSIONS = range(1, len(glob.glob(os.path.join(STORES, "version-*.json"))) + 1)

CONFIG = """
[store]
path = {folder}/bounced.db
[ingest]
unproven = suppress
"""

LISTED = "gone@example.org"  # in all of them for good
REMOVED = "off@example.org"  # in all of them

REPORT = """\
From: MAILER-DAEMON@mx.example.net
To: bounce@bounces.example.com
Subject: Delivery report
Date: Sat, 28 Nov 2026 09:30:00 +0000
Message-ID: <new@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b--
"""


def is_over(entry):
    return entry.get("until", "9") <= time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def by_recipient(entries):
    return {entry["recipient"]: entry for entry in entries if not is_over(entry)}


def each_version(test):
    @functools.wraps(test)
    def run(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                test(self, version)
    return run


class Migration(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="bounced-test-"))
        self.config = os.path.join(self.folder, "bounced.conf")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(CONFIG.format(folder=self.folder))

    def unpack(self, version, name="bounced.db"):
        """The database of that version, and what was said of it."""
        for old in glob.glob(os.path.join(self.folder, "*.db*")):
            os.unlink(old)
        path = os.path.join(self.folder, name)
        with gzip.open(os.path.join(STORES, f"version-{version}.db.gz")) as packed, open(path, "wb") as file:
            file.write(packed.read())
        with open(os.path.join(STORES, f"version-{version}.json"), encoding="utf-8") as file:
            return json.load(file)

    def bouncectl(self, *arguments, status=0):
        done = subprocess.run([os.path.join(BUILD, "bouncectl"), "--config", self.config, *arguments],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, status, done)
        return done.stdout

    def rows(self, *arguments):
        return [json.loads(line) for line in self.bouncectl(*arguments, "--json").splitlines()]

    def migrate(self):
        """A program that writes brings it to the present schema; this changes nothing else."""
        self.bouncectl("remove", "nobody@example.org", "--note", "not there", status=1)

    def holds(self, before, now):
        """Each field that was said before is said now; there may be more."""
        for field, value in before.items():
            self.assertEqual(now.get(field), value, (field, before, now))

    def hold(self, before, now):
        self.assertEqual(len(before), len(now))
        for old, new in zip(before, now):
            self.holds(old, new)

    @each_version
    def test_refused_for_reading(self, version):
        """A program that only reads changes nothing, and says what is to be done."""
        self.unpack(version)
        done = subprocess.run([os.path.join(BUILD, "bouncectl"), "--config", self.config, "list"],
                              capture_output=True, text=True, check=False)
        newest = re.search(rf"has version {version} and needs version (\d+): open it once for writing", done.stderr)
        if newest is None:  # it is the present one
            self.assertEqual((version, done.returncode), (len(VERSIONS), 0), done)
        else:
            self.assertGreater(int(newest.group(1)), version)

    @each_version
    def test_what_was_said(self, version):
        said = self.unpack(version)
        self.migrate()
        before, now = by_recipient(said["list"]), by_recipient(self.rows("list"))
        self.assertEqual(sorted(before), sorted(now))
        for recipient, entry in before.items():
            self.holds(entry, now[recipient])
        self.assertEqual(self.bouncectl("export", "--format", "text").split(), list(now))
        self.hold(said["changes"], self.rows("audit"))
        self.hold(said["events"], self.rows("events"))
        self.hold(said.get("outbox", []), self.rows("outbox"))
        self.assertIn("is whole", self.bouncectl("check-store"))

    @each_version
    def test_goes_on(self, version):
        """It is asked and changed after it: checks, changes by hand, a report that is new."""
        said = self.unpack(version)
        self.migrate()
        for recipient in by_recipient(said["list"]):
            self.bouncectl("check", "--quiet", recipient, status=1)
        self.bouncectl("check", "--quiet", REMOVED, "past@example.org", "short@example.org", "once@example.net")
        self.assertIn("a mistake", self.bouncectl("explain", REMOVED))
        self.bouncectl("remove", LISTED, "--note", "again")
        self.bouncectl("add", REMOVED, "--for", "1d")
        report = os.path.join(self.folder, "new.eml")
        with open(report, "w", encoding="utf-8") as file:
            file.write(REPORT.format(address="new@example.org"))
        self.bouncectl("ingest", report)
        self.assertIn("duplicate 1", self.bouncectl("ingest", report))
        self.bouncectl("check", "--quiet", LISTED)
        for recipient in (REMOVED, "new@example.org"):
            self.bouncectl("check", "--quiet", recipient, status=1)
        event = next(row for row in self.rows("events") if row.get("recipient") == LISTED)
        self.assertIn(LISTED, self.bouncectl("message", event["digest"]))
        self.assertIn("is whole", self.bouncectl("check-store"))

    @each_version
    def test_known_reports(self, version):
        """A message that an old version stored is a duplicate for this one."""
        self.unpack(version)
        self.migrate()
        message = next(row["digest"] for row in self.rows("events") if row.get("recipient") == LISTED)
        copy = os.path.join(self.folder, "copy.eml")
        with open(copy, "w", encoding="utf-8") as file:
            file.write(self.bouncectl("message", message))
        self.assertIn("stored 0, duplicate 1", self.bouncectl("ingest", copy))

    @each_version
    def test_restored(self, version):
        """A backup that an old version made is put back by this one."""
        said = self.unpack(version, "backup.db")
        self.bouncectl("restore", os.path.join(self.folder, "backup.db"))
        self.assertEqual(sorted(by_recipient(said["list"])), sorted(by_recipient(self.rows("list"))))
        self.assertIn("is whole", self.bouncectl("check-store"))


if __name__ == "__main__":
    unittest.main()
