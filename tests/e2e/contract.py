"""The table of routes, the OpenAPI file and real answers say the same: every route, and every status that it may have."""

import base64
import contextlib
import glob
import os
import re
import sqlite3
import unittest

import jsonschema

from support.api_client import HTTP, OPENAPI, Api, operations, resolve
from support.bounced_process import HEAD, Bounced
from support.postfix_process import wait_until

CONFIG = HEAD.replace("[server]", "[server]\nmessage-size = 64K") + """
[listen api]
protocol = http
address = 127.0.0.1:0
serve = metrics api
[return-path news]
domain = news.example.com
stream = news
tenant = shop
"""

ANNA = "/v1/suppressions/anna%40example.org"
FOREIGN = base64.urlsafe_b64encode(bytes([1] + [0, 0, 0, 1] + 16 * [0])).decode()  # a cursor of another database
JSON = {"Content_Type": "application/json"}
RIGHTS = ("read", "write", "ingest", "admin")
EVENT = {"recipient": "carl@example.org", "reply": 550, "id": "1"}
MESSAGES = "/v1/messages?mail_from=&rcpt_to=x%40news.example.com"
MAIL = {"Content_Type": "message/rfc822"}

# In this order: the operation, the status that it is to give, and the request; a tenant's token is used if it is named.
# Answers that any route may give (401, 403, 429, 503) are looked at below.
CALLS = (
    ("getHealth", 200, "GET", "/healthz"),
    ("getReadiness", 200, "GET", "/readyz"),
    ("getMetrics", 200, "GET", "/metrics"),
    ("getDescription", 200, "GET", "/v1/openapi.json"),
    ("putSuppression", 201, "PUT", ANNA, {"note": "asked by phone"}),
    ("putSuppression", 200, "PUT", ANNA, {"until": "2036-01-01T00:00:00Z"}),
    ("putSuppression", 400, "PUT", "/v1/suppressions/anna", {}),
    ("putSuppression", 412, "PUT", ANNA, {}, {"If_None_Match": "*"}),
    ("putSuppression", 413, "PUT", ANNA, b" " * 70000, JSON),
    ("putSuppression", 415, "PUT", ANNA, b"note=x", {"Content_Type": "text/plain"}),
    ("getSuppression", 200, "GET", ANNA),
    ("getSuppression", 304, "GET", ANNA, None, {"If_None_Match": "*"}),
    ("getSuppression", 400, "GET", "/v1/suppressions/anna"),
    ("getSuppression", 404, "GET", "/v1/suppressions/ben%40example.org"),
    ("listSuppressions", 200, "GET", "/v1/suppressions?limit=1"),
    ("listSuppressions", 200, "GET", "/v1/suppressions", None, {"Accept": "application/x-ndjson"}),
    ("listSuppressions", 200, "GET", "/v1/suppressions", None, {"Accept": "text/csv"}),
    ("listSuppressions", 400, "GET", "/v1/suppressions?after=x"),
    ("checkAddresses", 200, "POST", "/v1/check", {"addresses": ["anna@example.org", "ben@example.org", "none"]}),
    ("checkAddresses", 400, "POST", "/v1/check", {"addresses": "anna@example.org"}),
    ("checkAddresses", 413, "POST", "/v1/check", b" " * (5 << 20), JSON),
    ("checkAddresses", 415, "POST", "/v1/check", b"anna@example.org", {"Content_Type": "text/plain"}),
    ("importSuppressions", 200, "POST", "/v1/import", b"email\nben@example.net\nnobody\n", {"Content_Type": "text/csv"}),
    ("importSuppressions", 200, "POST", "/v1/import?dry_run&batch=x", b"cleo@example.net\n"),
    ("importSuppressions", 400, "POST", "/v1/import", b"name\nben\n", {"Content_Type": "text/csv"}),
    ("importSuppressions", 400, "POST", "/v1/import?dryrun", b"ben@example.net\n"),
    ("importSuppressions", 413, "POST", "/v1/import", b" " * ((100 << 20) + 1)),
    ("importSuppressions", 415, "POST", "/v1/import", b"ben@example.net\n", {"Content_Type": "text/html"}),
    ("rollBack", 200, "POST", "/v1/rollback", {"reason": "user_unknown"}),
    ("rollBack", 200, "POST", "/v1/rollback", {"diagnostic": "user", "apply": True, "note": "their outage"}),
    ("rollBack", 400, "POST", "/v1/rollback", {}),
    ("rollBack", 404, "POST", "/v1/rollback", {"undo": "nothing"}),
    ("rollBack", 413, "POST", "/v1/rollback", b" " * 70000, JSON),
    ("rollBack", 415, "POST", "/v1/rollback", b"reason=x", {"Content_Type": "text/plain"}),
    ("listEvents", 200, "GET", "/v1/events?limit=1"),
    ("listEvents", 200, "GET", "/v1/events", None, {"Accept": "application/x-ndjson"}),
    ("listEvents", 200, "GET", "/v1/events", None, {"Accept": "text/csv"}),
    ("listEvents", 400, "GET", "/v1/events?kind=x"),
    ("postEvents", 200, "POST", "/v1/events", EVENT),
    ("postEvents", 200, "POST", "/v1/events", [EVENT, {"recipient": "none"}, {**EVENT, "reply": 450}]),
    ("postEvents", 400, "POST", "/v1/events", {"recipient": "carl@example.org"}),
    ("postEvents", 409, "POST", "/v1/events", {**EVENT, "recipient": "dora@example.org"}),
    ("postEvents", 413, "POST", "/v1/events", [EVENT] * 1001),
    ("postEvents", 415, "POST", "/v1/events", b"reply=550", {"Content_Type": "text/plain"}),
    ("postMessage", 200, "POST", MESSAGES, b"Subject: x\n\nx\n", MAIL),
    ("postMessage", 400, "POST", MESSAGES, b"", MAIL),
    ("postMessage", 413, "POST", MESSAGES, b" " * 70000, MAIL),
    ("postMessage", 415, "POST", MESSAGES, b"Subject: x\n\nx\n", {"Content_Type": "text/html"}),
    ("postDelivered", 200, "POST", "/v1/delivered", {"addresses": ["carl@example.org", "none"], "stream": "news"}),
    ("postDelivered", 400, "POST", "/v1/delivered", {"addresses": [1]}),
    ("postDelivered", 413, "POST", "/v1/delivered", {"addresses": ["carl@example.org"] * 1001}),
    ("postDelivered", 415, "POST", "/v1/delivered", b"carl@example.org", {"Content_Type": "text/plain"}),
    ("listChanges", 200, "GET", "/v1/changes?limit=1000"),
    ("listChanges", 400, "GET", "/v1/changes?types=x"),
    ("listChanges", 410, "GET", f"/v1/changes?after={FOREIGN}"),
    ("streamChanges", 200, "GET", "/v1/changes/stream"),
    ("streamChanges", 400, "GET", "/v1/changes/stream?after=x"),
    ("streamChanges", 410, "GET", "/v1/changes/stream", None, {"Last_Event_ID": FOREIGN}),
    ("explainAddress", 200, "GET", "/v1/explain/anna%40example.org"),
    ("explainAddress", 400, "GET", "/v1/explain/anna"),
    ("listWaves", 200, "GET", "/v1/waves?limit=1"),
    ("listWaves", 400, "GET", "/v1/waves?after=x"),
    ("confirmWave", 200, "POST", "/v1/waves/1/confirm", {"note": "their status page says so"}),
    ("confirmWave", 400, "POST", "/v1/waves/1/confirm", {}),
    ("confirmWave", 404, "POST", "/v1/waves/99/confirm", {"note": "x"}),
    ("confirmWave", 413, "POST", "/v1/waves/1/confirm", b" " * 70000, JSON),
    ("confirmWave", 415, "POST", "/v1/waves/1/confirm", b"note=x", {"Content_Type": "text/plain"}),
    ("dropWave", 200, "POST", "/v1/waves/1/drop", {"note": "their status page says so"}),
    ("dropWave", 400, "POST", "/v1/waves/1/drop", {}),
    ("dropWave", 404, "POST", "/v1/waves/99/drop", {"note": "x"}),
    ("dropWave", 413, "POST", "/v1/waves/1/drop", b" " * 70000, JSON),
    ("dropWave", 415, "POST", "/v1/waves/1/drop", b"note=x", {"Content_Type": "text/plain"}),
    ("deleteSuppression", 412, "DELETE", ANNA, None, {"If_Match": '"other"'}),
    ("deleteSuppression", 413, "DELETE", ANNA, b"x"),
    ("deleteSuppression", 204, "DELETE", ANNA + "?note=a+new+mailbox"),
    ("deleteSuppression", 404, "DELETE", ANNA),
    ("deleteSuppression", 400, "DELETE", "/v1/suppressions/anna"),
)

ROW = re.compile(r'\{(GET|PUT|POST|DELETE), "([^"]+)", (?:API|METRICS), (\S+), (READER|CLERK|BULK|LOOP), (\w+), \w+,\s+(NULL|"[^"]*")\},')


def routes():
    """The rows of the table: method, path, right, largest body, arguments."""
    with open(os.path.join(HTTP, "routes.c"), encoding="utf-8") as file:
        return [(method, path, right, body, arguments) for method, path, right, _, body, arguments in ROW.findall(file.read())]


def example(path):
    """A path for a template."""
    return re.sub(r"\{\w+\}", "anna%40example.org", path)


class Description(unittest.TestCase):
    """The file itself, and the table beside it."""

    def test_routes(self):
        table = {(method, path): (right, body, arguments) for method, path, right, body, arguments in routes()}
        self.assertEqual(sorted(table), sorted((method, path) for method, path, _ in operations()))
        for method, path, operation in operations():
            right, body, arguments = table[method, path]
            known = [one["name"] for one in map(resolve, operation.get("parameters", [])) if one["in"] == "query"]
            self.assertEqual(arguments, f'"{" ".join(known)}"' if right != "HTTP_RIGHT_NONE" else "NULL", path)
            self.assertEqual(operation.get("security") == [], right == "HTTP_RIGHT_NONE", path)
            self.assertEqual("requestBody" in operation, body != "0", path)
            if right != "HTTP_RIGHT_NONE":
                self.assertIn(f"Needs the right {right.removeprefix('HTTP_RIGHT_').lower()}.", operation["description"])

    def test_lint(self):
        """References lead somewhere, nothing is there for nothing, and every schema is one."""
        text = str(OPENAPI)
        names = [operation["operationId"] for _, _, operation in operations()]
        self.assertEqual(len(names), len(set(names)))
        for kind, parts in OPENAPI["components"].items():
            for name in parts:
                if kind != "securitySchemes":
                    resolve({"$ref": f"#/components/{kind}/{name}"})
                    self.assertTrue(f"'#/components/{kind}/{name}'" in text, f"nothing refers to {name}")
        for reference in re.findall(r"'\$ref': '([^']+)'", text):
            resolve({"$ref": reference})
        for schema in OPENAPI["components"]["schemas"].values():
            jsonschema.Draft202012Validator.check_schema(schema)
        for _, path, operation in operations():
            self.assertTrue({"summary", "tags", "responses"} <= set(operation), path)
            inner = [resolve(one) for one in operation.get("parameters", []) + OPENAPI["paths"][path].get("parameters", [])]
            self.assertEqual({one["name"] for one in inner if one["in"] == "path"}, set(re.findall(r"\{(\w+)\}", path)))

    def test_problems(self):
        """Each kind is described, by its type and by a response."""
        with open(os.path.join(HTTP, "routing", "http_answer.c"), encoding="utf-8") as file:
            kinds = re.findall(r'\[PROBLEM_\w+\] = \{"([a-z-]+)", (\d+),', file.read())
        described = OPENAPI["components"]["schemas"]["Problem"]["properties"]["type"]["enum"]
        self.assertEqual([f"/problems/{name}" for name, _ in kinds], described)


class Answers(unittest.TestCase):
    def setUp(self):
        self.bounced = self.enterContext(Bounced())
        self.bounced.write_config(CONFIG.format(folder=self.bounced.folder))
        self.bounced.start()
        self.port = self.bounced.find_port("api")
        self.seen = set()

    def token(self, name, *options):
        return self.bounced.bouncectl("token", "add", name, *options).split()[-1]

    def api(self, token=None):
        return self.enterContext(Api(self.port, token, self.seen))

    def fill(self):
        """Reports, and a wave."""
        self.bounced.bouncectl("ingest", *glob.glob(os.path.join(os.environ["SOURCE"], "testdata", "[a-d]*.eml")))
        with contextlib.closing(sqlite3.connect(os.path.join(self.bounced.folder, "bounced.db"), timeout=30)) as database:
            database.execute("INSERT INTO waves VALUES (1, 'google', 'rule', 1, 2, 3, NULL, NULL, 99, 1, 99, 0, 0, 2, NULL)")
            database.commit()

    def ask_all(self, api):
        for operation, status, *request in CALLS:
            method, path, body, headers = (*request, None, None)[:2] + (*request[2:], None, None)[:2]
            answer = api.ask(method, path, body, **(headers or {}))
            self.assertEqual(answer.status, status, f"{operation}: {answer.body[:300]}")
            self.assertIn((operation, status), self.seen)

    def ask_each(self, token, status):
        """Each route that needs a token gives it."""
        api = self.api(token)
        for method, path, operation in operations():
            if operation.get("security") != []:
                answer = api.ask(method, example(path))
                self.assertEqual(answer.status, status, f"{method} {path}: {answer.body[:300]}")

    def ask_more(self, token):
        """An argument that the route does not know is refused, before anything is done."""
        for method, path, operation in operations():
            if operation.get("security") != []:
                answer = self.api(token).ask(method, example(path) + "?steram=news")
                self.assertEqual(answer.status, 400, f"{method} {path}: {answer.body[:300]}")
                self.assertIn(b"steram", answer.body)

    def ask_limited(self, token):
        """The first request of a token is all that it may."""
        self.bounced.write_config(CONFIG.format(folder=self.bounced.folder) + "[api]\ntoken-rate = 1 in 1d\n")
        self.bounced.bouncectl("reload")
        self.api(token).ask("GET", ANNA)
        self.ask_each(token, 429)

    def ask_gone(self, token):
        """All who need the database say that it is gone."""
        path = os.path.join(self.bounced.folder, "bounced.db")
        os.rename(path, path + ".away")
        # It is looked for ten times a second.
        wait_until(lambda: self.api(token).ask("GET", ANNA).status == 503, lambda: "the database is gone")
        for method, path, operation in operations():
            if "503" in operation["responses"]:
                answer = self.api(token).ask(method, example(path))
                self.assertEqual(answer.status, 503, f"{method} {path}: {answer.body[:300]}")

    def test_all(self):
        rights = ",".join(RIGHTS)
        tokens = {right: self.token(f"only-{right}", "--scope", right) for right in RIGHTS}
        token = self.token("all", "--scope", rights)
        self.fill()
        self.ask_all(self.api(token))
        self.ask_each(None, 401)
        self.ask_more(token)
        for method, path, right, _, _ in routes():
            if right == "HTTP_RIGHT_NONE":
                continue
            other = next(name for name in RIGHTS if name != right.removeprefix("HTTP_RIGHT_").lower())
            self.assertEqual(self.api(tokens[other]).ask(method, example(path)).status, 403, path)
        self.ask_limited(self.token("limited", "--scope", rights))
        self.ask_gone(token)
        declared = {(operation["operationId"], int(status)) for _, _, operation in operations()
                    for status in operation["responses"]}
        self.assertEqual(sorted(declared - self.seen), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
