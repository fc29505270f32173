"""The dearest reports that we know: what one may cost the database, and how long others wait beside forty of them."""

import os
import smtplib
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))
from support.bounced_process import DOMAIN, Bounced, report

NEWS = f"news@{DOMAIN}"
PATIENCE = 120  # seconds, for a machine that does much else


def many_groups(number, groups=10000, text=8000):
    """A report on many addresses with five header texts, which belong to each of them."""
    header = "".join(f"{name}: {number} {'x' * text}\r\n" for name in ("Subject", "List-Id", "Feedback-ID"))
    return (
        "From: <MAILER-DAEMON@mta.example.net>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n'
        "\r\n"
        "--b\r\n"
        "Content-Type: message/delivery-status\r\n"
        "\r\n"
        f"Reporting-MTA: dns; {'m' * text}.example\r\n\r\n"
        + "".join(f"Final-Recipient:;{n}@{n}.x\r\nAction:failed\r\n\r\n" for n in range(groups))
        + "--b\r\n"
        "Content-Type: text/rfc822-headers\r\n"
        "\r\n"
        f"From: <{'s' * 60}@example.com>\r\n"
        f"Message-ID: <{number}.{'i' * text}@example.com>\r\n"
        f"{header}"
        "--b--\r\n"
    ).encode()


def long_diagnostics(number, groups=10000, text=900):
    """One on as many, each with as much of a text as is kept."""
    return (
        "From: <MAILER-DAEMON@mta.example.net>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n'
        "\r\n"
        "--b\r\n"
        "Content-Type: message/delivery-status\r\n"
        "\r\n"
        f"Reporting-MTA: dns; {number}.example\r\n\r\n"
        + "".join(f"Final-Recipient:;{n}@{n}.x\r\nAction:failed\r\nDiagnostic-Code:;{n} {'d' * text}\r\n\r\n"
                  for n in range(groups))
        + "--b--\r\n"
    ).encode()


def send(port, message):
    with smtplib.SMTP("127.0.0.1", port, timeout=PATIENCE) as client:
        client.sendmail("", [NEWS], message)


class Worst(unittest.TestCase):
    def setUp(self):
        self.bounced = self.enterContext(Bounced())
        self.bounced.start()

    def size(self):
        """Of the database, without what waits in its write-ahead log to be written a second time."""
        database = os.path.join(self.bounced.folder, "bounced.db")
        self.assertEqual(self.bounced.terminate(), 0)
        size = os.path.getsize(database)
        self.bounced.start()
        return size

    def test_database(self):
        for make in (many_groups, long_diagnostics):
            with self.subTest(make.__name__):
                before = self.size()
                message = make(1)
                send(self.bounced.port, message)
                self.assertLess(self.size() - before, 4 * len(message))

    def test_others(self):
        """A report sent beside forty of the worst does not wait until they are done."""
        answered = []

        def send_worst(number):
            send(self.bounced.port, many_groups(number))
            answered.append(time.monotonic())

        threads = [threading.Thread(target=send_worst, args=[number]) for number in range(40)]
        for thread in threads:
            thread.start()
        while not answered:
            time.sleep(0.01)
        start = time.monotonic()
        send(self.bounced.port, report(1))
        end = time.monotonic()
        for thread in threads:
            thread.join()
        print(f"answered after {end - start:.2f} s; the worst took {max(answered) - start:.2f} s", file=sys.stderr)
        later = sum(at > end for at in answered)
        self.assertGreater(later, 10)
        shown = self.bounced.bouncectl("list")
        self.assertEqual(shown.count("\n"), 1)


if __name__ == "__main__":
    unittest.main()
