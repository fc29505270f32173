"""A bounced whose API takes what programs tell, and events for it."""

import itertools
import json
import unittest

from support.api_client import Api
from support.bounced_process import HEAD, Bounced

CONFIG = HEAD.replace("[server]", "busy-timeout = {busy}\n[server]\nmessage-size = 64K\n{server}") + """
[listen api]
protocol = http
address = 127.0.0.1:0
serve = metrics api
[return-path news]
domain = news.example.com
stream = news
tenant = shop
unproven = suppress
[return-path alerts]
domain = alerts.example.com
stream = alerts
tenant = bank
[return-path plain]
domain = bounces.example.com
"""

NDJSON = {"Content_Type": "application/x-ndjson"}
MAIL = {"Content_Type": "message/rfc822"}
UNKNOWN = {"reply": 550, "status": "5.1.1", "diagnostic": "550 5.1.1 User unknown"}
names = itertools.count()


def event(name=None, **members):
    return {"recipient": f"{name or f'user{next(names)}'}@example.org", **UNKNOWN, **members}


class Case(unittest.TestCase):
    def start(self, server="", busy="1s"):
        self.bounced = self.enterContext(Bounced())
        self.bounced.write_config(CONFIG.format(folder=self.bounced.folder, server=server, busy=busy))
        self.bounced.start()
        self.port = self.bounced.find_port("api")
        self.api = self.token("mta")
        return self.api

    def token(self, name, *options):
        token = self.bounced.bouncectl("token", "add", name, "--scope", "ingest,read", *options).split()[-1]
        return self.enterContext(Api(self.port, token))

    def post(self, body, status=200, api=None, path="/v1/events", **headers):
        answer = (api or self.api).ask("POST", path, body, **headers)
        self.assertEqual(answer.status, status, answer.body[:500])
        return answer

    def stored(self, *options):
        return [json.loads(line) for line in self.bounced.bouncectl("events", "--json", *options).splitlines()]

    def suppressed(self, address, api=None):
        [item] = (api or self.api).ask("POST", "/v1/check", {"addresses": [address]}).json["items"]
        return item["suppressed"]
