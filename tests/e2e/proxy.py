"""Behind a load balancer: the PROXY protocol, spoken by a real HAProxy and by hand."""

import os
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import unittest

from support.bounced_process import Bounced, report
from support.peer import NEWS, Peer

HAPROXY = """
global
    maxconn 100
defaults
    mode tcp
    timeout connect 10s
    timeout client 60s
    timeout server 60s
frontend one
    bind 127.0.0.1:{one}
    default_backend one
frontend two
    bind 127.0.0.1:{two}
    default_backend two
backend one
    server bounced 127.0.0.1:{port} send-proxy
backend two
    server bounced 127.0.0.1:{port} send-proxy-v2 proxy-v2-options unique-id,crc32c
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class RealHaproxy(unittest.TestCase):
    def setUp(self):
        self.bounced = self.enterContext(Bounced(server="connections-per-address = 1\nrate-exempt = none",
                                                 listen="proxy = 127.0.0.1, unix")).start()
        self.ports = {"one": free_port(), "two": free_port()}
        config = os.path.join(self.bounced.folder, "haproxy.cfg")
        with open(config, "w", encoding="utf-8") as file:
            file.write(HAPROXY.format(port=self.bounced.port, **self.ports))
        haproxy = shutil.which("haproxy") or "/usr/sbin/haproxy"
        self.process = subprocess.Popen([haproxy, "-db", "-f", config], stderr=subprocess.DEVNULL)
        self.addCleanup(self.stop)
        for port in self.ports.values():
            self.wait_for(port)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def wait_for(self, port):
        """HAProxy says nowhere when it listens; what it passes on meanwhile are connections without a word."""
        while True:
            try:
                with Peer(port, "127.9.9.9") as peer:
                    peer.ask("QUIT")
                    return
            except ConnectionRefusedError:
                self.assertIsNone(self.process.poll())

    def test_versions(self):
        """By both versions the peer in the log, and the one that is limited, is the client."""
        for version, source in (("one", "127.1.2.3"), ("two", "127.4.5.6")):
            with Peer(self.ports[version], source) as first:
                self.assertTrue(first.line().startswith("220"))
                with Peer(self.ports[version], source) as second:
                    self.assertTrue(second.line().startswith("421 4.7.0"))
                with Peer(self.ports[version], "127.7.7.7") as third:
                    self.assertTrue(third.line().startswith("220"))
                    third.ask("QUIT")
                for text in ("HELO a.example", "MAIL FROM:<>", f"RCPT TO:<{NEWS}>", "DATA"):
                    first.ask(text)
                self.assertEqual(first.ask(report(version).decode() + "."), "250 2.0.0 Message stored")
            self.assertRegex(self.bounced.read_log(), rf"event=message \S+ peer={re.escape(source)}:\d+ ")
            self.assertRegex(self.bounced.read_log(), rf"event=refused peer={re.escape(source)}:\d+ ")
        self.assertEqual(len(self.bounced.recipients()), 2)


class ByHand(unittest.TestCase):
    def start(self, proxy, server="rate-exempt = none"):
        return self.enterContext(Bounced(server=server, listen="proxy = " + proxy)).start()

    def test_header_first(self):
        """It may come in pieces, and over a UNIX socket; the greeting is the first thing that is said."""
        bounced = self.start("127.0.0.1, unix")
        for place in (bounced.port, bounced.lmtp):
            with Peer(place) as peer:
                peer.send("PROXY TCP4 192.0.")
                peer.send("2.77 198.51.100.1 1234 25\r\n")
                self.assertTrue(peer.line().startswith("220"))
                peer.ask("FOO")
                peer.ask("QUIT")
                peer.line()
        self.assertIn("event=session peer=192.0.2.77:1234 ", bounced.read_log())

    def test_early_talker_behind_it(self):
        bounced = self.start("127.0.0.1")
        with Peer(bounced.port) as peer:
            peer.send("PROXY TCP4 192.0.2.77 198.51.100.1 1234 25\r\nEHLO a.example\r\n")
            self.assertTrue(peer.line().startswith("554 5.5.1"))
        self.assertIn("event=refused peer=192.0.2.77:1234 reason=early-talker", bounced.read_log())

    def test_own(self):
        """A health check is the balancer's own session."""
        bounced = self.start("127.0.0.1")
        for header in (b"PROXY UNKNOWN\r\n", b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0"):
            with Peer(bounced.port) as peer:
                peer.socket.sendall(header)
                self.assertTrue(peer.line().startswith("220"))
                peer.ask("FOO")
        with Peer(bounced.port) as peer:
            peer.send("PROXY UNKNOWN\r\n")
            peer.line()
        while "event=session" not in bounced.read_log():
            pass
        self.assertRegex(bounced.read_log(), r"event=session peer=127\.0\.0\.1:\d+ ")

    def test_bad(self):
        """Closed without a word, once in the log."""
        bounced = self.start("127.0.0.1")
        for text in ("EHLO a.example\r\n", "PROXY TCP4 a b 1 2\r\n", "x" * 5000):
            with Peer(bounced.port) as peer:
                peer.send(text)
                self.assertEqual(peer.file.read(), b"")
        self.assertEqual(bounced.read_log().count("reason=proxy-header"), 1)

    def test_none(self):
        """A balancer that connects and says nothing has so much time."""
        bounced = self.start("127.0.0.1", server="idle-timeout = 1s")
        with Peer(bounced.port) as peer:
            self.assertEqual(peer.file.read(), b"")

    def test_others(self):
        """A client that is no balancer is served as itself, and may not say that it is somebody else."""
        bounced = self.start("127.0.0.99")
        with Peer(bounced.port) as peer:
            self.assertTrue(peer.line().startswith("220"))
            self.assertEqual(peer.ask("PROXY TCP4 192.0.2.77 198.51.100.1 1234 25"), "500 5.5.1 Unknown command")

    def test_stop(self):
        """One that has said nothing holds no stop up."""
        bounced = self.start("127.0.0.1")
        with Peer(bounced.port) as waiting, Peer(bounced.port) as later:
            later.send("PROXY UNKNOWN\r\n")
            later.line()
            self.assertEqual(bounced.terminate(), 0)
            self.assertEqual(waiting.line(), "421 4.3.2 The service is stopping, try again later")

    def test_delivery(self):
        bounced = self.start("127.0.0.1")
        with socket.create_connection(("127.0.0.1", bounced.port)) as connection, smtplib.SMTP() as client:
            connection.sendall(b"PROXY TCP6 2001:db8::77 2001:db8::1 1234 25\r\n")
            client.sock, client.file = connection, None
            client._host = "mx.example.com"
            self.assertEqual(client.getreply()[0], 220)
            client.sendmail("", [NEWS], report(1))
        self.assertIn("peer=[2001:db8::77]:1234 ", bounced.read_log())


if __name__ == "__main__":
    unittest.main()
