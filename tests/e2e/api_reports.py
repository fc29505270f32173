"""The API tells of reports, addresses and waves what the command line does; a tenant is told of its own alone."""

import contextlib
import csv
import glob
import io
import json
import os
import re
import sqlite3
import unittest
from urllib.parse import quote

from support.api_client import Api
from support.bounced_process import HEAD, Bounced

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
"""
NDJSON = {"Accept": "application/x-ndjson"}


class Case(unittest.TestCase):
    def setUp(self):
        self.bounced = self.enterContext(Bounced())
        self.bounced.write_config(CONFIG.format(folder=self.bounced.folder))
        self.bounced.start()
        self.port = self.bounced.find_port("api")
        self.all = self.api("all")

    def api(self, name, *options):
        token = self.bounced.bouncectl("token", "add", name, "--scope", "read,write", *options).split()[-1]
        return self.enterContext(Api(self.port, token))

    def fill(self):
        self.bounced.bouncectl("ingest", *glob.glob(os.path.join(os.environ["SOURCE"], "testdata", "[a-n]*.eml")))

    def change(self, *texts):
        with contextlib.closing(sqlite3.connect(os.path.join(self.bounced.folder, "bounced.db"), timeout=30)) as database:
            for text in texts:
                database.execute(text)
            database.commit()

    def printed(self, *arguments):
        return [json.loads(line) for line in self.bounced.bouncectl(*arguments, "--json").splitlines()]

    def lines(self, path, api=None):
        return [json.loads(line) for line in (api or self.all).ask("GET", path, None, **NDJSON).body.splitlines()]

    def pages(self, path):
        """The items of all pages, by their links."""
        while path is not None:
            page = self.all.ask("GET", path)
            yield page.json["items"]
            link, after = page.headers.get("Link"), page.json.get("next")
            self.assertEqual(link is None, after is None)
            path = link and re.fullmatch(rf'<(/v1/.*\bafter={after})>; rel="next"', link)[1]


class Twins(Case):
    """Each answer is what the command line prints."""

    def test_events(self):
        self.fill()
        every = self.printed("events")
        self.assertGreater(len(every), 100)
        pages = list(self.pages("/v1/events?limit=70"))
        self.assertEqual(sum(pages, []), every)
        self.assertLessEqual(max(map(len, pages)), 70)
        self.assertEqual(self.lines("/v1/events"), every)
        text = self.all.ask("GET", "/v1/events", None, Accept="text/csv").body.decode()
        self.assertEqual([row["digest"] for row in csv.DictReader(io.StringIO(text))], [row["digest"] for row in every])

    def test_conditions(self):
        """Each option of the command line that the route has: it finds some, not all, and the same."""
        self.fill()
        self.change("UPDATE messages SET stream = 'news' WHERE id % 3 = 0",
                    "UPDATE events SET evidence = 'signed' WHERE id % 5 = 0")
        every = self.printed("events")
        middle = every[len(every) // 2]
        self.change(f"UPDATE events SET received = received - 864000 WHERE id < {len(every) // 2}")
        day = middle["received"][:10]
        for name, value in (("recipient", next(row["recipient"] for row in every if "recipient" in row)),
                            ("domain", "example.org"), ("kind", "feedback"), ("reason", "user_unknown"),
                            ("rule", next(row["rule"] for row in every if "rule" in row)), ("stream", "news"),
                            ("receiver", "google"), ("diagnostic", "MAILBOX"), ("evidence", "signed"), ("since", day),
                            ("until", day)):
            found = self.printed("events", f"--{name}", value)
            self.assertEqual(self.lines(f"/v1/events?{name}={quote(value)}"), found, name)
            self.assertLess(len(found), len(every), name)
            self.assertTrue(found or name == "receiver", name)

    def test_explain(self):
        self.fill()
        for subject, options in (("anna@example.org", ()), ("@example.com", ()), ("ben@example.org", ("--stream", "news"))):
            self.bounced.bouncectl("add", subject, "--note", "asked", *options)
        addresses = sorted({row["recipient"] for row in self.printed("events") if "recipient" in row})[::10]
        for address in (*addresses, "anna@example.org", "ben@example.org", "nobody@example.net"):
            for options, query in (((), ""), (("--stream", "news"), "?stream=news"), (("--tenant", "bank"), "?tenant=bank")):
                if query == "?stream=news" and address not in ("ben@example.org", "anna@example.org"):
                    continue
                told = self.all.ask("GET", f"/v1/explain/{quote(address, safe='')}{query}").json
                self.assertEqual(told.pop("text"), self.bounced.bouncectl("explain", address, *options))
                self.assertEqual([told], self.printed("explain", address, *options))

    def test_waves(self):
        self.change(*(f"INSERT INTO waves VALUES ({n}, 'google', 'rule', 1, 2, 3, 4, NULL, 99, 1, 99, 0, 0, 2, 1)"
                      for n in range(1, 6)))
        every = self.printed("waves")
        self.assertEqual(len(every), 5)
        self.assertEqual(sum(self.pages("/v1/waves?limit=2"), []), every)
        self.bounced.bouncectl("add", "anna@example.org", "ben@example.org")
        self.change("UPDATE suppressions SET wave = 1 WHERE subject LIKE 'anna%'",
                    "UPDATE suppressions SET wave = 2 WHERE subject LIKE 'ben%'")
        self.assertEqual(self.all.ask("GET", "/v1/waves").json["items"], self.printed("waves"))
        confirmed = self.all.ask("POST", "/v1/waves/1/confirm", {"note": "so it is"}).json
        dropped = self.all.ask("POST", "/v1/waves/2/drop", {"note": "it was not so"}).json
        self.assertEqual((confirmed["held"], confirmed["confirmed"], dropped["held"], dropped["dropped"]), (0, 1, 0, 1))
        self.assertEqual(self.bounced.bouncectl("export", "--format", "text"), "anna@example.org\n")
        log = self.printed("audit", "--door", "api")
        self.assertEqual([(row["change"], row["who"], row["note"]) for row in log],
                         [("confirm", "all", "wave 1: so it is"), ("remove", "all", "wave 2: it was not so")])


class Tenants(Case):
    def test_own(self):
        self.fill()
        self.change("UPDATE messages SET stream = 'news', tenant = 'shop' WHERE id % 3 = 0",
                    "UPDATE messages SET stream = 'alerts', tenant = 'bank' WHERE id % 3 = 1")
        for scope, note in (("--tenant=shop", "of-shop"), ("--tenant=bank", "of-bank"), ("--stream=alerts", "of-alerts"),
                            ("--force", "of-all")):
            self.bounced.bouncectl("add", "anna@example.org", "--note", note, scope)
        shop = self.api("shop", "--tenant", "shop")
        own = self.printed("events", "--stream", "news")
        self.assertEqual(self.lines("/v1/events", shop), own)
        self.assertEqual(self.lines("/v1/events?stream=alerts", shop), [])
        told = shop.ask("GET", "/v1/explain/anna%40example.org")
        self.assertIn(b"of-shop", told.body)
        for word in (b"of-bank", b"of-alerts", b"of-all", b"tenant=bank"):
            self.assertNotIn(word, told.body)
        for query in ("?stream=alerts", "?tenant=bank"):
            self.assertEqual(shop.ask("GET", f"/v1/explain/anna%40example.org{query}").problem, "forbidden")
        self.assertEqual(shop.ask("GET", "/v1/waves").problem, "forbidden")
        for verb in ("confirm", "drop"):
            self.assertEqual(shop.ask("POST", f"/v1/waves/1/{verb}", {"note": "x"}).problem, "forbidden")


class Hostile(Case):
    def test_requests(self):
        self.fill()
        cursor = self.all.ask("GET", "/v1/events?limit=1").json["next"]
        for query in ("limit=0", "limit=1001", "limit=-1", "limit=100000000000000000000", "limit=1&limit=2", "limit=", "after=",
                      "after=AAAA", "after=%00", f"after={cursor}x", f"after={cursor[:-4]}", f"after={'A' * 3000}", "kind=",
                      "kind=bounces", "reason=x", "evidence=no", "since=%FF", "since=yesterday", "until=2026-99-99",
                      "stream=%0A", "diagnostic=a%00b"):
            self.assertEqual(self.all.ask("GET", f"/v1/events?{query}").problem, "bad-request", query)
        for query in ("recipient=nobody", "domain=%20", "domain=a%40b"):
            for headers in ({}, NDJSON):
                self.assertEqual(self.all.ask("GET", f"/v1/events?{query}", None, **headers).problem, "invalid-address", query)
        other = self.all.ask("GET", f"/v1/waves?after={cursor}")
        self.assertEqual(other.problem, "bad-request")
        for address, problem in (("no", "invalid-address"), ("a%00b%40example.org", "bad-request"), ("%FF%40x.org", "bad-request")):
            self.assertEqual(self.all.ask("GET", f"/v1/explain/{address}").problem, problem)
        for wave in ("0", "-1", "x", "99999999999999999999", "1e3", "%2B1"):
            self.assertEqual(self.all.ask("POST", f"/v1/waves/{wave}/drop", {"note": "x"}).problem, "not-found")
        for body in ({}, {"note": ""}, {"note": None}, {"note": 1}, {"note": "a\nb"}, {"note": "x", "apply": True}, b"[]", b"{"):
            self.assertEqual(self.all.ask("POST", "/v1/waves/1/drop", body).problem, "invalid-body", body)


if __name__ == "__main__":
    unittest.main(verbosity=2)
