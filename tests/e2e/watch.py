"""bouncectl watch: what comes is printed as it comes, until a signal or the end of its reader; nothing of the database
is held meanwhile; another file in its place is followed."""

import json
import os
import pathlib
import selectors
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest

from support.bounced_process import BUILD, report
from support.terminal import run_on_terminal

BOUNCECTL = os.path.join(BUILD, "bouncectl")


class Watcher:
    """A running watch; lines() waits for so many, and fails if more come than are asked for at its end."""

    def __init__(self, config, *arguments):
        self.process = subprocess.Popen([BOUNCECTL, "watch", "--config", config, *arguments], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.pending = {self.process.stdout: b"", self.process.stderr: b""}

    def read(self, stream, wait):
        with selectors.DefaultSelector() as selector:
            selector.register(stream, selectors.EVENT_READ)
            if not selector.select(wait):
                return False
        data = os.read(stream.fileno(), 65536)
        self.pending[stream] += data
        return data != b""

    def lines(self, n, stream=None):
        stream = stream or self.process.stdout
        end = time.monotonic() + 30
        while self.pending[stream].count(b"\n") < n and time.monotonic() < end:
            self.read(stream, end - time.monotonic())
        *lines, self.pending[stream] = self.pending[stream].split(b"\n", n)
        return [line.decode() for line in lines]

    def complaints(self, n):
        return self.lines(n, self.process.stderr)

    def stop(self, number=signal.SIGINT):
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(30)
        if self.process.stderr.closed:
            return status, b""
        rest = self.pending[self.process.stdout] + self.process.stdout.read()
        self.process.stdout.close()
        self.process.stderr.close()
        return status, rest


class Watch(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.database = self.folder / "bounced.db"
        self.config = str(self.folder / "bounced.conf")
        pathlib.Path(self.config).write_text(f"[store]\npath = {self.database}\n[ingest]\nunproven = suppress\n")
        self.reports = 0
        self.bouncectl("add", "before@example.org", "--who", "ann", "--note", "x")

    def bouncectl(self, *arguments):
        return subprocess.run([BOUNCECTL, *arguments, "--config", self.config], check=True, capture_output=True,
                              text=True).stdout

    def ingest(self, address):
        self.reports += 1
        path = self.folder / f"{self.reports}.eml"
        path.write_bytes(report(self.reports, address=address))
        self.bouncectl("ingest", str(path))

    def watch(self, *arguments):
        watcher = Watcher(self.config, *arguments)
        self.addCleanup(watcher.stop)
        return watcher

    def begun(self, *arguments):
        """One that has begun for sure, since it has printed the last line that was there."""
        watcher = self.watch(*arguments, "--lines", "1")
        watcher.lines(1)
        return watcher

    def test_lines(self):
        watcher = self.watch("--lines", "5")
        self.assertRegex(watcher.lines(1)[0],
                         r"^20\S+Z\tsuppression\.added\tbefore@example\.org\t\tfor good\tann\tx$")
        self.ingest("anna@example.org")
        event, change = watcher.lines(2)
        self.assertRegex(event, r"^20\S+Z\treport\.bounce\tanna@example\.org\tuser_unknown\tsuppressed\t"
                                r"mta\.example\.net\t550 5\.1\.1 User unknown$")
        self.assertRegex(change, r"^20\S+Z\tsuppression\.added\tanna@example\.org\tuser_unknown\tfor good\tpolicy\t$")
        self.bouncectl("remove", "anna@example.org", "--note", "\N{BULLET}", "--who", "bob")
        self.assertRegex(watcher.lines(1)[0], r"\tsuppression\.removed\tanna@example\.org\t.*\tbob\t\N{BULLET}$")
        self.assertEqual(watcher.stop(), (-signal.SIGINT, b""))

    def test_objects(self):
        watcher = self.begun("--json")
        self.ingest("anna@example.org")
        event, change = map(json.loads, watcher.lines(2))
        self.assertEqual((event["type"], change["type"]), ("report.bounce", "suppression.added"))
        self.assertEqual(event["data"]["recipient"], "anna@example.org")
        self.assertEqual(event["timestamp"], event["data"]["received"])
        self.assertEqual(change["data"]["change"], "add")
        self.assertEqual(change["timestamp"], change["data"]["at"])

    def test_selected(self):
        self.ingest("anna@example.net")
        domain = self.begun("--domain", "example.org")
        events = self.begun("--only", "events")
        changes = self.begun("--only", "changes")
        hard = self.begun("--reason", "user_unknown", "--domain", "example.net")
        self.bouncectl("add", "ben@example.org")
        self.ingest("cleo@example.net")
        self.ingest("dora@example.org")
        for watcher, expected in ((domain, ("added\tben", "bounce\tdora", "added\tdora")),
                                  (events, ("bounce\tcleo", "bounce\tdora")),
                                  (changes, ("added\tben", "added\tcleo", "added\tdora")),
                                  (hard, ("bounce\tcleo", "added\tcleo"))):
            lines = watcher.lines(len(expected))
            for line, words in zip(lines, expected, strict=True):
                self.assertIn(words, line)
            self.assertEqual(watcher.stop(), (-signal.SIGINT, b""))

    def test_ends(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self.assertEqual(self.begun().stop(number), (-number, b""))
        watcher = self.begun()
        watcher.process.stdout.close()
        self.assertEqual(watcher.process.wait(30), -signal.SIGPIPE)
        watcher.process.stderr.close()

    def test_terminal(self):
        """No line is wider than it; ^C ends it."""
        self.bouncectl("add", "a.rather.long.name@department.example.org", "--note", "n" * 200)
        started = run_on_terminal([BOUNCECTL, "watch", "--config", self.config, "--lines", "2"], 80, dict(os.environ),
                                  wait=False)
        printed = b""
        while printed.count(b"\n") < 2:
            printed += os.read(started.terminal, 4096)
        os.write(started.terminal, b"\x03")
        self.assertEqual(started.finish()[0], -signal.SIGINT)
        lines = printed.decode().split("\r\n")[:2]
        self.assertEqual([line.split("  ")[1] for line in lines], ["suppression.added"] * 2)
        self.assertTrue(all(len(line) <= 80 for line in lines), lines)

    def test_holds_nothing(self):
        self.begun()
        with sqlite3.connect(self.database) as database:
            database.execute("create table more (n)")
            database.commit()
            time.sleep(0.5)
            self.assertEqual(database.execute("pragma wal_checkpoint(truncate)").fetchone()[0], 0)
        database.close()

    def test_blocked_reader(self):
        """While nobody takes its lines it holds nothing either, and then goes on."""
        watcher = self.begun()
        (self.folder / "list").write_text("".join(f"user{i:04}@bulk.example\n" for i in range(5000)))
        self.bouncectl("add", "--file", str(self.folder / "list"))
        time.sleep(0.5)
        with sqlite3.connect(self.database) as database:
            self.assertEqual(database.execute("pragma wal_checkpoint(truncate)").fetchone()[0], 0)
        database.close()
        lines = watcher.lines(5000)
        self.assertEqual([line.split("\t")[2] for line in lines], [f"user{i:04}@bulk.example" for i in range(5000)])

    def test_replaced(self):
        watcher = self.begun()
        for suffix in ("", "-wal", "-shm"):
            path = pathlib.Path(str(self.database) + suffix)
            if path.exists():
                path.rename(str(path) + ".old")
        self.assertIn("was removed or replaced; waiting for it", watcher.complaints(1)[0])
        self.bouncectl("add", "old@example.org")
        self.assertIn("is there; following it from here", watcher.complaints(1)[0])
        self.bouncectl("add", "new@example.org")
        while "new@example.org" not in (line := watcher.lines(1)[0]):
            self.assertIn("old@example.org", line)
        self.assertEqual(watcher.stop(), (-signal.SIGINT, b""))


if __name__ == "__main__":
    unittest.main()
