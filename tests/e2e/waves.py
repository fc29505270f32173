"""A receiver that denies a hundred mailboxes within minutes: the daemon raises an alert, the entries are held, and an
operator decides about them."""

import json
import os
import re
import smtplib
import subprocess
import time
import unittest

from support.bounced_process import BUILD, DOMAIN, Bounced, report

MANY = 100  # ten times `minimum`, in the first week
CONFIG = "[wave]\nminimum = 10\n[listen metrics]\nprotocol = http\naddress = 127.0.0.1:0\n"


class Waves(unittest.TestCase):
    def setUp(self):
        self.bounced = self.enterContext(Bounced())
        with open(self.bounced.config, "a", encoding="utf-8") as file:
            file.write(CONFIG)
        self.bounced.start()

    def send(self, first, n):
        with smtplib.SMTP("127.0.0.1", self.bounced.port) as client:
            for number in range(first, first + n):
                client.sendmail("", f"news@{DOMAIN}", report(number))

    def wait_for_log(self, text):
        end = time.monotonic() + 30
        while text not in self.bounced.read_log():
            self.assertLess(time.monotonic(), end, self.bounced.read_log())
            time.sleep(0.05)

    def run_bouncectl(self, *arguments):
        program = [os.path.join(BUILD, "bouncectl"), "--config", self.bounced.config]
        return subprocess.run([*program, *arguments], capture_output=True, text=True, check=False)

    def check(self, number):
        """The exit status: 1 when it is suppressed."""
        return self.run_bouncectl("check", f"user{number}@example.org").returncode

    def waves(self):
        lines = self.run_bouncectl("--json", "waves").stdout.splitlines()
        return [json.loads(line) for line in lines]

    def raise_wave(self):
        self.send(0, 1)
        self.assertEqual(self.check(0), 1)
        self.send(1, MANY + 4)
        self.wait_for_log("wave-began")

    def test_alarm(self):
        self.raise_wave()
        line = next(line for line in self.bounced.read_log().splitlines() if "wave-began" in line)
        self.assertIn("alert", line)
        self.assertIn("receiver=example.org", line)
        for number in (0, 1, MANY + 4):
            self.assertEqual(self.check(number), 0)
        [wave] = self.waves()
        self.assertEqual((wave["receiver"], wave["held"], wave["failures"]), ("example.org", MANY + 5, MANY + 5))
        self.assertNotIn("ended", wave)
        told = self.run_bouncectl("explain", "user3@example.org").stdout
        self.assertIn("held, and not in force", told)
        self.assertIn("bouncectl waves show 1", told)
        self.assertIn("held: its receiver", told)
        self.assertIn("user3@example.org", self.run_bouncectl("waves", "show", "1").stdout)
        shown = json.loads(self.run_bouncectl("--json", "waves", "show", "1", "--limit", "1000").stdout)
        self.assertEqual(len(shown["addresses"]), MANY + 5)
        for command in ("list", "events"):
            self.assertEqual(len(self.run_bouncectl(command, "--state", "held").stdout.splitlines()), MANY + 5)
            self.assertEqual(self.run_bouncectl(command, "--state", "active").stdout, "")
        held = self.run_bouncectl("--json", "audit", "--state", "held").stdout.splitlines()
        self.assertEqual({json.loads(line)["change"] for line in held}, {"add", "hold"})
        active = self.run_bouncectl("--json", "audit", "--state", "active").stdout.splitlines()
        self.assertEqual({json.loads(line)["change"] for line in active}, {"add"})
        rolled = self.run_bouncectl("--json", "rollback", "--state", "held").stdout.splitlines()
        self.assertEqual(json.loads(rolled[-1])["events"], MANY + 5)
        self.assertEqual(self.run_bouncectl("check-store").returncode, 0)

    def test_confirm(self):
        self.raise_wave()
        said = self.run_bouncectl("waves", "confirm", "1").stderr
        self.assertIn(f"{MANY + 5} held entries would take effect", said)
        self.assertEqual(self.check(1), 0)
        self.assertEqual(self.run_bouncectl("waves", "confirm", "1", "--apply").returncode, 64)
        said = self.run_bouncectl("waves", "confirm", "1", "--apply", "--note", "closed").stderr
        self.assertIn(f"{MANY + 5} held entries took effect", said)
        self.assertEqual(self.check(1), 1)
        [wave] = self.waves()
        self.assertEqual((wave["held"], wave["confirmed"], wave["dropped"]), (0, MANY + 5, 0))
        changes = self.run_bouncectl("--json", "audit", "--recipient", "user1@example.org").stdout.splitlines()
        self.assertEqual([json.loads(line)["change"] for line in changes], ["add", "hold", "confirm"])
        self.assertEqual(json.loads(changes[-1])["note"], "wave 1: closed")
        self.assertEqual(self.run_bouncectl("check-store").returncode, 0)

    def test_drop(self):
        self.raise_wave()
        self.run_bouncectl("waves", "drop", "1", "--apply", "--note", "their fault")
        [wave] = self.waves()
        self.assertEqual((wave["held"], wave["confirmed"], wave["dropped"]), (0, 0, MANY + 5))
        self.assertEqual(self.check(1), 0)
        self.assertEqual(self.run_bouncectl("list").stdout, "")
        self.assertEqual(self.run_bouncectl("check-store").returncode, 0)

    def test_undo(self):
        self.raise_wave()
        for verb in ("drop", "confirm"):
            said = self.run_bouncectl("waves", verb, "1", "--apply", "--note", "so they say").stderr
            batch = re.search(r"batch (\S+), which `bouncectl rollback --undo \1` undoes", said)[1]
            [wave] = self.waves()
            self.assertEqual(wave["held"], 0)
            self.assertEqual(self.check(1), int(verb == "confirm"))
            undone = self.run_bouncectl("rollback", "--undo", batch, "--apply", "--note", "they were wrong")
            self.assertEqual(undone.returncode, 0, undone.stderr)
            [wave] = self.waves()
            self.assertEqual((wave["held"], wave["confirmed"], wave["dropped"]), (MANY + 5, 0, 0))
            self.assertEqual(self.check(1), 0)
        changes = self.run_bouncectl("--json", "audit", "--recipient", "user1@example.org").stdout.splitlines()
        self.assertEqual([json.loads(line)["change"] for line in changes],
                         ["add", "hold", "remove", "hold", "confirm", "hold"])
        self.assertEqual(self.run_bouncectl("check-store").returncode, 0)

    def test_no_wave(self):
        self.send(0, 5)
        self.assertEqual(self.waves(), [])
        self.assertEqual(self.run_bouncectl("waves", "show", "1").returncode, 66)
        self.assertEqual(self.run_bouncectl("waves", "forget", "1").returncode, 64)


if __name__ == "__main__":
    unittest.main()
