"""What cannot be kept is not acknowledged, and all is well again when there is space, without a restart."""

import os
import smtplib
import subprocess
import unittest

from bounced_process import DOMAIN, Bounced, report

NEWS = f"news@{DOMAIN}"


class Disk(unittest.TestCase):
    def setUp(self):
        """bounced with its database on a file system of 4 MB."""
        self.bounced = self.enterContext(Bounced())
        self.mount("-t", "tmpfs", "-o", "size=4M", "bounced", self.disk())
        self.addCleanup(lambda: subprocess.run(["umount", self.disk()], check=True))
        with open(self.bounced.config, encoding="utf-8") as file:
            config = file.read()
        self.bounced.write_config(config.replace("/bounced.db", "/disk/bounced.db"))
        self.bounced.start()
        self.addCleanup(self.bounced.kill)
        self.client = self.enterContext(smtplib.SMTP("127.0.0.1", self.bounced.port))

    def disk(self):
        path = os.path.join(self.bounced.folder, "disk")
        os.makedirs(path, exist_ok=True)
        return path

    def mount(self, *arguments):
        subprocess.run(["mount", *arguments], check=True)

    def send(self, number):
        """The reply to a report: 250, or what it was refused with."""
        try:
            self.client.sendmail("", [NEWS], report(number))
        except smtplib.SMTPDataError as error:
            return error.smtp_code, error.smtp_error[:5].decode()
        return 250, ""

    def expect_recovery(self, first):
        self.assertEqual(self.send(first), (250, ""))
        self.assertEqual(self.send(first + 1), (250, ""))
        log = self.bounced.read_log()
        self.assertEqual(log.count("event=store-failed"), 1)
        self.assertIn("priority=alert event=store-failed", log)
        self.assertIn("event=store-works", log)

    def expect_stored(self, numbers):
        """Exactly these: read after the failures are over."""
        self.assertEqual(sorted(self.bounced.recipients()), sorted(f"user{n}@example.org" for n in numbers))

    def test_full(self):
        self.assertEqual(self.send(1), (250, ""))
        filler = self.fill()
        # What is left of the write-ahead log may still take a message or two.
        kept, number = [1], 2
        while self.send(number) == (250, ""):
            kept.append(number)
            number += 1
            self.assertLess(number, 10000)
        for again in range(3):
            self.assertEqual(self.send(number + again), (451, "4.3.0"))
        os.unlink(filler)
        self.expect_recovery(number)
        self.expect_stored([*kept, number, number + 1])

    def stop_and_clear(self):
        self.bounced.kill()
        for name in os.listdir(self.disk()):
            os.unlink(os.path.join(self.disk(), name))

    def fill(self):
        """Returns the file that has all the space."""
        path = os.path.join(self.disk(), "filler")
        with self.assertRaises(OSError), open(path, "wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        return path

    def expect_no_start(self):
        """Without a database it does not start, and says that a later start may work."""
        self.assertEqual(self.bounced.launch().process.wait(), os.EX_TEMPFAIL)
        self.assertIn("event=no-store", self.bounced.read_log())

    def test_full_at_the_start(self):
        self.stop_and_clear()
        self.fill()
        self.expect_no_start()

    def test_read_only_at_the_start(self):
        self.stop_and_clear()
        self.mount("-o", "remount,ro", self.disk())
        self.expect_no_start()


if __name__ == "__main__":
    unittest.main()
