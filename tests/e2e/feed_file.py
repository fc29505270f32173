"""A feed keeps a map that a real Postfix reads: it is there from the beginning, follows the list, is replaced as a whole,
and only when what it holds has changed; one that cannot be written is tried again, and holds up no other."""

import csv
import os
import smtplib
import stat
import unittest

from support.bounced_process import DOMAIN, HEAD, Bounced, report
from support.feeds import states, wait_for_end, wait_for_feeds, wait_for_log
from support.postfix_process import Postfix, find_port, find_problem, wait_until

CONFIG = HEAD + """
[return-path all]
domain = {domain}
stream = newsletter
tenant = shop
[return-path receipts]
domain = receipts.example.com
stream = receipts
[feed postfix]
type = file
path = {folder}/suppressed.lmdb
format = lmdb
every = 1s
retry = 1s
[feed shop]
type = file
path = {folder}/shop.csv
format = csv
stream = newsletter
every = 1s
mode = 0600
"""
SMTPD = """127.0.0.1:{entrance} inet n - n - - smtpd
    -o {{{{ smtpd_recipient_restrictions = check_recipient_access lmdb:{folder}/suppressed, permit }}}}
"""


class FeedFile(unittest.TestCase):
    def setUp(self):
        self.bounced = self.enterContext(Bounced())
        self.map = os.path.join(self.bounced.folder, "suppressed.lmdb")
        self.csv = os.path.join(self.bounced.folder, "shop.csv")
        self.bounced.write_config(CONFIG.format(folder=self.bounced.folder, domain=DOMAIN))

    def start(self):
        self.bounced.start()
        wait_for_feeds(self.bounced, "postfix", "shop")

    def wait_for_file(self, path):
        wait_until(lambda: os.path.exists(path), lambda: f"{path}; the log: {self.bounced.read_log()}")

    def subjects(self):
        with open(self.csv, newline="") as file:
            return {row["recipient"] for row in csv.DictReader(file)}

    def wait_for_subjects(self, *subjects):
        wait_until(lambda: self.subjects() == set(subjects),
                   lambda: f"{subjects}: {self.subjects()}; the log: {self.bounced.read_log()}")

    @unittest.skipIf(find_problem(), find_problem())
    def test_postfix(self):
        self.start()
        self.wait_for_file(self.map)
        os.chmod(self.bounced.folder, 0o755)
        postfix = Postfix()
        entrance = find_port()
        postfix.master += SMTPD.format(entrance=entrance, folder=self.bounced.folder)

        def answer():
            with smtplib.SMTP("127.0.0.1", entrance) as client:
                client.helo()
                client.mail("")
                return client.rcpt("anna@example.org")
        with postfix:
            for command, code in (("add", 550), ("remove", 250), ("add", 550)):
                self.bounced.bouncectl(command, "anna@example.org", "--note", "a test")
                wait_until(lambda: answer()[0] == code, lambda: f"{code}: {answer()}; the log: {self.bounced.read_log()}")
            self.assertIn(b"5.1.1 <anna@example.org>: Recipient address rejected: on our suppression list: by hand",
                          answer()[1])

    def test_only_changes(self):
        self.start()
        for path, mode in ((self.map, 0o640), (self.csv, 0o600)):
            self.wait_for_file(path)
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), mode)
        wait_for_end(self.bounced, "postfix")
        first = os.stat(self.map).st_ino
        self.bounced.bouncectl("add", "--stream", "newsletter", "anna@example.org")
        self.bounced.bouncectl("add", "--tenant", "shop", "ben@example.org")
        self.bounced.bouncectl("add", "--stream", "receipts", "carla@example.org")
        with smtplib.SMTP("127.0.0.1", self.bounced.port) as client:
            client.sendmail("", [f"bounces@{DOMAIN}"], report(1))  # proves nothing
        self.wait_for_subjects("anna@example.org", "ben@example.org")
        for name in ("postfix", "shop"):
            wait_for_end(self.bounced, name)
        self.assertEqual(os.stat(self.map).st_ino, first)
        second = os.stat(self.csv).st_ino
        self.bounced.bouncectl("add", "--stream", "receipts", "dora@example.org")
        wait_for_end(self.bounced, "shop")
        self.assertEqual(os.stat(self.csv).st_ino, second)
        self.bounced.bouncectl("add", "emil@example.org")
        self.wait_for_subjects("anna@example.org", "ben@example.org", "emil@example.org")
        wait_until(lambda: os.stat(self.map).st_ino != first, lambda: "another map")
        self.bounced.bouncectl("forget", "--apply", "--note", "asked", "anna@example.org")
        self.wait_for_subjects("ben@example.org", "emil@example.org")
        self.assertEqual([name for name in os.listdir(self.bounced.folder) if ".new-" in name], [])

    def test_failure(self):
        """One that cannot be written: it fails, the other does not; then it is written, and after a kill as well."""
        os.mkdir(self.map)
        self.start()
        wait_for_log(self.bounced, "event=feed-failing feed=postfix")
        self.bounced.bouncectl("add", "anna@example.org")
        self.wait_for_file(self.csv)
        self.wait_for_subjects("anna@example.org")
        self.assertIn("suppressed.lmdb", states(self.bounced)["postfix"]["error"])
        os.rmdir(self.map)
        wait_for_log(self.bounced, "event=feed-recovered feed=postfix")
        self.bounced.kill()
        self.bounced.bouncectl("remove", "anna@example.org", "--note", "a test")
        os.unlink(self.map)
        with open(self.csv + ".new-abcdef", "w"):
            pass
        self.start()
        self.wait_for_subjects()
        self.wait_for_file(self.map)
        self.assertFalse(os.path.exists(self.csv + ".new-abcdef"))

    def test_restored(self):
        """A backup that takes the database's place takes the file's, too."""
        self.start()
        self.wait_for_file(self.csv)
        self.bounced.bouncectl("add", "anna@example.org")
        self.wait_for_subjects("anna@example.org")
        backup = os.path.join(self.bounced.folder, "backup.db")
        self.bounced.bouncectl("backup", backup)
        self.bounced.bouncectl("add", "ben@example.org")
        self.wait_for_subjects("anna@example.org", "ben@example.org")
        self.bounced.terminate()
        self.bounced.bouncectl("restore", "--replace", backup)
        self.start()
        self.wait_for_subjects("anna@example.org")


if __name__ == "__main__":
    unittest.main()
