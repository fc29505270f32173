"""A client of server-sent events that comes again with the id of its last one, while reports come in as fast as two clients
can send them and bounced is killed, is told of every report at least once, and in the order of each address."""

import http.client
import threading
import unittest

from support.api_client import Events
from support.bounced_process import DOMAIN, HEAD, Bounced
from support.postfix_process import wait_until
from support.sender import ADDRESSES, CLIENTS, Client, number_of

KILLS, STEP = 6, 200
CONFIG = HEAD + """
[listen lmtp]
protocol = lmtp
address = unix:{folder}/lmtp
[return-path all]
domain = {domain}
[listen api]
protocol = http
serve = api
address = 127.0.0.1:0
"""


class Follower(threading.Thread):
    """Keeps what it is told, and forgets it with what it has not kept: every other time that it loses its connection it
    goes on from an event before the last."""

    def __init__(self, bounced, token):
        super().__init__(daemon=True)
        self.bounced, self.token, self.told, self.connections = bounced, token, [], 0
        self.stop = threading.Event()

    def run(self):
        while not self.stop.is_set():
            try:
                self.follow(self.told[-1 - self.connections % 2][0] if len(self.told) > 1 else None)
            except (OSError, http.client.HTTPException, AttributeError):
                self.stop.wait(0.05)  # bounced starts again

    def follow(self, last):
        connection = http.client.HTTPConnection("127.0.0.1", self.bounced.find_port("api"), timeout=30)
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Last-Event-ID": last} if last else {})
        connection.request("GET", "/v1/changes/stream?types=report", headers=headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise OSError(answer.status)
        self.connections += 1
        try:
            for event in Events(answer):
                if event[2] is not None:
                    self.told.append(event)
                if self.stop.is_set():
                    break
        finally:
            connection.close()


class Crash(unittest.TestCase):
    def test_killed(self):
        self.bounced = self.enterContext(Bounced())
        self.bounced.write_config(CONFIG.format(folder=self.bounced.folder, domain=DOMAIN))
        self.bounced.start()
        follower = Follower(self.bounced, self.bounced.bouncectl("token", "add", "crm", "--scope", "read").split()[-1])
        clients = [Client(self.bounced, number) for number in range(CLIENTS)]
        for thread in (follower, *clients):
            thread.start()
        for kill in range(KILLS):
            wait_until(lambda: len(follower.told) >= STEP * (kill + 1), lambda: f"{len(follower.told)} events")
            self.bounced.kill()
            self.bounced.start()
        for client in clients:
            client.stop.set()
            client.join()
        accepted = {number for client in clients for number in client.accepted}
        wait_until(lambda: accepted <= {number_of(event[2]) for event in list(follower.told)}, lambda: "the last ones")
        follower.stop.set()
        self.assertGreater(follower.connections, KILLS)
        self.check(follower.told)

    def check(self, told):
        """A report has one id; without those that were told again, each address has its order."""
        told_first = {}
        for _, kind, item in told:
            self.assertEqual(kind, "report.bounce")
            self.assertEqual(told_first.setdefault(number_of(item), item["id"]), item["id"])
        self.assertEqual(len(set(told_first.values())), len(told_first))
        for address in range(ADDRESSES):
            numbers = [number for number in told_first if number % ADDRESSES == address]
            self.assertEqual(numbers, sorted(numbers), address)


if __name__ == "__main__":
    unittest.main(verbosity=2)
