"""A webhook's receiver, written with the library of Standard Webhooks, that drops, delays, answers 500, 429 and 410 and is
killed gets every event at least once, in order per address, with signatures that are good and ids that stay, while reports
come in as fast as two clients can send them and bounced is killed ten times."""

import base64
import json
import os
import subprocess
import time
import unittest

from support import npm
from support.bounced_process import DOMAIN, HEAD, Bounced
from support.feeds import states, wait_for_end, wait_for_feeds
from support.postfix_process import find_port, wait_until
from support.sender import ADDRESSES, CLIENTS, Client, number_of

KILLS, STEP = 10, 300
CONFIG = HEAD + """
[listen lmtp]
protocol = lmtp
address = unix:{folder}/lmtp
[return-path all]
domain = {domain}
[feed crm]
type = webhook
url = http://127.0.0.1:{port}/hook
secret-file = {folder}/secret
types = report
retry = 1s
batch = 20
allow-private = yes
"""


class Receiver:
    def __init__(self, folder, secret):
        self.port, self.folder, self.secret = find_port(), folder, secret
        self.process = None

    def start(self):
        program = os.path.join(os.environ["SOURCE"], "tests", "e2e", "support", "webhook_receiver.js")
        self.process = subprocess.Popen(["node", program, str(self.port), self.secret, self.folder], stdout=subprocess.PIPE,
                                        env={**os.environ, "NODE_PATH": npm.MODULES})
        assert self.process.stdout.readline() == b"ready\n"

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def rows(self):
        """The deliveries that it took."""
        try:
            with open(os.path.join(self.folder, "taken"), encoding="utf-8") as file:
                return [json.loads(line) for line in file if line.endswith("\n")]
        except FileNotFoundError:
            return []

    def events(self):
        """All that was in them, in order."""
        return [event for row in self.rows()
                for event in (row["event"]["data"] if row["event"]["type"] == "batch" else [row["event"]])]


@unittest.skipIf(npm.find_problem(), npm.find_problem())
class Proof(unittest.TestCase):
    def setUp(self):
        self.bounced = self.enterContext(Bounced())
        secret = "whsec_" + base64.b64encode(os.urandom(24)).decode()
        with open(os.path.join(self.bounced.folder, "secret"), "w") as file:
            file.write(secret + "\n")
        os.chmod(file.name, 0o600)
        self.receiver = Receiver(self.bounced.folder, secret)
        self.receiver.start()
        self.addCleanup(lambda: self.receiver.kill())
        self.bounced.write_config(CONFIG.format(folder=self.bounced.folder, domain=DOMAIN, port=self.receiver.port))
        self.bounced.start()
        wait_for_feeds(self.bounced, "crm")

    def wait_for_taken(self, count):
        wait_until(lambda: len(self.receiver.events()) >= count,
                   lambda: f"{count} of {len(self.receiver.events())} events; the log: {self.bounced.read_log()[-300:]}")

    def make(self, name):
        with open(os.path.join(self.bounced.folder, name), "w"):
            pass

    def fail(self):
        """The receiver is away for a while, and the daemon sees it."""
        self.receiver.kill()
        wait_until(lambda: states(self.bounced)["crm"]["attempts"] > 0, lambda: "a failure")
        self.receiver.start()

    def give_up(self):
        """The receiver says that it is gone; the operator, that it is not."""
        self.make("gone")
        wait_until(lambda: states(self.bounced)["crm"]["state"] == "dead", lambda: "the feed to give up")
        os.unlink(os.path.join(self.bounced.folder, "gone"))
        self.bounced.bouncectl("feeds", "resume", "crm")

    def test_everything(self):
        clients = [Client(self.bounced, number) for number in range(CLIENTS)]
        begun = time.monotonic()
        for client in clients:
            client.start()
        for kill in range(KILLS):
            self.wait_for_taken(STEP * (kill + 1))
            self.bounced.kill()
            self.bounced.start()
            if kill in (2, 6):
                self.fail()
            if kill == 4:
                self.give_up()
        for client in clients:
            client.stop.set()
            client.join()
        sent, accepted = time.monotonic() - begun, {number for client in clients for number in client.accepted}
        self.make("calm")
        wait_for_end(self.bounced, "crm")
        self.check(accepted)
        with open(os.path.join(self.bounced.folder, "did")) as file:
            self.assertEqual(len(set(file)), 7)
        print(f"{len(accepted)} reports in {sent:.1f} s, told after {time.monotonic() - begun:.1f} s by "
              f"{len(self.receiver.rows())} deliveries")

    def check(self, accepted):
        self.assertEqual([row for row in self.receiver.rows() if "bad" in row], [])
        first, ids = {}, {}
        for event in self.receiver.events():
            number = number_of(event)
            self.assertEqual(ids.setdefault(event["id"], number), number)
            self.assertEqual(first.setdefault(number, event["id"]), event["id"])
        self.assertEqual(accepted - set(first), set())
        told = {}
        for number in first:
            told.setdefault(number % ADDRESSES, []).append(number)
        for address, numbers in told.items():
            self.assertEqual(numbers, sorted(numbers), address)


if __name__ == "__main__":
    unittest.main()
