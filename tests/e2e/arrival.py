"""Clients that may come, and when they may talk: rates, early talkers, and what the log says of them."""

import unittest

from support.bounced_process import Bounced
from support.peer import Peer

RATE = "421 4.7.0 Connection rate limit exceeded, try again later"
EARLY = "554 5.5.1 Protocol synchronization error: input was sent too early"


class Rates(unittest.TestCase):
    def greeting(self, bounced, source="127.0.0.1"):
        with Peer(bounced.port, source) as peer:
            return peer.line()

    def test_connection_rate(self):
        """By address; a UNIX socket that is exempt goes on; the log tells it once."""
        with Bounced(server="connection-rate = 2 in 1h\nrate-exempt = unix").start() as bounced:
            greetings = [self.greeting(bounced)[:3] for _ in range(2)]
            self.assertEqual(greetings, ["220", "220"])
            self.assertEqual([self.greeting(bounced) for _ in range(5)], [RATE] * 5)
            self.assertTrue(self.greeting(bounced, "127.0.0.2").startswith("220"))
            with Peer(bounced.lmtp) as peer:
                self.assertTrue(peer.line().startswith("220"))
            self.assertEqual(bounced.read_log().count("event=refused"), 1)
            self.assertIn("reason=connection-rate listener=mx", bounced.read_log())

    def test_network_connection_rate(self):
        with Bounced(server="network-connection-rate = 2 in 1h\nrate-exempt = none").start() as bounced:
            self.assertTrue(self.greeting(bounced, "127.0.0.1").startswith("220"))
            self.assertTrue(self.greeting(bounced, "127.0.0.2").startswith("220"))
            self.assertEqual(self.greeting(bounced, "127.0.0.3"), RATE)
            self.assertTrue(self.greeting(bounced, "127.0.1.1").startswith("220"))

    def test_message_rate(self):
        """The session goes on, over connections too."""
        with Bounced(server="message-rate = 2 in 1h\nrate-exempt = none").start() as bounced:
            for expected in (["250 2.1.0", "450 4.7.1"], ["450 4.7.1", "450 4.7.1"]):
                with Peer(bounced.port) as peer:
                    peer.line()
                    peer.ask("HELO a.example")
                    if expected[0].startswith("250"):
                        self.assertEqual(peer.ask("MAIL FROM:<>")[:9], "250 2.1.0")
                        peer.ask("RSET")
                    for reply in expected:
                        self.assertEqual(peer.ask("MAIL FROM:<>")[:9], reply)
                        peer.ask("RSET")
            self.assertEqual(bounced.read_log().count("event=refused"), 1)

    def test_exempt(self):
        """Loopback is, unless the config says otherwise."""
        with Bounced(server="connection-rate = 1 in 1h\nmessage-rate = 1 in 1h").start() as bounced:
            for _ in range(3):
                with Peer(bounced.port) as peer:
                    self.assertTrue(peer.begin()[-1].startswith("354"))

    def test_reload(self):
        """A new rate holds at once."""
        with Bounced(server="connection-rate = 1 in 1h\nrate-exempt = none").start() as bounced:
            self.assertTrue(self.greeting(bounced).startswith("220"))
            self.assertEqual(self.greeting(bounced), RATE)
            with open(bounced.config, encoding="utf-8") as file:
                text = file.read()
            bounced.write_config(text.replace("1 in 1h", "1000 in 1s"))
            bounced.process.send_signal(1)
            bounced.wait_for_state("RELOADING=1")
            bounced.wait_for_state("READY=1")
            self.assertTrue(self.greeting(bounced).startswith("220"))


class Memory(unittest.TestCase):
    def test_sessions(self):
        """There are fewer sessions than memory for them; who goes makes room."""
        with Bounced(server="memory = 1M\nmessage-size = 64K").start() as bounced:
            peers = [Peer(bounced.port) for _ in range(65)]
            for peer in peers:
                self.addCleanup(peer.__exit__)
            greetings = [peer.line() for peer in peers]
            self.assertEqual({line[:3] for line in greetings[:64]}, {"220"})
            self.assertEqual(greetings[64], "421 4.3.2 Insufficient memory, try again later")
            self.assertEqual(peers[0].ask("QUIT")[:3], "221")
            self.assertEqual(peers[0].line(), "")
            with Peer(bounced.port) as peer:
                self.assertTrue(peer.line().startswith("220"))
            self.assertIn("reason=memory", bounced.read_log())


class EarlyTalkers(unittest.TestCase):
    def test_before_the_delayed_greeting(self):
        with Bounced(server="greeting-delay = 1m\nrate-exempt = none").start() as bounced, \
                Peer(bounced.port) as peer:
            peer.send("EHLO a.example\r\n")
            self.assertEqual(peer.line(), EARLY)
            self.assertEqual(peer.line(), "")
            self.assertIn("reason=early-talker", bounced.read_log())

    def test_delayed_greeting(self):
        """It comes; a peer that goes before it is no trouble, nor is one that waits when the daemon stops."""
        with Bounced(server="greeting-delay = 1s\nrate-exempt = unix").start() as bounced:
            with Peer(bounced.lmtp) as peer:
                self.assertTrue(peer.line().startswith("220"))
            Peer(bounced.port).__exit__()
            with Peer(bounced.port) as peer:
                self.assertTrue(peer.line().startswith("220"))
        with Bounced(server="greeting-delay = 1m\nrate-exempt = none").start() as bounced, Peer(bounced.port) as peer:
            self.wait_for_arrival(bounced)
            self.assertEqual(bounced.terminate(), 0)
            self.assertEqual(peer.line(), "421 4.3.2 The service is stopping, try again later")

    def test_listener_goes(self):
        """A client that waits when a reload takes its listener away, or makes it another protocol's, is told to come again."""
        for new in ("", "[listen mx]\nprotocol = http\naddress = 127.0.0.1:0\n"):
            with Bounced(server="greeting-delay = 1m\nrate-exempt = none").start() as bounced, \
                    Peer(bounced.port) as peer:
                self.wait_for_arrival(bounced)
                with open(bounced.config, encoding="utf-8") as file:
                    text = file.read()
                bounced.write_config(text.replace("[listen mx]\nprotocol = smtp\naddress = 127.0.0.1:0\n", new))
                bounced.process.send_signal(1)
                bounced.wait_for_state("RELOADING=1")
                bounced.wait_for_state("READY=1")
                peer.send("EHLO a.example\r\n")
                self.assertEqual(peer.line(), "421 4.3.2 The service is stopping, try again later")
                self.assertEqual(peer.line(), "")
                self.assertEqual(bounced.read_log().count("reason=early-talker"), 1)

    def wait_for_arrival(self, bounced):
        """The loop takes connections in their order: when a later one was refused, the earlier one is in."""
        with Peer(bounced.port) as peer:
            peer.send("x")
            self.assertEqual(peer.line(), EARLY)

    def test_behind_commands(self):
        """RFC 2920: what may not have others behind it, and what may."""
        with Bounced().start() as bounced:
            for text, last in (("EHLO a.example\r\nMAIL FROM:<>\r\n", EARLY),
                               ("NOOP\r\nNOOP\r\n", EARLY),
                               ("RSET\r\nRSET\r\nQUIT\r\n", "221 2.0.0 mx.example.com closes the connection")):
                with Peer(bounced.port) as peer:
                    peer.line()
                    peer.send(text)
                    self.assertEqual(peer.file.read().decode().splitlines()[-1], last)

    def test_message_behind_data(self):
        """A client that sends its message without waiting for the 354 is no mail server, and leaves nothing behind."""
        with Bounced().start() as bounced, Peer(bounced.port) as peer:
            peer.line()
            peer.ask("HELO a.example")
            peer.ask("MAIL FROM:<>")
            peer.send("RCPT TO:<postmaster>\r\nDATA\r\nSubject: x\r\n\r\nx\r\n.\r\n")
            self.assertEqual(peer.file.read().decode().splitlines()[-1], EARLY)
            self.assertEqual(bounced.recipients(), [])

    def test_served(self):
        with Bounced(listen="early-talkers = serve").start() as bounced, Peer(bounced.port) as peer:
            peer.send("EHLO a.example\r\nNOOP\r\nQUIT\r\n")
            self.assertTrue(peer.file.read().decode().splitlines()[-1].startswith("221"))


if __name__ == "__main__":
    unittest.main()
