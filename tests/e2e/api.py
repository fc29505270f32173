"""The API: what a token may do, a tenant sees its own alone, clients that are slow or say nothing hold nobody up, TLS, and
what it answers while the database is locked and when it is gone."""

import csv
import http.client
import io
import os
import shutil
import socket
import sqlite3
import ssl
import subprocess
import time
import unittest

from support.api_client import Api
from support.bounced_process import BUILD, HEAD, Bounced

CONFIG = HEAD + """
{more}
[listen api]
protocol = http
address = 127.0.0.1:0
serve = metrics api
{listen}
[return-path news]
domain = news.example.com
stream = news
tenant = shop
[return-path alerts]
domain = alerts.example.com
stream = alerts
tenant = bank
"""

ANNA = "/v1/suppressions/anna%40example.org"
BEN = "/v1/suppressions/ben%40example.org"


class Case(unittest.TestCase):
    def start(self, more="", listen=""):
        self.bounced = self.enterContext(Bounced())
        self.write(more, listen)
        self.bounced.start()
        self.port = self.bounced.find_port("api")

    def write(self, more="", listen=""):
        self.bounced.write_config(CONFIG.format(folder=self.bounced.folder, more=more, listen=listen))

    def token(self, name, *options):
        return self.bounced.bouncectl("token", "add", name, *options).split()[-1]

    def api(self, *options, name=None):
        """A client with a token of its own."""
        self.tokens = getattr(self, "tokens", 0) + 1
        return self.enterContext(Api(self.port, self.token(name or f"token{self.tokens}", *options)))

    def all(self):
        return self.api("--scope", "read,write,ingest,admin")


class Entries(Case):
    def test_life(self):
        """An entry that is added, read, changed and removed, and what the CLI says of it."""
        self.start()
        api = self.api("--scope", "read,write", name="crm")
        added = api.ask("PUT", ANNA, {"note": "asked by phone"})
        self.assertEqual((added.status, added.json["who"], added.json["note"]), (201, "crm", "asked by phone"))
        self.assertIn("asked by phone", self.bounced.bouncectl("explain", "anna@example.org"))
        found = api.ask("GET", "/v1/suppressions/ANNA%40Example.ORG")
        self.assertEqual((found.json["suppressed"], found.headers["ETag"]), (True, added.headers["ETag"]))
        changed = api.ask("PUT", ANNA, {"until": "2036-01-01T00:00:00Z"}, If_Match=found.headers["ETag"])
        self.assertEqual((changed.status, changed.json["until"]), (200, "2036-01-01T00:00:00Z"))
        self.assertEqual(api.ask("PUT", ANNA, {}, If_Match=found.headers["ETag"]).problem, "precondition-failed")
        self.assertEqual(api.ask("DELETE", ANNA, If_Match=found.headers["ETag"]).problem, "precondition-failed")
        self.assertEqual(api.ask("DELETE", ANNA, If_Match=changed.headers["ETag"]).status, 204)
        self.assertEqual(api.ask("GET", ANNA).problem, "not-found")
        self.assertEqual(api.ask("PUT", ANNA, {}, If_Match="*").problem, "precondition-failed")
        self.assertEqual(self.bounced.bouncectl("export", "--format", "text"), "")

    def test_bad_changes(self):
        """Nothing of them is written."""
        self.start()
        api = self.all()
        for body, problem in (({"until": "2020-01-01T00:00:00Z"}, "invalid-body"), ({"until": 5}, "invalid-body"),
                              ({"until": "soon"}, "invalid-body"), ({"reason": "x"}, "invalid-body"),
                              ({"note": "a\nb"}, "invalid-body"), (b"[]", "invalid-body"), (b"{", "invalid-body"),
                              (b'{"note":"a","note":"b"}', "invalid-body"), (b'{"note":"\xff"}', "invalid-body"),
                              (b'{"note":"\\u0000"}', "invalid-body")):
            self.assertEqual(api.ask("PUT", ANNA, body).problem, problem, body)
        for query in ("?scope=none", "?scope=tenant%3D", "?scope=all&scope=all", "?scope=%FF"):
            self.assertEqual(api.ask("PUT", ANNA + query, {}).problem, "bad-request", query)
        self.assertEqual(self.bounced.bouncectl("export", "--format", "text"), "")

    def test_subjects(self):
        """Domains, and addresses that a URI cannot hold as they are."""
        self.start()
        api = self.all()
        for path in ("@example.org", ".example.org", "%22a%2Fb%22%40example.net", "%C3%BC%40example.net", "a%2Bb%40example.net"):
            self.assertEqual(api.ask("PUT", f"/v1/suppressions/{path}", {}).status, 201, path)
            self.assertEqual(api.ask("GET", f"/v1/suppressions/{path}").status, 200, path)
        self.assertEqual(api.ask("GET", ANNA).json["entries"][0]["recipient"], "@example.org")
        self.assertEqual(api.ask("GET", "/v1/suppressions/x%40a.example.org").json["entries"][0]["recipient"], ".example.org")
        self.assertEqual(api.ask("DELETE", ANNA).problem, "not-found")

    def test_check(self):
        self.start()
        api = self.all()
        api.ask("PUT", ANNA + "?scope=stream%3Dnews", {})
        addresses = ["ben@example.org", "Anna@Example.org", "nobody", "", "\u00fc@example.org"]
        for more, expected in (({}, [False] * 5), ({"stream": "news"}, [False, True] + [False] * 3),
                               ({"tenant": "shop"}, [False] * 5), ({"stream": "alerts"}, [False] * 5)):
            items = api.ask("POST", "/v1/check", {"addresses": addresses, **more}).json["items"]
            self.assertEqual([item["address"] for item in items], addresses)
            self.assertEqual([item["suppressed"] for item in items], expected, more)
            self.assertEqual(["problem" in item for item in items], [False, False, True, True, False])
        many = [f"user{i}@example.org" for i in range(10000)]
        self.assertEqual(len(api.ask("POST", "/v1/check", {"addresses": many}).json["items"]), 10000)
        self.assertEqual(api.ask("POST", "/v1/check", {"addresses": many + ["x"]}).problem, "invalid-body")
        self.assertEqual(api.ask("POST", "/v1/check", {"addresses": [1]}).problem, "invalid-body")


class Lists(Case):
    def fill(self, n):
        text = "".join(f"user{i:05}@{'even' if i % 2 == 0 else 'odd'}.test\n" for i in range(n))
        subprocess.run([os.path.join(BUILD, "bouncectl"), "--config", self.bounced.config, "add", "--file", "-"],
                       input=text.encode(), check=True, capture_output=True)
        return text.split()

    def pages(self, api, path):
        """The items of all pages, by their links."""
        while path is not None:
            page = api.ask("GET", path)
            self.assertEqual(page.status, 200)
            yield [item["recipient"] for item in page.json["items"]]
            link = page.headers.get("Link")
            self.assertEqual(link is not None, "next" in page.json)
            path = link[1:link.index(">")] if link else None

    def test_pages(self):
        self.start()
        api = self.all()
        every = self.fill(12000)
        pages = list(self.pages(api, "/v1/suppressions?limit=1000"))
        self.assertEqual(sum(pages, []), every)
        self.assertLessEqual(max(map(len, pages)), 1000)
        odd = list(self.pages(api, "/v1/suppressions?limit=700&domain=odd.test"))
        self.assertEqual(sum(odd, []), [one for one in every if "odd" in one])
        few = list(self.pages(api, "/v1/suppressions?q=USER00017"))
        self.assertEqual(sum(few, []), ["user00017@odd.test"])
        for query in ("limit=0", "limit=1001", "limit=x", "state=new", "reason=none", "since=x", "scope=x", "after=AAAA"):
            self.assertEqual(api.ask("GET", f"/v1/suppressions?{query}").problem, "bad-request", query)

    def test_whole(self):
        """All of it, while the client takes it slowly, and while the list is written."""
        self.start()
        api = self.all()
        every = self.fill(30000)
        lines = api.ask("GET", "/v1/suppressions", Accept="application/x-ndjson")
        self.assertEqual(lines.body.count(b"\n"), len(every))
        rows = list(csv.DictReader(io.StringIO(api.ask("GET", "/v1/suppressions?domain=even.test", Accept="text/csv")
                                               .body.decode())))
        self.assertEqual([row["recipient"] for row in rows], every[::2])
        with socket.create_connection(("127.0.0.1", self.port)) as slow:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.sendall(f"GET /v1/suppressions HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\nAuthorization: Bearer "
                         f"{api.token}\r\nConnection: close\r\n\r\n".encode())
            self.assertEqual(api.ask("PUT", ANNA, {}).status, 201)
            text = b"".join(iter(lambda: slow.recv(65536), b""))
            self.assertTrue(text.endswith(b"\r\n0\r\n\r\n"), text[-100:])
            self.assertGreaterEqual(text.count(b".test,"), len(every))


class Tokens(Case):
    def test_wrong(self):
        self.start()
        good = self.token("good", "--scope", "read")
        for token in (None, "", "x", good[:-1], good + "x", good.upper(), "\u00fc" * 40):
            with Api(self.port) as api:
                headers = {} if token is None else {"Authorization": f"Bearer {token}".encode()}
                answer = api.ask("GET", ANNA, **headers)
                self.assertEqual((answer.status, answer.problem), (401, "unauthenticated"), token)
        with Api(self.port) as api:
            for field in (good, f"Basic {good}", f"Bearer{good}", "Bearer"):
                self.assertEqual(api.ask("GET", ANNA, Authorization=field).status, 401, field)
            self.assertEqual(api.ask("GET", ANNA, Authorization=f"bearer {good}").status, 404)
            self.assertEqual(api.ask("GET", ANNA + f"?token={good}").status, 401)

    def test_rights(self):
        self.start()
        reader, writer = self.api("--scope", "read"), self.api("--scope", "write")
        self.assertEqual(writer.ask("PUT", ANNA, {}).status, 201)
        self.assertEqual(writer.ask("GET", ANNA).problem, "forbidden")
        self.assertEqual(reader.ask("GET", ANNA).status, 200)
        for method in ("PUT", "DELETE"):
            self.assertEqual(reader.ask(method, ANNA).problem, "forbidden")
        self.assertEqual(reader.ask("GET", ANNA).status, 200)

    def test_revoked(self):
        """At once, on the same connection."""
        self.start()
        api = self.api("--scope", "read", name="crm")
        self.assertEqual(api.ask("GET", ANNA).status, 404)
        self.bounced.bouncectl("token", "revoke", "crm")
        self.assertEqual(api.ask("GET", ANNA).status, 401)

    def test_tenant(self):
        """It sees what applies to its mail, and what is its own; it writes its own alone."""
        self.start()
        admin = self.all()
        shop = self.api("--scope", "read,write", "--tenant", "shop")
        for scope in ("all", "tenant=shop", "tenant=bank", "stream=news", "stream=alerts"):
            address = scope.replace("=", "-")
            path = f"/v1/suppressions/{address}%40example.org?scope={scope.replace('=', '%3D')}"
            self.assertEqual(admin.ask("PUT", path, {"note": "a secret"}).status, 201)
        own = [item["scope"] for item in shop.ask("GET", "/v1/suppressions").json["items"]]
        self.assertEqual(sorted(own), ["stream=news", "tenant=shop"])
        lines = shop.ask("GET", "/v1/suppressions", Accept="application/x-ndjson").body
        self.assertEqual(lines.count(b"\n"), 2)
        for name, query, status in (("all", "", 200), ("tenant-shop", "", 200), ("tenant-bank", "", 404),
                                    ("stream-news", "", 404), ("stream-news", "?stream=news", 200),
                                    ("stream-alerts", "?stream=alerts", 403), ("tenant-bank", "?tenant=bank", 403),
                                    ("tenant-bank", "?scope=tenant%3Dbank", 403), ("all", "?scope=all", 403)):
            answer = shop.ask("GET", f"/v1/suppressions/{name}%40example.org{query}")
            self.assertEqual(answer.status, status, name + query)
            self.assertEqual(b"secret" in answer.body, status == 200 and name != "all", name + query)
        for query in ("?stream=alerts", "?tenant=bank", "?scope=tenant%3Dbank"):
            self.assertEqual(shop.ask("GET", f"/v1/suppressions{query}").problem, "forbidden")
        names = ["all", "tenant-shop", "tenant-bank", "stream-alerts"]
        items = shop.ask("POST", "/v1/check", {"addresses": [f"{name}@example.org" for name in names]}).json["items"]
        self.assertEqual([item["suppressed"] for item in items], [True, True, False, False])
        self.assertEqual(shop.ask("POST", "/v1/check", {"addresses": [], "tenant": "bank"}).problem, "forbidden")
        for method in ("PUT", "DELETE"):
            for scope in ("all", "tenant%3Dbank", "stream%3Dalerts", "stream%3Dunknown"):
                self.assertEqual(shop.ask(method, f"{ANNA}?scope={scope}").problem, "forbidden", scope)
        self.assertEqual(shop.ask("PUT", ANNA).json["scope"], "tenant=shop")
        self.assertEqual(shop.ask("DELETE", "/v1/suppressions/all%40example.org").problem, "not-found")
        self.assertEqual(admin.ask("GET", "/v1/suppressions/all%40example.org").json["suppressed"], True)

    def test_rates(self):
        self.start(more="[api]\ntoken-rate = 3 in 1h\nrefusal-rate = 2 in 1h")
        api, other = self.api("--scope", "read"), self.api("--scope", "read")
        self.assertEqual([api.ask("GET", ANNA).status for _ in range(5)], [404, 404, 404, 429, 429])
        self.assertEqual(other.ask("GET", ANNA).status, 404)
        with Api(self.port, "wrong") as wrong:
            self.assertEqual([wrong.ask("GET", ANNA).status for _ in range(4)], [401, 401, 429, 429])
        self.assertEqual(other.ask("GET", ANNA).status, 404, "a good token of the same address passes")


class Clients(Case):
    def test_idle(self):
        """Connections that say nothing, or part of a request, lock nobody out."""
        self.start()
        api = self.all()
        idle = []
        for i in range(400):
            peer = socket.socket()
            peer.setblocking(False)
            peer.connect_ex(("127.0.0.1", self.port))
            idle.append(self.enterContext(peer))
            if i % 2:
                try:
                    peer.send(b"PUT /v1/suppressions/x HTTP/1.1\r\nContent-Length: 1000\r\n\r\nx")
                except BlockingIOError:
                    pass
        with Api(self.port, api.token) as late:
            self.assertEqual(late.ask("GET", ANNA).status, 404)

    def test_hostile(self):
        self.start()
        requests = (b"\0\0\0\0\r\n\r\n", b"GET\r\n\r\n", b"GET /v1/suppressions/" + b"a" * 50000 + b" HTTP/1.1\r\n\r\n",
                    b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                    b"PUT /v1/suppressions/a HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
                    b"POST /v1/check HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
                    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
        for request in requests:
            with socket.create_connection(("127.0.0.1", self.port), timeout=20) as peer:
                peer.sendall(request)
                peer.shutdown(socket.SHUT_WR)
                try:
                    while peer.recv(65536):
                        pass
                except ConnectionResetError:
                    pass
        self.assertEqual(self.all().ask("GET", ANNA).status, 404)

    def test_two_lengths(self):
        """A proxy may have taken the other one: the request is refused, and the connection ends."""
        self.start()
        token = self.all().token
        for fields in ("Content-Length: 2\r\nContent-Length: 40", "Content-Length: 40\r\nTransfer-Encoding: chunked"):
            with socket.create_connection(("127.0.0.1", self.port), timeout=20) as peer, peer.makefile("rb") as file:
                peer.sendall(f"PUT /v1/suppressions/ben@example.org HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n"
                             f"Content-Type: application/json\r\n{fields}\r\n\r\n{{}}".encode() + b"0\r\n\r\n" * 8)
                self.assertEqual(file.readline().split()[1], b"400")
        self.assertEqual(self.all().ask("GET", "/v1/suppressions/ben@example.org").status, 404)

    def test_compressed(self):
        self.start()
        answer = self.all().ask("POST", "/v1/messages", b"\x1f\x8b", Content_Type="message/rfc822", Content_Encoding="gzip")
        self.assertEqual(answer.status, 415, answer.body)

    def test_no_cors(self):
        self.start()
        answer = self.all().ask("GET", ANNA, Origin="https://evil.example")
        self.assertEqual([name for name in answer.headers if name.lower().startswith("access-control")], [])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")


class Tls(Case):
    def make_certificate(self):
        self.certificate, key = (os.path.join(self.bounced.folder, name) for name in ("certificate.pem", "key.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                        "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-out", self.certificate, "-keyout", key], check=True, capture_output=True)
        return f"[tls]\ncertificate = {self.certificate}\nkey = {key}\n"

    def connect(self):
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30,
                                           context=ssl.create_default_context(cafile=self.certificate))

    def test_tls(self):
        """HTTPS alone; a reload brings another certificate."""
        self.bounced = self.enterContext(Bounced())
        self.write(self.make_certificate(), "tls = required")
        self.bounced.start()
        self.port = self.bounced.find_port("api")
        token = self.token("crm", "--scope", "read,write")
        with Api(self.port, token, connect=self.connect) as api:
            self.assertEqual(api.ask("PUT", ANNA, {}).status, 201)
        with self.assertRaises((http.client.HTTPException, ConnectionError)), Api(self.port, token) as clear:
            clear.ask("GET", ANNA)
        old = self.certificate
        shutil.copy(old, old + ".old")
        self.make_certificate()
        self.bounced.bouncectl("reload")
        with Api(self.port, token, connect=self.connect) as api:
            self.assertEqual(api.ask("GET", ANNA).status, 200)
        self.certificate = old + ".old"
        with self.assertRaises(ssl.SSLError), Api(self.port, token, connect=self.connect) as api:
            api.ask("GET", ANNA)

    def test_in_the_clear(self):
        """Beyond this machine it is refused, unless the operator says that it may be."""
        self.bounced = self.enterContext(Bounced())
        for more, status in (("", 78), ("insecure = yes", 0)):
            self.bounced.write_config(CONFIG.format(folder=self.bounced.folder, more="", listen=more)
                                      .replace("address = 127.0.0.1:0\nserve", "address = 0.0.0.0:0\nserve"))
            done = subprocess.run([os.path.join(BUILD, "bounced"), "--config", self.bounced.config, "--check-config"],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, status, done.stderr)


class Trouble(Case):
    def ask_within(self, api, method, path, body=None):
        start = time.monotonic()
        answer = api.ask(method, path, body)
        self.assertLess(time.monotonic() - start, 20)
        return answer

    def test_locked(self):
        """Another process writes for long: it is read, and what is to be written is put off."""
        self.start()
        api = self.all()
        self.assertEqual(api.ask("PUT", ANNA, {}).status, 201)
        database = sqlite3.connect(os.path.join(self.bounced.folder, "bounced.db"), isolation_level=None)
        database.execute("BEGIN IMMEDIATE")
        self.assertEqual(self.ask_within(api, "GET", ANNA).status, 200)
        self.assertEqual(self.ask_within(api, "PUT", BEN, {}).problem, "unavailable")
        self.assertEqual(self.ask_within(api, "GET", "/readyz").problem, "unavailable")
        self.assertEqual(api.ask("GET", "/healthz").status, 200)
        database.execute("ROLLBACK")
        database.close()
        self.assertEqual(api.ask("PUT", BEN, {}).status, 201)
        self.assertEqual(api.ask("GET", "/readyz").status, 200)

    def test_gone(self):
        self.start()
        api = self.all()
        self.assertEqual(api.ask("PUT", ANNA, {}).status, 201)
        path = os.path.join(self.bounced.folder, "bounced.db")
        os.rename(path, path + ".away")
        for method, where, body in (("GET", ANNA, None), ("PUT", BEN, {}), ("GET", "/v1/suppressions", None),
                                    ("POST", "/v1/check", {"addresses": ["anna@example.org"]}), ("GET", "/readyz", None)):
            answer = self.ask_within(api, method, where, body)
            self.assertEqual((answer.status, answer.problem), (503, "unavailable"), where)
            self.assertIn("Retry-After", answer.headers)
        self.assertEqual(api.ask("GET", "/healthz").status, 200)


if __name__ == "__main__":
    unittest.main(verbosity=2)
