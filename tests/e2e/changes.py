"""A program follows what comes into the store over HTTP: it fetches with a cursor, waits, or takes a stream; and learns of
nothing that is not its own."""

import json
import os
import re
import signal
import subprocess
import unittest

from support.api_client import Api, Events
from support.bounced_process import BUILD, report
from support.changes_case import CONFIG, Case, subjects
from support.postfix_process import wait_until


class Fetch(Case):
    def pages(self, api, path):
        """Until there is nothing, by the links."""
        while True:
            page = api.ask("GET", path)
            self.assertEqual(page.status, 200)
            path = re.fullmatch(r'<(.*)>; rel="next"', page.headers["Link"])[1]
            self.assertIn(f"after={page.json['next']}", path)
            if not page.json["items"]:
                return
            yield page.json["items"]

    def test_pages(self):
        """All that is kept, in its order, each once."""
        self.start()
        api = self.api()
        every = self.fill(2500)
        pages = list(self.pages(api, "/v1/changes?limit=700"))
        self.assertEqual(subjects(sum(pages, [])), every)
        self.assertEqual([len(page) for page in pages], [700, 700, 700, 400])
        ids = [item["id"] for item in sum(pages, [])]
        self.assertEqual(len(set(ids)), len(ids))
        self.assertEqual([item["id"] for item in sum(self.pages(api, "/v1/changes?limit=1000"), [])], ids)
        self.assertEqual(api.ask("GET", "/v1/changes?after=now").json["items"], [])

    def test_filters(self):
        """Also those that are far behind much that is not wanted."""
        self.start()
        api = self.api()
        self.fill(3000)
        self.bounced.bouncectl("remove", "user00007@example.org", "--note", "asked")
        message = os.path.join(self.bounced.folder, "report.eml")
        with open(message, "wb") as file:
            file.write(report(1))
        self.bounced.bouncectl("ingest", message)
        for query, types in (("types=suppression.removed", {"suppression.removed"}), ("types=report", {"report.bounce"}),
                             ("reasons=user_unknown", {"report.bounce"}), ("verdicts=hard&types=report", {"report.bounce"})):
            items = api.ask("GET", f"/v1/changes?{query}").json["items"]
            self.assertEqual({item["type"] for item in items}, types, query)
        self.assertEqual(api.ask("GET", "/v1/changes?types=report.feedback").json["items"], [])
        for query in ("types=", "types=report.bounces", "reasons=x", "verdicts=x", "streams=", "limit=0", "limit=1001",
                      "wait=-1", "wait=61", "wait=x", "after=", "after=AAAA", "after=Now"):
            self.assertEqual(api.ask("GET", f"/v1/changes?{query}").problem, "bad-request", query)

    def test_gone(self):
        """A cursor of a database that is another now."""
        self.start("[policy]\n")
        api = self.api()
        backup = os.path.join(self.bounced.folder, "backup.db")
        self.fill(3)
        self.bounced.bouncectl("backup", backup)
        cursor = api.ask("GET", "/v1/changes?after=now").json["next"]
        self.fill(5)
        with self.curl(f"/v1/changes/stream?after={cursor}") as stream:
            next(Events(stream.stdout))
            self.bounced.terminate()
            os.remove(os.path.join(self.bounced.folder, "bounced.db"))
            self.bounced.bouncectl("restore", backup)
            self.assertEqual(stream.wait(), 0)
        self.bounced.start()
        self.port = self.bounced.find_port("api")
        for path in (f"/v1/changes?after={cursor}", f"/v1/changes/stream?after={cursor}"):
            self.assertEqual(self.api().ask("GET", path).problem, "cursor-expired", path)


class Wait(Case):
    def test_news(self):
        """All who wait are told, whoever writes; each only what it wants."""
        self.start()
        waiting = [self.curl("/v1/changes?after=now&wait=60") for _ in range(8)]
        removals = self.curl("/v1/changes?after=now&wait=60&types=suppression.removed")
        wait_until(lambda: self.waits() == 9, lambda: str(self.waits()))
        self.bounced.bouncectl("add", "anna@example.org")
        for process in waiting:
            page = json.load(process.stdout)
            self.assertEqual(subjects(page["items"]), ["anna@example.org"])
        self.assertIsNone(removals.poll())
        self.assertEqual(self.api().ask("DELETE", "/v1/suppressions/anna%40example.org").status, 204)
        self.assertEqual(json.load(removals.stdout)["items"][0]["type"], "suppression.removed")
        self.assertEqual(self.waits(), 0)

    def test_nothing(self):
        """The cursor is good for the next request."""
        self.start()
        api = self.api()
        page = api.ask("GET", "/v1/changes?after=now&wait=1").json
        self.assertEqual(page["items"], [])
        self.bounced.bouncectl("add", "anna@example.org")
        self.assertEqual(subjects(api.ask("GET", f"/v1/changes?wait=60&after={page['next']}").json["items"]), ["anna@example.org"])

    def waits(self):
        with Api(self.port) as api:
            return int(re.search(rb"^bounced_http_waiting (\d+)$", api.ask("GET", "/metrics").body, re.M)[1])


class Stream(Case):
    def test_life(self):
        """From the beginning, and on; a client that comes again misses nothing, and hears nothing twice."""
        self.start()
        every = self.fill(1200)
        first = Events(self.curl("/v1/changes/stream").stdout)
        told = first.take(700)
        self.assertEqual(subjects(event[2] for event in told), every[:700])
        self.assertEqual({event[1] for event in told}, {"suppression.added"})
        again = self.curl("/v1/changes/stream?after=now", "--header", f"Last-Event-ID: {told[-1][0]}")
        self.assertEqual(subjects(event[2] for event in Events(again.stdout).take(500)), every[700:])
        live = Events(self.curl("/v1/changes/stream?after=now&types=suppression.removed").stdout)
        cursor = next(iter([event for event in (next(live), next(live)) if event[0]]))[0]
        for address in every[:3]:
            self.bounced.bouncectl("remove", address, "--note", "asked")
        self.assertEqual(subjects(event[2] for event in live.take(3)), every[:3])
        page = self.api().ask("GET", f"/v1/changes?after={cursor}").json
        self.assertEqual(subjects(page["items"]), every[:3])

    def test_silence(self):
        """A sign of life comes, with the cursor of what was not wanted, and the connection stays."""
        self.start()
        events = Events(self.curl("/v1/changes/stream?after=now&types=report").stdout)
        begun = [next(events), next(events)][1][0]
        self.bounced.bouncectl("add", "anna@example.org")
        self.assertEqual(next(events), (None, None, None))
        moved = next(events)[0]
        self.assertNotEqual(moved, begun)
        self.assertEqual(self.api().ask("GET", f"/v1/changes?after={moved}").json["items"], [])

    def test_revoked(self):
        self.start()
        process = self.curl("/v1/changes/stream?after=now", token=self.token("crm"))
        next(Events(process.stdout))
        self.bounced.bouncectl("token", "revoke", "crm")
        self.assertEqual(process.wait(), 0)

    def test_stop(self):
        """Those who wait are answered, and streams have their end."""
        self.start()
        stream, page = self.curl("/v1/changes/stream?after=now"), self.curl("/v1/changes?after=now&wait=60")
        wait_until(lambda: b"bounced_http_waiting 1\n" in self.api().ask("GET", "/metrics").body, lambda: "a request that waits")
        next(Events(stream.stdout))
        self.assertEqual(self.bounced.terminate(), 0)
        self.assertEqual((stream.wait(), page.wait()), (0, 0), stream.stderr.read() + page.stderr.read())
        self.assertEqual(json.load(page.stdout)["items"], [])


class Tenants(Case):
    def test_own(self):
        self.start()
        for address, options in (("own@example.org", ("--tenant", "shop")), ("stream@example.org", ("--stream", "news")),
                                 ("bank@example.org", ("--tenant", "bank")), ("alerts@example.org", ("--stream", "alerts")),
                                 ("all@example.org", ())):
            self.bounced.bouncectl("add", address, *options, "--note", "a secret")
        shop = self.token("shop", "--tenant", "shop")
        items = self.api(shop).ask("GET", "/v1/changes").json["items"]
        self.assertEqual(subjects(items), ["own@example.org", "stream@example.org"])
        events = Events(self.curl("/v1/changes/stream", token=shop).stdout)
        self.assertEqual(subjects(event[2] for event in events.take(2)), ["own@example.org", "stream@example.org"])
        self.bounced.bouncectl("add", "later@example.org", "--tenant", "bank")
        self.bounced.bouncectl("add", "last@example.org", "--stream", "news")
        self.assertEqual(subjects(event[2] for event in events.take(1)), ["last@example.org"])
        for query in ("streams=alerts", "streams=news,alerts", "tenants=bank", "tenants=shop,bank", "streams=unknown"):
            for path in ("/v1/changes", "/v1/changes/stream"):
                self.assertEqual(self.api(shop).ask("GET", f"{path}?{query}").problem, "forbidden", query)
        self.assertEqual(subjects(self.api(shop).ask("GET", "/v1/changes?streams=news&tenants=shop").json["items"])[0],
                         "own@example.org")

    def test_moved(self):
        """A stream that goes to another tenant is told to that one from then on."""
        self.start()
        events = Events(self.curl("/v1/changes/stream?after=now", token=self.token("bank", "--tenant", "bank")).stdout)
        next(events)
        text = CONFIG.format(folder=self.bounced.folder, more="").replace("tenant = shop", "tenant = bank")
        self.bounced.write_config(text)
        self.bounced.bouncectl("reload")
        self.bounced.bouncectl("add", "anna@example.org", "--stream", "news")
        self.assertEqual(subjects(event[2] for event in events.take(1)), ["anna@example.org"])


class Whole(Case):
    """A list that is of one moment, and what changed since, are the list."""

    def test_killed(self):
        self.start()
        replica, cursor = self.export()
        writer = subprocess.Popen([os.path.join(os.path.dirname(__file__), "support", "list_writer.py"),
                                   os.path.join(BUILD, "bouncectl"), self.bounced.config], stdin=subprocess.PIPE)
        self.addCleanup(writer.wait)
        self.addCleanup(writer.kill)
        self.addCleanup(writer.stdin.close)
        again, from_there = self.export()
        for step in range(4):
            cursor = self.follow(replica, cursor, 40)
            from_there = self.follow(again, from_there, 40)
            self.bounced.process.send_signal(signal.SIGKILL)
            self.bounced.process.wait()
            self.bounced.bouncectl("add", f"down{step}@example.org")  # as does the writer
            self.bounced.start()
            self.port = self.bounced.find_port("api")
        writer.stdin.close()
        self.assertEqual(writer.wait(), 0)
        self.follow(replica, cursor)
        self.follow(again, from_there)
        now = self.export()[0]
        self.assertGreater(len(now), 20)
        self.assertEqual((replica, again), (now, now))

    def export(self):
        path = os.path.join(self.bounced.folder, "cursor")
        lines = self.bounced.bouncectl("export", "--json", "--all-scopes", "--cursor", path).splitlines()
        entries = [json.loads(line) for line in lines]
        with open(path, encoding="ascii") as file:
            return {(entry["recipient"], entry["scope"]): entry.get("note") for entry in entries}, file.read().strip()

    def follow(self, replica, cursor, least=None):
        """Applies what came behind the cursor: so many changes at least, or all there are. As a program does: it tries
        again when it is told to, and keeps the cursor of what it has applied."""
        done = 0
        while least is None or done < least:
            with Api(self.port, self.secret) as api:
                wait = 0 if least is None else 10
                page = api.ask("GET", f"/v1/changes?types=suppression&limit=7&wait={wait}&after={cursor}").json
            for item in page["items"]:
                key = (item["data"]["recipient"], item["data"]["scope"])
                if item["type"] == "suppression.removed":
                    replica.pop(key, None)
                else:
                    replica[key] = item["data"].get("note")
            cursor = page["next"]
            done += len(page["items"])
            if least is None and not page["items"]:
                break
        return cursor


if __name__ == "__main__":
    unittest.main(verbosity=2)
