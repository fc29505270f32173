"""One database, a daemon that stores mail, and many bouncectl at once that change the list and read it: nothing is lost,
nobody is told that the database is locked, and the list is what its log gives."""

import collections
import itertools
import json
import os
import smtplib
import subprocess
import threading
import time
import unittest

from support.bounced_process import BUILD, DOMAIN, Bounced, report

SECONDS = 6
CLIENTS = 4
HANDS = 3  # who add and remove by hand, at once
BULK = 300  # addresses of one `add --file`


class Beside(unittest.TestCase):
    def setUp(self):
        self.bounced = self.enterContext(Bounced(store="[ingest]\nunproven = suppress\n")).start()
        self.numbers = itertools.count()
        self.running = True
        self.stored = set()  # whose reports were acknowledged
        self.added = set()
        self.removed = set()
        self.wrong = []
        self.done = collections.Counter()

    def path(self, name):
        return os.path.join(self.bounced.folder, name)

    def bouncectl(self, *arguments, expected=0):
        run = subprocess.run([os.path.join(BUILD, "bouncectl"), "--config", self.bounced.config, *arguments],
                             capture_output=True, text=True, check=False)
        if run.returncode != expected or "locked" in run.stderr:
            self.wrong.append((arguments[:3], run.returncode, run.stderr[-500:]))
        self.done[arguments[0]] += 1
        return run.stdout

    def send(self, _):
        with smtplib.SMTP("127.0.0.1", self.bounced.port) as client:
            while self.running:
                number = next(self.numbers)
                client.sendmail("", [f"news@{DOMAIN}"], report(number))
                self.stored.add(f"user{number}@example.org")

    def ingest(self, _):
        """Reports that `bouncectl ingest` reads, beside the daemon."""
        while self.running:
            folder = self.path(f"mail{next(self.numbers)}")
            os.mkdir(folder)
            numbers = [next(self.numbers) for _ in range(20)]
            for number in numbers:
                with open(os.path.join(folder, f"{number}.eml"), "wb") as file:
                    file.write(report(number))
            self.bouncectl("ingest", folder)
            self.stored.update(f"user{number}@example.org" for number in numbers)

    def change_by_hand(self, hand):
        for turn in itertools.count():
            if not self.running:
                return
            kept, gone = f"kept{turn}@hand{hand}.example", f"gone{turn}@hand{hand}.example"
            self.bouncectl("add", kept, gone, "--note", f"turn {turn}")
            self.bouncectl("check", "--quiet", kept, expected=1)
            self.bouncectl("remove", gone, "--note", "a mistake")
            self.bouncectl("check", "--quiet", gone)
            self.added.add(kept)
            self.removed.add(gone)

    def change_in_bulk(self, hand):
        for turn in itertools.count():
            if not self.running:
                return
            addresses = [f"{i}@bulk{hand}-{turn}.example" for i in range(BULK)]
            with open(self.path(f"bulk{hand}"), "w", encoding="ascii") as file:
                file.writelines(f"{address}\n" for address in addresses)
            self.bouncectl("add", "--file", self.path(f"bulk{hand}"))
            self.bouncectl("remove", "--like", f"1*@bulk{hand}-{turn}.example", "--note", "a mistake")
            self.added.update(address for address in addresses if address[0] != "1")
            self.removed.update(address for address in addresses if address[0] == "1")

    def read(self, _):
        while self.running:
            self.bouncectl("list", "--limit", "50")
            self.bouncectl("export", "--output", self.path("export"))
            self.bouncectl("events", "--limit", "50")
            self.bouncectl("audit", "--limit", "50")
            self.bouncectl("check-store")
            self.bouncectl("backup", "--replace", self.path("copy"))

    def run_all(self):
        work = [*[self.send] * CLIENTS, self.ingest, *[self.change_by_hand] * HANDS, self.change_in_bulk, self.read]
        threads = [threading.Thread(target=part, args=(i,)) for i, part in enumerate(work)]
        for thread in threads:
            thread.start()
        time.sleep(SECONDS)
        self.running = False
        for thread in threads:
            thread.join()

    def test_all_at_once(self):
        self.run_all()
        self.assertEqual(self.wrong, [])
        for name in ("add", "remove", "list", "check", "export", "ingest", "check-store", "backup"):
            self.assertGreater(self.done[name], 0, name)
        self.assertGreater(len(self.stored), 100)
        self.assertNotIn("store-failed", self.bounced.read_log())
        listed = {json.loads(line)["recipient"] for line in self.bounced.bouncectl("list", "--json").splitlines()}
        self.assertEqual(listed, self.stored | self.added)
        recipients = self.bounced.recipients()
        self.assertEqual(len(recipients), len(self.stored))  # each once
        self.assertEqual(set(recipients), self.stored)
        self.assertIn("is whole", self.bounced.bouncectl("check-store"))
        changes = [json.loads(line) for line in self.bounced.bouncectl("audit", "--json").splitlines()]
        changed = collections.Counter((row["change"], row["recipient"]) for row in changes)
        self.assertEqual(set(changed.values()), {1})  # each was done once, and told
        self.assertEqual({recipient for change, recipient in changed if change == "remove"}, self.removed)
        self.assertEqual(self.bounced.terminate(), 0)


if __name__ == "__main__":
    unittest.main()
