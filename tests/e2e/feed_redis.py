"""A feed adds events to a stream of a real Redis: each, in order, over a kill of either; and says what Redis refuses."""

import json
import os
import shutil
import smtplib
import subprocess
import unittest

from support.bounced_process import DOMAIN, HEAD, Bounced, report
from support.feeds import wait_for_end, wait_for_feeds, wait_for_log
from support.postfix_process import find_port, wait_until

CONFIG = HEAD + """
[return-path all]
domain = {domain}
[feed stream]
type = redis
address = {address}
key = bounced:events
{login}
types = report
batch = 5
retry = 1s
"""


class Redis:
    """On a UNIX socket, and a port of loopback. Use it in a `with`."""

    def __init__(self, folder, *options):
        self.port, self.options, self.process = find_port(), options, None
        self.folder, self.socket = folder, os.path.join(folder, "redis.sock")

    def __enter__(self):
        return self.start()

    def start(self):
        self.process = subprocess.Popen(["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--unixsocket", self.socket,
                                         "--dir", self.folder, "--appendonly", "yes", "--appendfsync", "always", *self.options],
                                        stdout=subprocess.DEVNULL)
        wait_until(lambda: "PONG" in self.ask("PING") or "NOAUTH" in self.ask("PING"), lambda: "Redis to start")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def ask(self, *words, login=()):
        return subprocess.run(["redis-cli", "-s", self.socket, *login, "--json", *words], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False).stdout

    def events(self, **more):
        rows = [dict(zip(fields[::2], fields[1::2])) for _, fields in json.loads(self.ask("XRANGE", "bounced:events", "-", "+", **more))]
        for row in rows:
            event = json.loads(row["event"])
            assert (event["id"], event["type"]) == (row["id"], row["type"])
        return [json.loads(row["event"]) for row in rows]


@unittest.skipIf(shutil.which("redis-server") is None, "redis-server is not installed")
class FeedRedis(unittest.TestCase):
    def setUp(self):
        self.bounced = self.enterContext(Bounced())

    def start(self, address, login=""):
        self.bounced.write_config(CONFIG.format(folder=self.bounced.folder, domain=DOMAIN, address=address, login=login))
        self.bounced.start()
        wait_for_feeds(self.bounced, "stream")

    def send(self, *numbers):
        with smtplib.SMTP("127.0.0.1", self.bounced.port) as client:
            for number in numbers:
                client.sendmail("", [f"bounces@{DOMAIN}"], report(number))

    def wait_for(self, redis, count, **more):
        """Each once at least, in order."""
        def recipients():
            return list({event["id"]: event["data"]["recipient"] for event in redis.events(**more)}.values())
        wait_until(lambda: len(recipients()) >= count, lambda: f"{recipients()}; the log: {self.bounced.read_log()}")
        self.assertEqual(recipients(), [f"user{i}@example.org" for i in range(count)])

    def test_each(self):
        redis = self.enterContext(Redis(self.bounced.folder))
        self.start(f"127.0.0.1:{redis.port}")
        self.send(*range(12))
        self.wait_for(redis, 12)
        redis.__exit__()
        self.send(*range(12, 20))
        wait_for_log(self.bounced, "event=feed-failing feed=stream")
        redis.start()
        self.wait_for(redis, 20)
        self.bounced.kill()
        self.bounced.start()
        self.send(*range(20, 24))
        self.wait_for(redis, 24)
        wait_for_end(self.bounced, "stream")
        redis.ask("DEL", "bounced:events")
        redis.ask("SET", "bounced:events", "no stream")
        self.send(24)
        wait_for_log(self.bounced, 'error="WRONGTYPE')
        redis.ask("DEL", "bounced:events")
        wait_for_end(self.bounced, "stream")
        self.assertEqual([event["data"]["recipient"] for event in redis.events()], ["user24@example.org"])

    def test_login(self):
        login = ("--user", "bounced", "--pass", "the_secret", "--no-auth-warning")
        redis = self.enterContext(Redis(self.bounced.folder, "--user", "bounced", "on", ">the_secret", "~*", "+@all",
                                        "--user", "default", "off"))
        password = os.path.join(self.bounced.folder, "password")
        with open(password, "w") as file:
            file.write("wrong\n")
        os.chmod(password, 0o600)
        self.start(f"unix:{redis.socket}", f"user = bounced\npassword-file = {password}")
        self.send(0)
        wait_for_log(self.bounced, 'error="WRONGPASS')
        with open(password, "w") as file:
            file.write("the_secret\n")
        self.bounced.bouncectl("reload", "--process", str(self.bounced.process.pid))
        self.wait_for(redis, 1, login=login)


if __name__ == "__main__":
    unittest.main()
