"""Ten thousand sessions that say little or nothing: they cost little memory, and hold nobody else up."""

import os
import resource
import smtplib
import socket
import unittest

from support.bounced_process import DOMAIN, Bounced, report

SESSIONS = 10_000
DESCRIPTORS = SESSIONS + 1000
MEMORY_MAX = 150  # MiB
NEWS = f"news@{DOMAIN}"


def resident(pid):
    """MiB."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


def allow_descriptors():
    """False when this machine does not."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY and hard < DESCRIPTORS:
        return False
    resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, hard))
    return True


@unittest.skipUnless(allow_descriptors(), f"this machine allows a process less than {DESCRIPTORS} descriptors")
class Idle(unittest.TestCase):
    def setUp(self):
        limits = f"connections = {DESCRIPTORS}\nconnections-per-address = {DESCRIPTORS}"
        self.bounced = self.enterContext(Bounced(server=limits)).start()

    def open(self, *commands):
        """A session in which each command got its reply."""
        peer = self.enterContext(socket.create_connection(("127.0.0.1", self.bounced.port)))
        with peer.makefile("rb") as replies:
            self.assertEqual(replies.readline()[:4], b"220 ")
            for command in commands:
                peer.sendall(command + b"\r\n")
                while replies.readline()[3:4] == b"-":
                    pass
        return peer

    def deliver(self, number):
        with smtplib.SMTP("127.0.0.1", self.bounced.port) as client:
            client.sendmail("", [NEWS], report(number))

    def test_many(self):
        for _ in range(SESSIONS):
            self.open(b"EHLO a.example")
        self.deliver(1)
        self.assertEqual(self.bounced.recipients(), ["user1@example.org"])
        if not os.environ.get("SANITIZE"):  # whose runtime takes memory of its own
            self.assertLess(resident(self.bounced.process.pid), MEMORY_MAX)

    def test_slow(self):
        """A client that sends a message octet by octet, and there are many, waits for none but itself."""
        text = report(1)
        slow = [self.open(b"HELO a.example", b"MAIL FROM:<>", b"RCPT TO:<%s>" % NEWS.encode(), b"DATA")
                for _ in range(200)]
        for number in range(2, 22):
            for peer in slow:
                peer.sendall(text[number:number + 1])
            self.deliver(number)
        self.assertEqual(len(self.bounced.recipients()), 20)


if __name__ == "__main__":
    unittest.main(verbosity=2)
