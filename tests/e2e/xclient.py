"""Behind a mail server that says by XCLIENT for whom it speaks: swaks, and by hand."""

import subprocess
import unittest

from support.bounced_process import Bounced
from support.peer import NEWS, Peer


class Xclient(unittest.TestCase):
    def start(self, server="rate-exempt = none", listen="xclient = 127.0.0.1, unix"):
        return self.enterContext(Bounced(server=server, listen=listen)).start()

    def swaks(self, bounced, *options):
        return subprocess.run(["swaks", "--server", "127.0.0.1", "--port", str(bounced.port), "--from", "<>",
                               "--to", NEWS, "--helo", "a.example", *options],
                              capture_output=True, text=True, check=False)

    def test_swaks(self):
        """The log has the client, of IPv4 and IPv6."""
        bounced = self.start()
        for address, peer in (("192.0.2.77", "192.0.2.77:1234"), ("IPV6:2001:db8::77", "[2001:db8::77]:1234")):
            done = self.swaks(bounced, "--xclient", f"NAME=spike.example.org ADDR={address} PORT=1234 PROTO=ESMTP")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn(f"peer={peer} ", bounced.read_log())

    def test_not_trusted(self):
        """It is not offered, and not followed."""
        bounced = self.start(listen="xclient = 127.0.0.99")
        done = self.swaks(bounced, "--xclient", "ADDR=192.0.2.77")
        self.assertNotEqual(done.returncode, 0)
        self.assertNotIn("XCLIENT", done.stdout)
        with Peer(bounced.port) as peer:
            peer.line()
            self.assertEqual(self.become(peer, "192.0.2.77"), "550 5.7.0")
            self.assertTrue(peer.ask("NOOP").startswith("250"))
        self.assertNotIn("192.0.2.77", bounced.read_log())

    def become(self, peer, address):
        return peer.ask(f"XCLIENT ADDR={address} PORT=1234")[:9]

    def test_limits(self):
        """They are the client's; the server that speaks for it takes no share of its own meanwhile."""
        bounced = self.start(server="connections-per-address = 1\nrate-exempt = none")
        with Peer(bounced.port) as one, Peer(bounced.lmtp) as two:
            self.assertTrue(one.line().startswith("220"))
            self.assertEqual(one.ask("XCLIENT ADDR=[UNAVAILABLE]")[:9], "220 mx.ex")
            self.assertEqual(self.become(one, "192.0.2.1"), "220 mx.ex")
            self.assertEqual(self.become(one, "192.0.2.1"), "220 mx.ex")
            with Peer(bounced.port) as three:
                self.assertTrue(three.line().startswith("220"))
                self.assertEqual(self.become(three, "192.0.2.1"), "421 4.7.0")
                self.assertEqual(three.line(), "")
            two.line()
            self.assertEqual(self.become(two, "192.0.2.2"), "220 mx.ex")
            self.assertEqual(self.become(two, "192.0.2.1"), "421 4.7.0")
            self.assertEqual(two.line(), "")
            one.ask("QUIT")
            self.assertEqual(one.line(), "")
        with Peer(bounced.port) as four:
            four.line()
            self.assertEqual(self.become(four, "192.0.2.1"), "220 mx.ex")
        self.assertIn("event=refused peer=192.0.2.1:1234 reason=connections-per-address", bounced.read_log())

    def test_speaker_has_none(self):
        """The server that speaks for all clients has no limits, before it says for whom nor for mail of its own."""
        bounced = self.start(server="connections-per-address = 1\nconnection-rate = 3 in 1h\nmessage-rate = 1 in 1h\n"
                                    "greeting-delay = 1m\nrate-exempt = none")
        peers = [self.enterContext(Peer(bounced.port)) for _ in range(4)]
        for peer in peers:
            self.assertTrue(peer.line().startswith("220"))
            self.assertTrue(peer.transact()[-1].startswith("354"))
            self.assertTrue(peer.ask("Subject: x\r\n\r\n.").startswith("250"))
        self.assertEqual([self.become(peer, "192.0.2.1") for peer in peers[:2]], ["220 mx.ex", "421 4.7.0"])
        peers[0].ask("HELO a.example")
        self.assertEqual([peers[0].ask(text)[:3] for text in ("MAIL FROM:<>", "RSET", "MAIL FROM:<>")],
                         ["250", "250", "450"])
        peers[0].ask("QUIT")
        self.assertEqual(peers[0].line(), "")
        self.assertEqual([self.become(peer, "192.0.2.1") for peer in peers[2:]], ["220 mx.ex", "421 4.7.0"])

    def test_behind_a_balancer(self):
        """Whether it is trusted is asked of the client that the PROXY header names."""
        bounced = self.start(listen="proxy = 127.0.0.1\nxclient = 192.0.2.25")
        for source, reply in (("192.0.2.25", "220 mx.ex"), ("192.0.2.26", "550 5.7.0")):
            with Peer(bounced.port) as peer:
                peer.send(f"PROXY TCP4 {source} 198.51.100.1 1025 25\r\n")
                peer.line()
                self.assertEqual(self.become(peer, "192.0.2.77"), reply)


if __name__ == "__main__":
    unittest.main()
