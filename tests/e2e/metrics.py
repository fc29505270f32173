"""GET /metrics, asked by curl, and what it says after things have happened."""

import contextlib
import os
import re
import smtplib
import socket
import subprocess
import threading
import unittest

from support.bounced_process import Bounced, report
from support.peer import NEWS, Peer

CONNECTIONS = 256  # that are served at one time
SECTION = "[listen metrics]\nprotocol = http\naddress = 127.0.0.1:0\n"


class Metrics(unittest.TestCase):
    def start(self, **settings):
        self.bounced = self.enterContext(Bounced(**settings))
        with open(self.bounced.config, "a", encoding="utf-8") as file:
            file.write(SECTION)
        self.bounced.start()
        self.find_port()

    def find_port(self):
        self.port = re.findall(r"listener=metrics \S+ address=127\.0\.0\.1:(\d+)", self.bounced.read_log())[-1]

    def curl(self, path, *options):
        done = subprocess.run(["curl", "-sS", "-i", *options, f"http://127.0.0.1:{self.port}{path}"],
                              capture_output=True, text=True, check=True)
        head, _, body = done.stdout.partition("\n\n" if "\r\n" not in done.stdout else "\r\n\r\n")
        return int(head.split()[1]), head, body

    def values(self):
        """Every sample, by its name with its label."""
        status, head, body = self.curl("/metrics")
        self.assertEqual(status, 200)
        self.assertIn("text/plain; version=0.0.4", head)
        lines = body.splitlines()
        for line in lines:
            self.assertRegex(line, r'^(# (HELP|TYPE) bounced_\w+ .+|bounced_\w+(\{(\w+="[^"]*",?)+\})? \d+)$')
        return {line.rsplit(" ", 1)[0]: int(line.rsplit(" ", 1)[1]) for line in lines if not line.startswith("#")}

    def test_requests(self):
        """One path, two methods; what is too large is refused, and nothing of it stops the daemon."""
        self.start()
        self.assertEqual(self.curl("/metrics")[0], 200)
        self.assertEqual(self.curl("/metrics?x=y")[0], 200)
        status, head, body = self.curl("/metrics", "--head")
        self.assertEqual((status, body), (200, ""))
        self.assertEqual(self.curl("/")[0], 404)
        self.assertEqual(self.curl("/metrics/x")[0], 404)
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            status, head, _ = self.curl("/metrics", "-X", method)
            self.assertEqual(status, 405)
            self.assertIn("Allow: GET, HEAD", head)
        self.assertEqual(self.curl("/metrics", "--data", "x" * 100000)[0], 405)
        self.assertEqual(self.curl("/metrics", "-X", "GET", "--data", "x")[0], 413)
        self.assertEqual(self.curl("/metrics", "-H", "X: " + "x" * 20000)[0], 400)
        with socket.create_connection(("127.0.0.1", int(self.port))) as peer:
            peer.sendall(b"\0\xff nonsense\r\n\r\n")
            peer.recv(1000)
        self.assertEqual(self.curl("/metrics")[0], 200)
        values = self.values()
        self.assertGreaterEqual(values['bounced_http_requests_total{method="GET",route="/metrics",class="2xx"}'], 4)
        self.assertEqual(values['bounced_http_requests_total{method="",route="",class="4xx"}'], 7)
        self.assertEqual(values['bounced_http_problems_total{type="not-found"}'], 2)
        self.assertEqual(values['bounced_http_problems_total{type="method-not-allowed"}'], 5)

    def test_counts(self):
        self.start(server="errors = 2\nmessage-size = 64K\nrecipients = 1")
        before = self.values()
        self.assertEqual(before["bounced_messages_total{outcome=\"stored\"}"], 0)
        self.assertEqual(before["bounced_sessions"], 0)
        for number in (1, 2, 2):
            with smtplib.SMTP("127.0.0.1", self.bounced.port) as client:
                client.sendmail("", [NEWS], report(number))
        with Peer(self.bounced.port) as peer:
            peer.line()
            for text in ("FOO", "FOO", "FOO"):
                peer.ask(text)
        with Peer(self.bounced.port) as peer:
            peer.line()
            peer.send("NOOP\r\nNOOP\r\n")
            peer.line()
        with Peer(self.bounced.port) as peer:
            peer.begin()
            after = self.values()
        for name, expected in (("bounced_connections_total", 6),
                               ("bounced_sessions", 1),
                               ("bounced_messages_total{outcome=\"stored\"}", 2),
                               ("bounced_messages_total{outcome=\"duplicate\"}", 1),
                               ("bounced_messages_total{outcome=\"failed\"}", 0),
                               ("bounced_events_total{kind=\"bounce\"}", 2),
                               ("bounced_message_octets_total", len(report(1)) + len(report(2))),
                               ("bounced_limit_hits_total{limit=\"errors\"}", 1),
                               ("bounced_early_talkers_total", 1),
                               ("bounced_replies_total{class=\"5xx\"}", 3),
                               ("bounced_replies_total{class=\"4xx\"}", 1),
                               ("bounced_queue_messages", 0),
                               ("bounced_memory_limit_octets", 256 << 20),
                               ("bounced_store_failing", 0)):
            self.assertEqual(after[name], expected, name)

    def test_reload(self):
        """A reload keeps the listener and the counts; one that goes is closed."""
        self.start()
        with smtplib.SMTP("127.0.0.1", self.bounced.port) as client:
            client.sendmail("", [NEWS], report(1))
        self.reload()
        self.assertEqual(self.values()["bounced_messages_total{outcome=\"stored\"}"], 1)
        with open(self.bounced.config, encoding="utf-8") as file:
            text = file.read()
        self.bounced.write_config(text.replace(SECTION, ""))
        self.reload()
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(self.port)))

    def reload(self):
        self.bounced.process.send_signal(1)
        self.bounced.wait_for_state("RELOADING=1")
        self.bounced.wait_for_state("READY=1")

    def test_unix_socket(self):
        bounced = self.enterContext(Bounced())
        path = f"{bounced.folder}/metrics"
        with open(bounced.config, "a", encoding="utf-8") as file:
            file.write(f"[listen metrics]\nprotocol = http\naddress = unix:{path}\n")
        bounced.start()
        done = subprocess.run(["curl", "-sS", "--unix-socket", path, "http://localhost/metrics"],
                              capture_output=True, text=True, check=True)
        self.assertIn("\nbounced_sessions 0\n", done.stdout)

    def test_connections(self):
        """So many at one time; the next are served when others go, whoever ends them, and mail is in no one's way."""
        self.start()
        request = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"

        def descriptors():
            return len(os.listdir(f"/proc/{self.bounced.process.pid}/fd"))

        # A first message opens what stays open: the store's files and the clock of who verifies signatures.
        with smtplib.SMTP("127.0.0.1", self.bounced.port) as client:
            client.sendmail("", [NEWS], report(0))
        before = descriptors()
        peers = [socket.create_connection(("127.0.0.1", int(self.port)), timeout=60) for _ in range(CONNECTIONS + 24)]
        for peer in peers:
            self.addCleanup(peer.close)
            peer.sendall(request)
        for peer in peers[:CONNECTIONS]:
            self.assertTrue(peer.recv(100).startswith(b"HTTP/1.1 200"))
        with smtplib.SMTP("127.0.0.1", self.bounced.port) as client:
            client.sendmail("", [NEWS], report(1))
            # Some are open for a moment: the store's, and those of connections that are just being closed.
            self.assertLessEqual(min(descriptors() for _ in range(20)) - before, CONNECTIONS + 3)
        for peer, following in zip(peers[:8], peers[CONNECTIONS:CONNECTIONS + 8]):
            peer.close()
            self.assertTrue(following.recv(100).startswith(b"HTTP/1.1 200"))
        for following in peers[CONNECTIONS + 8:]:  # silence ends those that are served
            self.assertTrue(following.recv(100).startswith(b"HTTP/1.1 200"))

    def test_silent(self):
        """Peers that begin a request and never end it, as many as are served, do not blind who asks for the metrics."""
        self.start()
        peers = [socket.create_connection(("127.0.0.1", int(self.port)), timeout=60) for _ in range(CONNECTIONS)]
        stop = threading.Event()

        def dribble():
            request = iter("GET /metrics HTTP/1.1\r\nX: " + "x" * 1000)
            while not stop.is_set():
                octet = next(request).encode()
                for peer in peers:
                    with contextlib.suppress(OSError):
                        peer.sendall(octet)
                stop.wait(1)

        for peer in peers:
            self.addCleanup(peer.close)
        dribbler = threading.Thread(target=dribble)
        dribbler.start()
        self.addCleanup(dribbler.join)
        self.addCleanup(stop.set)
        self.assertEqual(self.curl("/metrics", "--max-time", "30")[0], 200)

    def test_stop(self):
        """A connection that is kept open holds no stop up."""
        self.start()
        with socket.create_connection(("127.0.0.1", int(self.port))) as peer:
            peer.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertTrue(peer.recv(100).startswith(b"HTTP/1.1 200"))
            self.assertEqual(self.bounced.terminate(), 0)


if __name__ == "__main__":
    unittest.main()
