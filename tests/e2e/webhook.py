"""A webhook's receiver that drops, answers 500, 429 and 410 gets every event at least once, in order, signed, also when
bounced is killed meanwhile; and none gets what is for an address that is not of the Internet."""

import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import os
import re
import smtplib
import sqlite3
import threading
import unittest
import urllib.parse
import urllib.request

from support.bounced_process import DOMAIN, Bounced, report
from support.feeds import wait_for_end
from support.postfix_process import wait_until

SECRET = base64.b64encode(b"0123456789abcdef01234567").decode()
CONFIG = """
[store]
path = {folder}/bounced.db
[listen mx]
protocol = smtp
address = 127.0.0.1:0
[return-path all]
domain = {domain}
[listen metrics]
protocol = http
address = 127.0.0.1:0
[feed crm]
type = webhook
url = http://{host}:{port}/hook
secret-file = {folder}/secret
types = {types}
retry = 1s
allow-private = {private}
format = {format}
"""


class Receiver(http.server.ThreadingHTTPServer):
    """Answers by the list `answers`, then 204; keeps (id, recipient) of what it took."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.taken, self.asked = [], [], 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def recipients(self):
        seen = {}
        for event in list(self.taken):
            seen.setdefault(event["id"], event["data"]["recipient"])
        return list(seen.values())


class Mautic(http.server.ThreadingHTTPServer):
    """As its API is: contacts by a part of their address, and who may not be sent mail, with the comment."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), MauticHandler)
        self.contacts = {"47": "user1@example.org", "48": "xuser1@example.org", "49": "user2@example.org"}
        self.refused = {"49": "by herself"}
        threading.Thread(target=self.serve_forever, daemon=True).start()


class MauticHandler(http.server.BaseHTTPRequestHandler):
    def answer(self, value):
        assert self.headers["Authorization"] == "Basic " + base64.b64encode(b"bounced:secret").decode()
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        asked = query["search"][0].removeprefix("email:")
        found = {key: {"id": int(key), "fields": {"all": {"email": address}},
                       "doNotContact": [{"channel": "email", "reason": 2, "comments": self.server.refused[key]}]
                       if key in self.server.refused else []}
                 for key, address in self.server.contacts.items() if asked in address}
        self.answer({"total": str(len(found)), "contacts": found or []})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key, order = re.fullmatch(r"/hook/api/contacts/(\d+)/dnc/email/(add|remove)", self.path).groups()
        if order == "add":
            assert body["reason"] == 3
            self.server.refused[key] = body["comments"]
        else:
            del self.server.refused[key]
        self.answer({"contact": {"id": int(key)}})

    def log_message(self, *unused):
        pass


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        signed = b"%s.%s." % tuple(self.headers[name].encode() for name in ("webhook-id", "webhook-timestamp")) + body
        mac = hmac.new(base64.b64decode(SECRET), signed, hashlib.sha256).digest()
        assert self.headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()
        answer = self.server.answers.pop(0) if self.server.answers else 204
        if answer is None:
            self.close_connection = True
            return
        if answer == "endless":
            self.send_response(200)
            self.end_headers()
            self.server.taken.append(json.loads(body))
            try:
                while True:
                    self.wfile.write(bytes(10000))
            except OSError:
                return
        if answer == 204:
            event = json.loads(body)
            assert event["id"] == self.headers["webhook-id"]
            self.server.taken.append(event)
        self.send_response(answer)
        if answer == 429:
            self.send_header("Retry-After", "1")
        self.end_headers()

    def log_message(self, *unused):
        pass


class Webhook(unittest.TestCase):
    def setUp(self):
        self.bounced = self.enterContext(Bounced())
        self.receiver = Receiver()
        self.addCleanup(self.receiver.server_close)
        self.addCleanup(self.receiver.shutdown)
        secret = os.path.join(self.bounced.folder, "secret")
        with open(secret, "w") as file:
            file.write(f"whsec_{SECRET}\n")
        os.chmod(secret, 0o600)

    def start(self, private="yes", host="127.0.0.1", form="standard", types="report", port=None):
        self.bounced.write_config(CONFIG.format(folder=self.bounced.folder, domain=DOMAIN, host=host, format=form, types=types,
                                                port=port or self.receiver.server_address[1], private=private))
        self.bounced.start()
        self.wait_for_row()

    def wait_for_row(self):
        """A feed begins with what comes after its row is made."""
        def is_there():
            with contextlib.closing(sqlite3.connect(f"{self.bounced.folder}/bounced.db")) as store:
                return store.execute("SELECT count(*) FROM feeds").fetchone()[0] == 1
        wait_until(is_there, "the row of the feed")

    def send(self, *numbers):
        for number in numbers:
            with smtplib.SMTP("127.0.0.1", self.bounced.port) as client:
                client.sendmail("", [f"bounces@{DOMAIN}"], report(number))

    def wait_for(self, count):
        wait_until(lambda: len(self.receiver.recipients()) == count,
                   lambda: f"{count}: {self.receiver.recipients()}; the log: {self.bounced.read_log()}")

    def wait_for_log(self, text):
        wait_until(lambda: text in self.bounced.read_log(), lambda: f"{text}; the log: {self.bounced.read_log()}")

    def test_failures(self):
        self.receiver.answers = [500, None, 429, 302]
        self.start()
        self.send(*range(8))
        self.wait_for(8)
        self.assertEqual(self.receiver.recipients(), [f"user{i}@example.org" for i in range(8)])
        self.wait_for_log("event=feed-recovered feed=crm")
        self.assertEqual(self.bounced.read_log().count("event=feed-failing feed=crm"), 1)

    def test_endless(self):
        """An answer without an end holds nothing up: its status tells, and the rest is not read."""
        self.receiver.answers = ["endless"]
        self.start()
        self.send(0, 1)
        self.wait_for(2)
        self.assertEqual(len(self.receiver.taken), 2)
        self.assertNotIn("feed-failing", self.bounced.read_log())

    def test_template(self):
        path = os.path.join(self.bounced.folder, "template")
        with open(path, "w") as file:
            file.write('{"id": "{id}", "data": {"recipient": "{recipient}", "text": "{status} {diagnostic} {scope}"}, "all": {event}}')
        self.start(form=f"template\ntemplate-file = {path}")
        self.send(1)
        self.wait_for(1)
        [taken] = self.receiver.taken
        self.assertEqual(taken["data"], {"recipient": "user1@example.org", "text": "5.1.1 550 5.1.1 User unknown "})
        self.assertEqual(taken["all"]["id"], taken["id"])

    def test_mautic(self):
        mautic = Mautic()
        self.addCleanup(mautic.server_close)
        self.addCleanup(mautic.shutdown)
        password = os.path.join(self.bounced.folder, "password")
        with open(password, "w") as file:
            file.write("secret\n")
        os.chmod(password, 0o600)
        self.start(form=f"mautic\nuser = bounced\npassword-file = {password}", types="suppression",
                   port=mautic.server_address[1])

        def wait_for_refused(refused):
            wait_until(lambda: mautic.refused == refused, lambda: f"{mautic.refused}; the log: {self.bounced.read_log()}")
        self.bounced.bouncectl("add", "user1@example.org", "user2@example.org", "nobody@example.org", "@example.net")
        wait_for_refused({"47": "bounced: by hand", "49": "by herself"})
        self.bounced.bouncectl("remove", "--note", "a test", "user1@example.org", "user2@example.org", "@example.net")
        wait_for_refused({"49": "by herself"})
        wait_for_end(self.bounced, "crm")

    def test_gone(self):
        self.receiver.answers = [410]
        self.start()
        self.send(1)
        self.wait_for_log("event=feed-dead feed=crm")
        self.send(2)
        url = f"http://127.0.0.1:{self.bounced.find_port('metrics')}/metrics"

        def metrics():
            with urllib.request.urlopen(url) as answer:
                return answer.read().decode()
        for line in ("bounced_feed_dead", "bounced_feed_failed_attempts", "bounced_feed_lag"):
            wait_until(lambda: re.search(f'^{line}{{feed="crm"}} [1-9]', metrics(), re.M), metrics)
        self.assertEqual(self.receiver.taken, [])
        self.bounced.bouncectl("feeds", "resume", "crm")
        self.wait_for(2)

    def test_killed(self):
        self.start()
        for number in range(10):
            self.send(2 * number, 2 * number + 1)
            self.bounced.kill()
            self.bounced.start()
        self.wait_for(20)
        self.assertEqual(self.receiver.recipients(), [f"user{i}@example.org" for i in range(20)])

    def test_private(self):
        self.start(private="no\ninsecure = yes")
        self.send(1)
        self.wait_for_log("not one of the Internet")
        self.assertEqual(self.receiver.asked, 0)


if __name__ == "__main__":
    unittest.main()
