"""A database that may not grow: raw messages go first, then peers have to wait; nothing that was acknowledged is lost."""

import base64
import os
import smtplib
import sqlite3
import time
import unittest

from support.bounced_process import DOMAIN, Bounced, report

NEWS = f"news@{DOMAIN}"
PATIENCE = 60  # seconds


def large_report(number):
    noise = base64.encodebytes(os.urandom(20000)).replace(b"\n", b"\r\n")
    return report(number).replace(b"--b--\r\n", b"--b\r\n\r\n" + noise + b"--b--\r\n")


class Room(unittest.TestCase):
    def test_max_size(self):
        bounced = self.enterContext(Bounced(store="max-size = 600K"))
        bounced.start()
        with smtplib.SMTP("127.0.0.1", bounced.port) as client:
            for number in range(60):
                self.send(client, large_report(number))
        log = bounced.read_log()
        self.assertIn("priority=alert event=store-short", log)
        if "event=store-failed" in log:
            self.assertLess(log.index("event=store-short"), log.index("event=store-failed"))
        self.assertEqual(sorted(bounced.recipients()), sorted(f"user{n}@example.org" for n in range(60)))
        database = sqlite3.connect(os.path.join(bounced.folder, "bounced.db"))
        self.assertLess(database.execute("SELECT count(*) FROM raws").fetchone()[0], 40)
        database.close()

    def test_min_free(self):
        """More than any disk has: nothing is taken, and the log says why."""
        bounced = self.enterContext(Bounced(store="min-free = 1000G"))
        bounced.start()
        with smtplib.SMTP("127.0.0.1", bounced.port) as client:
            with self.assertRaises(smtplib.SMTPDataError) as raised:
                client.sendmail("", [NEWS], report(1))
        self.assertEqual(raised.exception.smtp_code, 451)
        self.assertIn("min-free", bounced.read_log())

    def send(self, client, message):
        """Again and again, as mail systems do."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                client.sendmail("", [NEWS], message)
                return
            except smtplib.SMTPDataError as error:
                self.assertEqual(error.smtp_code, 451)
                self.assertLess(time.monotonic(), end)
                time.sleep(0.3)


if __name__ == "__main__":
    unittest.main()
