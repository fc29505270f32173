"""A feed gives a program a line for each event: the program acknowledges each, is started again when it ends, and gets
again what it did not acknowledge; it has neither our environment nor our files."""

import json
import os
import re
import smtplib
import unittest

from support.bounced_process import DOMAIN, HEAD, Bounced, report
from support.feeds import states, wait_for_end, wait_for_feeds, wait_for_log
from support.postfix_process import wait_until

CONFIG = HEAD + """
[return-path all]
domain = {domain}
[feed script]
type = exec
command = {command}
types = report.bounce
retry = 1s
timeout = {timeout}
batch = {batch}
delay = {delay}
"""
with open(os.path.join(os.environ["SOURCE"], "README.md"), encoding="utf-8") as readme:
    SCRIPT = "#!/bin/sh\n" + re.search(r"^```sh\n(while read -r line; do\n.*?)^```", readme.read(), re.M | re.S).group(1)


class FeedExec(unittest.TestCase):
    def setUp(self):
        self.bounced = self.enterContext(Bounced())
        self.folder = self.bounced.folder
        self.taken = os.path.join(self.folder, "taken")

    def start(self, work="", timeout="15s", batch=1, delay="0"):
        script = os.path.join(self.folder, "a script")
        with open(script, "w") as file:
            file.write(re.sub(r"^( *)(?=printf)", lambda indent: f"{indent[1]}{work}\n{indent[1]}", SCRIPT, flags=re.M)
                       .replace("/var/lib/bounced/events.jsonl", self.taken))
        os.chmod(script, 0o755)
        self.bounced.write_config(CONFIG.format(folder=self.folder, domain=DOMAIN, timeout=timeout, batch=batch,
                                                delay=delay, command=f'"{script}" an argument'))
        self.bounced.start(environment={"SECRET": "of ours"})
        wait_for_feeds(self.bounced, "script")

    def send(self, *numbers):
        with smtplib.SMTP("127.0.0.1", self.bounced.port) as client:
            for number in numbers:
                client.sendmail("", [f"bounces@{DOMAIN}"], report(number))

    def events(self):
        try:
            with open(self.taken) as file:
                return [json.loads(line) for line in file if line.endswith("\n")]
        except FileNotFoundError:
            return []

    def recipients(self):
        """In order, each event once."""
        seen = {event["id"]: event["data"]["recipient"] for event in self.events()}
        return list(seen.values())

    def wait_for(self, count):
        wait_until(lambda: len(self.recipients()) >= count,
                   lambda: f"{count}: {self.recipients()}; the log: {self.bounced.read_log()}")
        self.assertEqual(self.recipients(), [f"user{i}@example.org" for i in range(count)])

    def test_each(self):
        for batch in (1, 7):
            with self.subTest(batch):
                self.start(batch=batch)
                self.send(*range(20))
                self.wait_for(20)
                wait_for_end(self.bounced, "script")
                self.assertEqual(len(self.events()), 20)
                self.bounced.bouncectl("feeds", "test", "script")
                wait_for_log(self.bounced, "event=feed-tested feed=script")
                self.assertEqual(self.events()[-1]["type"], "feed.test")
                self.bounced.terminate()
                for name in ("taken", "bounced.db"):
                    os.unlink(os.path.join(self.folder, name))

    def test_ends(self):
        """It dies at each third event, and then says why; and we are killed."""
        self.start(work=f"echo >>{self.folder}/count; [ $(($(wc -l <{self.folder}/count) % 3)) -ne 0 ] ||"
                        " { echo a bad day >&2; exit 3; }")
        self.send(*range(4))
        wait_for_log(self.bounced, 'event=feed-failing feed=script error="the program: it ended with status 3: a bad day"')
        self.bounced.kill()
        self.bounced.start()
        self.send(*range(4, 8))
        self.wait_for(8)

    def test_ends_in_batch(self):
        """It dies at each third event of its life, and at each fifth of all until it is mended: it is not given again
        what it acknowledged, also when we are killed."""
        self.start(work=f"lived=$((lived + 1)); all=$(cat {self.folder}/taken 2>/dev/null | wc -l); "
                        f"[ $lived -le 2 ] && [ $all -lt 4 ] || [ -e {self.folder}/mended ] || exit 3",
                   batch=7, delay="1h")
        self.send(*range(7))
        wait_until(lambda: states(self.bounced)["script"]["attempts"] > 1, lambda: states(self.bounced))
        self.assertEqual(states(self.bounced)["script"]["events"], 3)
        self.bounced.kill()
        self.bounced.start()
        self.send(*range(7, 11))
        with open(os.path.join(self.folder, "mended"), "w"):
            pass
        self.wait_for(11)
        wait_for_end(self.bounced, "script")
        self.assertEqual(len(self.events()), 11)

    def test_silent(self):
        """One that does not acknowledge is ended, with what it started."""
        self.start(work=f"[ -e {self.folder}/mended ] || {{ echo $$ >>{self.folder}/pids; sleep 1000 & wait; }}",
                   timeout="1s")
        self.send(0)
        wait_for_log(self.bounced, 'event=feed-failing feed=script error="the program did not acknowledge in time"')
        with open(os.path.join(self.folder, "pids")) as file:
            pid = int(file.readline())
        self.assertFalse(os.path.exists(f"/proc/{pid}"))
        self.assertEqual(self.recipients(), [])
        with open(os.path.join(self.folder, "mended"), "w"):
            pass
        self.wait_for(1)
        wait_for_end(self.bounced, "script")

    def test_lies(self):
        self.start(work=f"[ -e {self.folder}/mended ] || id=evt_0")
        self.send(0)
        wait_for_log(self.bounced, "acknowledged an id that it was not given")
        wait_until(lambda: states(self.bounced)["script"]["attempts"] > 0, lambda: states(self.bounced))
        with open(os.path.join(self.folder, "mended"), "w"):
            pass
        wait_for_end(self.bounced, "script")

    def test_talks(self):
        """A line that is no id, and the right one at once behind it: the delivery has an end."""
        self.start(work=f"[ -e {self.folder}/mended ] || id=$(printf 'hello\\n%s' \"$id\")")
        self.send(0)
        wait_until(lambda: states(self.bounced)["script"]["attempts"] > 0, lambda: states(self.bounced))
        with open(os.path.join(self.folder, "mended"), "w"):
            pass
        wait_for_end(self.bounced, "script")

    def test_rights(self):
        self.start(work=f"{{ env; grep NoNewPrivs /proc/self/status; ls /proc/$$/fd; }} >{self.folder}/rights")
        self.send(0)
        self.wait_for(1)
        with open(os.path.join(self.folder, "rights")) as file:
            rights = file.read()
        self.assertNotIn("SECRET", rights)
        self.assertIn("NoNewPrivs:\t1", rights)
        descriptors = {int(word) for word in rights.split() if word.isdigit()}
        self.assertLessEqual({number for number in descriptors if number < 10}, {0, 1, 2, 3})

    def test_missing(self):
        self.start()
        os.unlink(os.path.join(self.folder, "a script"))
        self.send(0)
        wait_for_log(self.bounced, "it cannot be run")


if __name__ == "__main__":
    unittest.main()
