"""Lists of addresses go on the suppression list beside a daemon, and are interrupted: whole batches stay."""

import os
import signal
import smtplib
import sqlite3
import subprocess
import time
import unittest

from support.bounced_process import BUILD, DOMAIN, Bounced, report

BATCH = 1000
MOST_LOG = 64 << 20


class Bulk(unittest.TestCase):
    def setUp(self):
        self.bounced = self.enterContext(Bounced()).start()
        self.list = os.path.join(self.bounced.folder, "list")
        self.write_list(30 * BATCH)

    def write_list(self, n):
        with open(self.list, "w", encoding="ascii") as file:
            file.writelines(f"user{i}@bulk.example\n" for i in range(n))

    def begin(self, *arguments):
        """Starts bouncectl, and waits until its first batch is on the list, or off it."""
        before = self.listed()
        process = subprocess.Popen([os.path.join(BUILD, "bouncectl"), "--config", self.bounced.config, *arguments],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        while process.poll() is None and self.listed() == before:
            time.sleep(0.001)
        return process

    def listed(self):
        with sqlite3.connect(f"file:{self.bounced.folder}/bounced.db?mode=ro", uri=True, timeout=60) as database:
            count = database.execute("select count(*) from suppressions where subject like '%@bulk.example'").fetchone()
        database.close()
        return count[0]

    def test_interrupted(self):
        for number, told in ((signal.SIGINT, True), (signal.SIGTERM, True), (signal.SIGKILL, False)):
            with self.subTest(number):
                before = self.listed()
                process = self.begin("add", "--file", self.list)
                process.send_signal(number)
                self.assertEqual(process.wait(60), -number)
                count = self.listed()
                self.assertEqual(count % BATCH, 0)
                self.assertTrue(before < count < 30 * BATCH)
                self.assertEqual("interrupted after" in process.stderr.read(), told)
                self.bounced.bouncectl("remove", "--domain", "bulk.example", "--note", "again")

    def test_done_again(self):
        """A run that was broken off is repeated; removal is interrupted, too."""
        process = self.begin("add", "--file", self.list)
        process.send_signal(signal.SIGINT)
        process.wait(60)
        told = process.stderr.read()
        self.assertIn(f"interrupted after {self.listed()} of {30 * BATCH} addresses", told)
        self.bounced.bouncectl("add", "--file", self.list)
        self.assertEqual(self.listed(), 30 * BATCH)
        process = self.begin("remove", "--like", "*@bulk.example", "--note", "a wave")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(60), -signal.SIGINT)
        self.assertTrue(0 < self.listed() < 30 * BATCH)
        self.assertEqual(self.listed() % BATCH, 0)

    def test_beside_the_daemon(self):
        """Mail is stored meanwhile, and the log does not grow."""
        largest = 0
        process = self.begin("add", "--file", self.list)
        with smtplib.SMTP("127.0.0.1", self.bounced.port) as client:
            number = 0
            while process.poll() is None:
                number += 1
                client.sendmail("", [f"news@{DOMAIN}"], report(number))
                largest = max(largest, os.stat(f"{self.bounced.folder}/bounced.db-wal").st_size)
        self.assertEqual(process.returncode, 0)
        self.assertGreater(number, 1)
        self.assertNotIn("store-failed", self.bounced.read_log())
        self.assertLess(largest, MOST_LOG)
        self.assertEqual(self.listed(), 30 * BATCH)

    def test_reader(self):
        """It waits for one who keeps a snapshot before the log is too long."""
        database = f"{self.bounced.folder}/bounced.db"
        reader = sqlite3.connect(database, isolation_level=None)
        self.addCleanup(reader.close)
        reader.execute("begin")
        reader.execute("select count(*) from suppressions").fetchone()
        with sqlite3.connect(database) as writer:
            writer.execute("create table filler (octets)")
            writer.execute("insert into filler values (zeroblob(40000000))")
        writer.close()
        process = self.begin("add", "--file", self.list)
        time.sleep(1)
        self.assertIsNone(process.poll())
        self.assertEqual(self.listed(), BATCH)
        reader.execute("rollback")
        self.assertEqual(process.wait(60), 0)
        self.assertEqual(self.listed(), 30 * BATCH)


if __name__ == "__main__":
    unittest.main()
