"""Programs post while the database is locked, the queue is full, the config is replaced and the daemon stops; and by the
commands of README."""

import http.client
import itertools
import json
import os
import re
import signal
import sqlite3
import subprocess
import threading
import unittest

from support.api_client import Api
from support.bounced_process import report
from support.posting import MAIL, Case, event


class Recipes(Case):
    def test_readme(self):
        """The commands of README, as they stand there."""
        self.start()
        with open(os.path.join(os.environ["SOURCE"], "README.md"), encoding="utf-8") as readme:
            blocks = [block for block in re.findall(r"^```sh\n(.*?)^```", readme.read(), re.M | re.S) if "$URL" in block]
        with open(os.path.join(self.bounced.folder, "report.eml"), "wb") as file:
            file.write(report(1))
        self.assertEqual(len(blocks), 3)
        for block, answer in zip(blocks, ("refused", "events", "items"), strict=True):
            done = subprocess.run(["sh", "-c", block], stdout=subprocess.PIPE, check=True, cwd=self.bounced.folder,
                                  env={**os.environ, "TOKEN": self.api.token, "URL": f"http://127.0.0.1:{self.port}"})
            self.assertIn(answer, json.loads(done.stdout))
        self.assertEqual([row["effect"] for row in self.stored()], ["suppressed", "unproven", "cleared"])


class Trouble(Case):
    def lock(self):
        database = sqlite3.connect(os.path.join(self.bounced.folder, "bounced.db"), isolation_level=None)
        database.execute("BEGIN IMMEDIATE")
        return database

    def test_locked(self):
        """Nothing is acknowledged that is not stored; the same again is, once the database can be written."""
        self.start()
        batch = [event(id=f"x-{n}") for n in range(5)]
        database = self.lock()
        for body, path, headers in ((batch, "/v1/events", {}), (report(1), "/v1/messages", MAIL),
                                    ({"addresses": ["anna@example.org"]}, "/v1/delivered", {})):
            answer = self.post(body, 503, path=path, **headers)
            self.assertEqual(answer.problem, "unavailable")
            self.assertIn("Retry-After", answer.headers)
        database.execute("ROLLBACK")
        database.close()
        self.assertEqual(self.post(batch).json["refused"], 0)
        self.post(batch)
        self.assertEqual(len(self.stored()), 5)

    def queue(self):
        return int(re.search(r"^bounced_queue_messages (\d+)$", self.api.ask("GET", "/metrics").body.decode(), re.M).group(1))

    def test_room(self):
        """Beyond the queue there is no room, and nobody waits in line; but a request is taken whole."""
        self.start("queue = 1\n", "30s")
        other = self.token("other")
        database = self.lock()
        answers = []
        first = threading.Thread(target=lambda: answers.append(other.ask("POST", "/v1/events", [event(), event()])))
        first.start()
        while self.queue() == 0:
            pass
        for body, path, headers in ((event(), "/v1/events", {}), (report(1), "/v1/messages", MAIL)):
            answer = self.post(body, 503, path=path, **headers)
            self.assertIn("no room", answer.json["detail"])
        self.assertEqual(self.post({"recipient": "none"}, 400).problem, "invalid-address")
        database.execute("ROLLBACK")
        database.close()
        first.join()
        self.assertEqual((answers[0].status, answers[0].json["refused"]), (200, 0))
        self.assertEqual(self.queue(), 0)
        self.post(event())

    def test_many(self):
        """As many as a request may have; nothing of them is left in memory."""
        self.start()
        self.post([event() for _ in range(1000)])
        metrics = self.api.ask("GET", "/metrics").body.decode()
        self.assertIn('bounced_messages_total{outcome="stored"} 1000\n', metrics)
        held = re.search(r"^bounced_memory_octets (\d+)$", metrics, re.M)
        self.assertEqual(int(held.group(1)), 0)

    def test_stop(self):
        """A daemon that stops answers what it has taken."""
        self.start()
        for _ in range(5):
            self.post([event(id=str(n)) for n in range(1000)])
        self.assertEqual(self.bounced.terminate(), 0)
        self.assertEqual(len(self.stored()), 1000)

    def test_stop_at_once(self):
        """The second signal ends what waits for the database, too; posted again, it is there."""
        self.start(busy="3s")
        database = self.lock()
        batch, ends = [event(id=str(n)) for n in range(3)], []

        def post():
            try:
                ends.append(self.api.ask("POST", "/v1/events", batch).status)
            except (OSError, http.client.HTTPException):
                ends.append(None)

        other = self.enterContext(Api(self.port))
        first = threading.Thread(target=post)
        first.start()
        while b"\nbounced_queue_messages 3\n" not in other.ask("GET", "/metrics").body:
            pass
        self.bounced.process.send_signal(signal.SIGTERM)
        while "event=stopping" not in self.bounced.read_log():
            pass
        self.assertEqual(self.bounced.terminate(), 0)
        first.join()
        self.assertIn(ends[0], (None, 503))
        database.execute("ROLLBACK")
        database.close()
        self.bounced.start()
        self.api = self.enterContext(Api(self.bounced.find_port("api"), self.api.token))
        self.assertEqual(self.post(batch).json["refused"], 0)
        self.assertEqual(len(self.stored()), 3)

    def test_reload(self):
        """While the config is replaced there is no room, perhaps; nothing is lost or counted twice."""
        self.start()
        other, done, stop = self.token("other"), [], threading.Event()

        def post():
            for number in itertools.count():
                while (status := other.ask("POST", "/v1/events", event(id=str(number))).status) == 503:
                    pass
                done.append(status)
                if stop.is_set():
                    return

        poster = threading.Thread(target=post)
        poster.start()
        for _ in range(10):
            self.bounced.bouncectl("reload")
        stop.set()
        poster.join()
        self.assertEqual(set(done), {200})
        self.assertEqual(len(self.stored()), len(done))


if __name__ == "__main__":
    unittest.main(verbosity=2)
