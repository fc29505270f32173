"""Peers that take what others need: memory for messages that never end, and data that comes by the octet."""

import smtplib
import unittest

from support.bounced_process import Bounced, report
from support.peer import NEWS, Peer

LINE = "x" * 998 + "\r\n"
ATTACKER = "127.0.0.2"


class Crowd(unittest.TestCase):
    def start(self, server):
        self.bounced = self.enterContext(Bounced(server=server)).start()

    def hold(self, octets, source=ATTACKER):
        """A message of so many octets that does not end."""
        peer = self.enterContext(Peer(self.bounced.port, source))
        peer.begin()
        peer.send(LINE * (octets // 1000))
        return peer

    def deliver(self, number, source="127.0.0.1"):
        with smtplib.SMTP("127.0.0.1", self.bounced.port, source_address=(source, 0)) as client:
            client.sendmail("", [NEWS], report(number))

    def test_newcomers(self):
        """One address holds all the memory: whoever comes is greeted and served, and the large messages go."""
        self.start("memory = 8M\nmessage-size = 1M\nmemory-per-address = 8M")
        held = [self.hold(1_000_000) for _ in range(20)]
        for number in range(10):
            self.deliver(number)
        self.assertEqual(len(self.bounced.recipients()), 10)
        held[0].send("\r\n.\r\n")
        self.assertRegex(held[0].line(), "^(250|452 4.3.1) ")

    def test_share(self):
        """An address has its share of the memory; what is more goes, of its own messages, and nobody else's."""
        self.start("memory = 64M\nmessage-size = 1M\nmemory-per-address = 4M")
        other = self.hold(900_000, "127.0.0.3")
        held = [self.hold(900_000) for _ in range(12)]
        for peer in held + [other]:
            peer.send("\r\n.\r\n")
        self.assertIn("452", [peer.line()[:3] for peer in held])
        self.assertEqual(other.line()[:3], "250")
        self.assertIn("reason=memory-per-address", self.bounced.read_log())

    def test_slow_data(self):
        """Never silent, and never done."""
        self.start("idle-timeout = 2s\nmin-data-rate = 1000")
        slow, fast = self.hold(0), self.hold(0, "127.0.0.3")
        slow.socket.settimeout(0.5)
        told = b""
        while not told:
            slow.send("x")
            fast.send(LINE * 4)
            try:
                told = slow.socket.recv(100)
            except TimeoutError:
                pass
        self.assertEqual(told, b"421 4.4.2 Data comes too slowly\r\n")
        fast.send("\r\n.\r\n")
        self.assertEqual(fast.line()[:3], "250")
        self.assertIn("reason=min-data-rate", self.bounced.read_log())


if __name__ == "__main__":
    unittest.main()
