"""The tests of lists and rollbacks by the API have this in common."""

import json
import os
import subprocess
import unittest
from urllib.parse import urlencode

from support.api_client import Api
from support.bounced_process import BUILD, HEAD, Bounced

CONFIG = HEAD + """
[listen api]
protocol = http
address = 127.0.0.1:0
serve = metrics api
[return-path news]
domain = news.example.com
stream = newsletter
tenant = shop
unproven = suppress
[return-path alerts]
domain = alerts.example.com
stream = alerts
tenant = bank
[policy]
mailbox_full = 5 in 30d
"""


class Case(unittest.TestCase):
    def setUp(self):
        self.bounced = self.enterContext(Bounced())
        self.bounced.write_config(CONFIG.format(folder=self.bounced.folder))
        self.start()
        self.all = self.api("crm")

    def start(self):
        self.bounced.start()
        self.port = self.bounced.find_port("api")

    def token(self, name, *options):
        return self.bounced.bouncectl("token", "add", name, "--scope", "read,write", *options).split()[-1]

    def api(self, name, *options):
        return self.enterContext(Api(self.port, self.token(name, *options)))

    def put_list(self, text, api=None, **arguments):
        body = text if isinstance(text, bytes) else text.encode()
        return (api or self.all).ask("POST", f"/v1/import?{urlencode(arguments)}", body)

    def roll_back(self, api=None, **members):
        return (api or self.all).ask("POST", "/v1/rollback", members)

    def printed(self, *arguments):
        return [json.loads(line) for line in self.bounced.bouncectl(*arguments, "--json").splitlines()]

    def subjects(self):
        return self.bounced.bouncectl("export", "--format", "text", "--all-scopes").split()

    def run_for(self, *arguments, status=0, **options):
        done = subprocess.run([os.path.join(BUILD, "bouncectl"), "--config", self.bounced.config, *arguments],
                              capture_output=True, check=False, **options)
        self.assertEqual(done.returncode, status, done.stderr)
        return done
