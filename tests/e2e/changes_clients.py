"""Clients that follow and are many, stall, send on or go hold up nobody, and leave nothing behind."""

import contextlib
import os
import re
import socket
import unittest

from support.api_client import Events
from support.changes_case import Case, subjects
from support.postfix_process import wait_until


class Clients(Case):
    def connect(self, path, token, buffer=None):
        """A client that has sent its request, and has read nothing."""
        client = self.enterContext(socket.create_connection(("127.0.0.1", self.port)))
        if buffer is not None:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        client.settimeout(60)
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        return client

    def test_token_waits(self):
        self.start("[api]\ntoken-waits = 2")
        crm = self.token("crm")
        clients = [self.connect("/v1/changes/stream?after=now", crm) for _ in range(2)]
        for client in clients:
            self.assertIn(b"text/event-stream", client.recv(4096))
        for path in ("/v1/changes/stream", "/v1/changes?after=now&wait=1"):
            refused = self.api(crm).ask("GET", path)
            self.assertEqual((refused.problem, "Retry-After" in refused.headers), ("too-many-requests", True), path)
        self.assertEqual(self.api().ask("GET", "/v1/changes?after=now&wait=1").status, 200)
        clients[0].close()
        wait_until(lambda: self.api(crm).ask("GET", "/v1/changes?after=now&wait=1").status == 200, lambda: "a free place")

    def test_many(self):
        """As many as may wait; the others are told so, and nobody else is held up."""
        self.start()
        tokens = [self.token(f"token{i}") for i in range(4)]
        clients = [self.connect("/v1/changes/stream?after=now", token) for token in tokens for _ in range(32)]
        for client in clients:
            self.assertIn(b"text/event-stream", client.recv(4096))
        refused = self.api().ask("GET", "/v1/changes/stream")
        self.assertEqual((refused.problem, "Retry-After" in refused.headers), ("too-many-wait", True))
        api = self.api()
        self.assertEqual(api.ask("PUT", "/v1/suppressions/anna%40example.org", {}).status, 201)
        self.assertEqual(subjects(api.ask("GET", "/v1/changes").json["items"]), ["anna@example.org"])
        for client in clients:
            text = b""
            while b"anna@example.org" not in text:
                text += client.recv(4096)

    def test_leave(self):
        """Those who go in the middle leave nothing behind: a daemon with the address sanitizer would say so at its end."""
        self.start()
        self.fill(5000)
        for path in ("/v1/changes/stream", "/v1/changes?after=now&wait=60", "/v1/changes/stream?after=now", "/v1/suppressions"):
            clients = [self.connect(path, self.secret) for _ in range(8)]
            for client in clients[::2]:
                client.recv(0 if "wait" in path else 1)
            for client in clients:
                client.close()
        wait_until(lambda: re.search(b"^bounced_http_waiting 0\nbounced_http_streams 0$", re.sub(
            b"#.*\n", b"", self.api().ask("GET", "/metrics").body), re.M), lambda: "all to be gone")
        self.assertEqual(self.bounced.terminate(), 0, self.bounced.read_log())

    def test_pipelined(self):
        """A request that comes while the one before waits is answered after it."""
        self.start()
        wait = f"GET /v1/changes?after=now&wait=60 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.secret}\r\n\r\n".encode()
        health = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        for first, second, address in ((wait + health, b"", "anna@example.org"), (wait, health, "ben@example.org")):
            with socket.create_connection(("127.0.0.1", self.port), timeout=60) as client:
                client.sendall(first)
                wait_until(lambda: b"bounced_http_waiting 1\n" in self.api().ask("GET", "/metrics").body, lambda: "a request")
                client.sendall(second)
                self.bounced.bouncectl("add", address)
                text = b""
                while not text.endswith(b'{"status":"ok"}\n'):
                    text += client.recv(4096)
            self.assertEqual(text.count(b"HTTP/1.1 200 OK"), 2)
            self.assertLess(text.index(address.encode()), text.index(b'"status":"ok"'))

    def resident(self):
        with open(f"/proc/{self.bounced.process.pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmRSS:\s+(\d+) kB", file.read())[1])

    def test_stalled(self):
        """Clients that take nothing are closed, and cost little meanwhile."""
        self.start()
        every = self.fill(40000)
        before = self.resident()
        for _ in range(20):
            self.connect("/v1/changes/stream", self.secret, 4096)
        live = Events(self.curl("/v1/changes/stream", token=self.token("crm")).stdout)
        self.assertEqual(subjects(event[2] for event in live.take(len(every))), every)
        wait_until(lambda: b"bounced_http_streams 1\n" in self.api().ask("GET", "/metrics").body, lambda: "all but one to be closed")
        if not os.environ.get("SANITIZE"):
            self.assertLess(self.resident() - before, 50000)

    def test_greedy(self):
        """A client that sends on and on, while it is to take events, is not read."""
        self.start()
        client = self.connect("/v1/changes/stream?after=now", self.secret)
        client.recv(4096)
        before, sent = self.resident(), 0
        client.settimeout(1)
        with contextlib.suppress(TimeoutError, ConnectionError):
            while sent < 200 << 20:
                sent += client.send(b"x" * 65536)
        self.assertLess(sent, 200 << 20)
        if not os.environ.get("SANITIZE"):
            self.assertLess(self.resident() - before, 20000)
        self.assertEqual(self.api().ask("GET", "/v1/changes?after=now").status, 200)


if __name__ == "__main__":
    unittest.main(verbosity=2)
