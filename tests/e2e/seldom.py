"""The log says once a minute what happens again and again: faults.py and forward.py look at two more of these."""

import email.utils
import os
import resource
import smtplib
import socket
import time
import unittest
import urllib.request

from support.bounced_process import Bounced, report
from support.peer import NEWS


class Seldom(unittest.TestCase):
    def setUp(self):
        self.bounced = self.enterContext(Bounced())
        with open(self.bounced.config, "a", encoding="utf-8") as config:
            config.write("[listen web]\nprotocol = http\naddress = 127.0.0.1:0\n")
        self.bounced.start()

    def expect_once(self, event):
        self.assertEqual(self.bounced.read_log().count(f"event={event}"), 1)

    def limit_descriptors(self, more):
        """Leaves the daemon as many beside those that it has; returns the limits of before."""
        pid = self.bounced.process.pid
        soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        numbers = [int(name) for name in os.listdir(f"/proc/{pid}/fd")]
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (max(numbers) + 1 + more, hard))
        return soft, hard

    def accept_failures(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.bounced.find_port('web')}/metrics") as page:
            return int(page.read().decode().split("\nbounced_accept_failures_total ")[1].split()[0])

    def test_accept_failed(self):
        """Tried again each second as long as there is no descriptor."""
        before = self.limit_descriptors(0)
        peers = [socket.create_connection(("127.0.0.1", self.bounced.port)) for _ in range(30)]
        time.sleep(3.5)
        resource.prlimit(self.bounced.process.pid, resource.RLIMIT_NOFILE, before)
        for peer in peers:
            peer.close()
        self.assertGreaterEqual(self.accept_failures(), 2)
        self.expect_once("accept-failed")

    def test_future_events(self):
        later = email.utils.formatdate(time.time() + 86400)
        for number in range(3):
            text = report(number).replace(b"Action: failed\r\n", b"Action: failed\r\nLast-Attempt-Date: %s\r\n" %
                                          later.encode())
            with smtplib.SMTP("127.0.0.1", self.bounced.port) as client:
                client.sendmail("", [NEWS], text)
        self.assertEqual(len(self.bounced.recipients()), 3)
        self.expect_once("future-events")


if __name__ == "__main__":
    unittest.main()
