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
import urllib.request

from support.bounced_process import DOMAIN, Bounced, report
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
types = report
retry = 1s
allow-private = {private}
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

    def start(self, private="yes", host="127.0.0.1"):
        self.bounced.write_config(CONFIG.format(folder=self.bounced.folder, domain=DOMAIN, host=host,
                                                port=self.receiver.server_address[1], private=private))
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
