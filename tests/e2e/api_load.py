"""A list of tens of megabytes comes in while reports do, and while mail servers and programs ask and write: all of them are
answered meanwhile, and what it takes of memory is bounded."""

import http.client
import json
import os
import random
import smtplib
import socket
import threading
import time
import unittest

from support.bounced_process import ASKED, report
from support.bulk_case import CONFIG, Case

ROWS = 120000


def make_list():
    rows = list(range(ROWS))
    random.Random(15).shuffle(rows)
    words = "the account that you tried to reach is over there no more " * 3
    return ("email,reason,created\n" + "".join(
        f'user{i:06}@provider{i % 97}.example,"550 5.1.1 {words}user unknown",2026-11-01\n' for i in rows)).encode()


class Load(Case):
    def start(self):
        self.bounced.write_config(CONFIG.format(folder=self.bounced.folder) + ASKED.format(folder=self.bounced.folder)
                                  + "[return-path reports]\ndomain = bounces.example.com\nunproven = suppress\n")
        super().start()

    def memory(self, name):
        """Of the daemon, in megabytes."""
        with open(f"/proc/{self.bounced.process.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith(name)) / 1024

    def report_all(self, over, counts):
        with smtplib.SMTP("127.0.0.1", self.bounced.port, timeout=120) as client:
            number = 0
            while not over.is_set():
                client.sendmail("", "news@bounces.example.com", report(number))
                number += 1
                counts["reports"] = number

    def ask_all(self, over, counts):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(120)
            client.connect(os.path.join(self.bounced.folder, "socketmap"))
            reader = client.makefile("rb")
            question = b"suppress nobody@provider1.example"
            while not over.is_set():
                client.sendall(b"%d:%s," % (len(question), question))
                self.assertEqual(reader.read(12), b"9:NOTFOUND ,")
                counts["questions"] += 1

    def write_all(self, over, counts):
        api = self.api("writer")
        while not over.is_set():
            path = f"/v1/suppressions/hand{counts['writes']}%40example.org"
            self.assertEqual(api.ask("PUT", path, {}).status, 201)
            self.assertEqual(api.ask("GET", path).status, 200)
            counts["writes"] += 1

    def test_all(self):
        body = make_list()
        self.assertGreater(len(body), 20 << 20)
        before = self.memory("VmHWM")
        over, failures = threading.Event(), []
        counts = {"reports": 0, "questions": 0, "writes": 0}

        def run(work):
            try:
                work(over, counts)
            except Exception as failure:  # told by the test, below
                failures.append(failure)

        threads = [threading.Thread(target=run, args=(work,)) for work in (self.report_all, self.ask_all, self.write_all)]
        for thread in threads:
            thread.start()
        while min(counts.values()) == 0 and not failures:
            time.sleep(0.01)
        began = dict(counts)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        connection.request("POST", "/v1/import?name=bounces.csv", body, {"Authorization": f"Bearer {self.all.token}"})
        told = json.load(connection.getresponse())
        ended = dict(counts)
        over.set()
        for thread in threads:
            thread.join()
        connection.close()
        self.assertEqual(failures, [])
        self.assertEqual((told["added"], told["rejected"]), (ROWS, 0))
        # The list has 120 transactions, and others who write have a turn between two of them.
        for name, number in ended.items():
            self.assertGreater(number - began[name], 20, name)
        if not os.environ.get("SANITIZE"):
            self.assertLess(self.memory("VmHWM") - before, 5 * len(body) / (1 << 20))
        self.assertEqual(len(self.printed("events", "--domain", "example.org")), counts["reports"])
        self.bounced.bouncectl("check-store")
        print(f"meanwhile {', '.join(f'{ended[name] - began[name]} {name}' for name in ended)}; "
              f"{self.memory('VmHWM') - before:.0f} MB more for a list of {len(body) >> 20} MB")


if __name__ == "__main__":
    unittest.main(verbosity=2)
