"""A daemon with an API, for tests of those who follow what comes into the store."""

import os
import subprocess
import unittest

from support.api_client import Api
from support.bounced_process import BUILD, HEAD, Bounced

CONFIG = HEAD + """
[listen api]
protocol = http
address = 127.0.0.1:0
serve = metrics api
[return-path news]
domain = news.example.com
stream = news
tenant = shop
[return-path alerts]
domain = alerts.example.com
stream = alerts
tenant = bank
{more}
"""


class Case(unittest.TestCase):
    def start(self, more=""):
        self.bounced = self.enterContext(Bounced())
        self.bounced.write_config(CONFIG.format(folder=self.bounced.folder, more=more))
        self.bounced.start()
        self.port = self.bounced.find_port("api")
        self.secret = self.token("all")

    def token(self, name, *options):
        return self.bounced.bouncectl("token", "add", name, "--scope", "read,write", *options).split()[-1]

    def api(self, token=None):
        return self.enterContext(Api(self.port, token or self.secret))

    def curl(self, path, *options, token=None):
        """A curl that runs."""
        command = ["curl", "--silent", "--show-error", "--no-buffer", "--header", f"Authorization: Bearer {token or self.secret}",
                   *options, f"http://127.0.0.1:{self.port}{path}"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        return process

    def fill(self, n):
        """So many entries; their addresses in order."""
        every = [f"user{i:05}@example.org" for i in range(n)]
        subprocess.run([os.path.join(BUILD, "bouncectl"), "--config", self.bounced.config, "add", "--file", "-"],
                       input="\n".join(every).encode(), check=True, capture_output=True)
        return every


def subjects(items):
    return [item["data"]["recipient"] for item in items]
