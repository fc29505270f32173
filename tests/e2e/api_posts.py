"""Programs tell the API what they learned, hand in reports, and say what went through: it counts once, however often it
comes; what is no good is refused, and the rest is not lost; a tenant speaks for itself."""

import itertools
import json
import smtplib
import unittest
from urllib.parse import quote

from support.bounced_process import report
from support.posting import MAIL, NDJSON, Case, event


class Events(Case):
    def test_alone(self):
        """As another report of the same would be: judged, proven by the token, suppressed."""
        self.start()
        answer = self.post(event("anna", host="mx.example.org.", stream="sales", message_id="1@us.example.com",
                                 time="2026-01-02T03:04:05+01:00")).json
        [row] = self.stored()
        self.assertEqual([item["digest"] for item in answer["items"]], [row["digest"]])
        for name, value in {"kind": "bounce", "action": "failed", "recipient": "anna@example.org", "reason": "user_unknown",
                            "verdict": "hard", "evidence": "authenticated", "proof": "said by mta", "source": "api",
                            "status": "5.1.1", "reply": 550, "remote_mta": "mx.example.org", "stream": "sales",
                            "message_id": "<1@us.example.com>", "occurred": "2026-01-02T02:04:05Z",
                            "effect": "suppressed", "dialect": "observation"}.items():
            self.assertEqual(row.get(name), value, name)
        self.assertTrue(self.suppressed("anna@example.org"))
        self.assertIn("said by mta", self.bounced.bouncectl("explain", "anna@example.org"))
        log = self.bounced.read_log()
        self.assertRegex(log, r"event=message digest=\S+ peer=127\.0\.0\.1 listener=api token=mta .*outcome=stored")

    def test_kinds(self):
        self.start()
        cases = (({"reply": 550}, "bounce", "failed"), ({"reply": 450}, "delay", "delayed"),
                 ({"status": "5.1.1"}, "bounce", "failed"), ({"status": "4.2.2"}, "delay", "delayed"),
                 ({"reply": 250}, "delivered", "delivered"), ({"diagnostic": "host said: 550 no such user"}, "bounce", "failed"),
                 ({"diagnostic": "451 4.7.1 greylisted"}, "delay", "delayed"), ({"action": "failed"}, "bounce", "failed"),
                 ({"reply": 450, "action": "failed"}, "bounce", "failed"), ({"action": "relayed"}, "delivered", "relayed"),
                 ({"diagnostic": "550-5.1.1 no such\r\n550 5.1.1 user", "reply": 550}, "bounce", "failed"))
        self.post([{"recipient": f"{number}@example.org", **members} for number, (members, _, _) in enumerate(cases)])
        rows = {row["recipient"]: row for row in self.stored()}
        for number, (members, kind, action) in enumerate(cases):
            row = rows[f"{number}@example.org"]
            self.assertEqual((row["kind"], row["action"]), (kind, action), members)

    def test_once(self):
        """By the id, by the request's key, by what it says; the answer is the same."""
        self.start()
        one = event(id="a-1")
        first, again = self.post(one), self.post(one)
        self.assertEqual(first.body, again.body)
        batch = [event(), event(), event(id="a-2")]
        first = self.post(batch, Idempotency_Key="k")
        self.assertEqual(first.body, self.post(batch, Idempotency_Key="k").body)
        timed = event(time="2026-01-01T00:00:00Z")
        self.assertEqual(self.post(timed).body, self.post(timed).body)
        self.assertEqual(len(self.stored()), 5)
        same = [event("twin", time="2026-01-01T00:00:00Z")] * 2
        items = self.post(same).json["items"]
        self.assertEqual(items[0], items[1])
        self.assertEqual(len(self.stored()), 6)

    def test_apart(self):
        """Names are those of one token; a request's key and an id are not the same."""
        self.start()
        other = self.token("other")
        one = event(id="k")
        self.post(one)
        self.post(one, api=other)
        self.post(event(), Idempotency_Key="k")
        self.post(event(), Idempotency_Key="0 k")
        self.assertEqual(len(self.stored()), 4)

    def test_conflict(self):
        """Another event of the same name is not taken for it, and does not get lost in silence."""
        self.start()
        self.post(event("anna", id="7"))
        self.assertEqual(self.post(event("ben", id="7"), 409).problem, "conflict")
        items = self.post([event("carl"), event("dora", id="7"), event("emil")]).json["items"]
        self.assertEqual([item.get("problem") for item in items], [None, "/problems/conflict", None])
        self.post([event("fay"), event("gus")], Idempotency_Key="x")
        self.assertEqual(self.post([event("gus"), event("fay")], Idempotency_Key="x").json["refused"], 2)
        self.assertEqual(self.post([event("hal", id="8"), event("ida", id="8")]).json["refused"], 1)
        self.assertEqual(len(self.stored()), 6)

    def test_same_failure(self):
        """A report by mail of the same failure counts no second time, whichever comes first."""
        self.start()
        for number, first in ((1, "event"), (2, "mail")):
            told = {**event(f"user{number}"), "message_id": f"<{number}@us.example.com>"}
            mail = report(number).replace(b"\r\n\r\n--b--", b"\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
                                          b"Message-ID: <%d@us.example.com>\r\n\r\n--b--" % number)
            for step in (first, "mail" if first == "event" else "event"):
                if step == "event":
                    self.post(told)
                else:
                    self.post(mail, path="/v1/messages?mail_from=&rcpt_to=x%40news.example.com", **MAIL)
            effects = [row["effect"] for row in self.stored("--recipient", f"user{number}@example.org")]
            self.assertEqual(effects, ["suppressed", "repeated"], first)

    def test_poison(self):
        """An event that is no good is refused, with the reason; the others are stored."""
        self.start()
        bad = ([], "x", 1, None, {}, {"recipient": "anna"}, {"recipient": 1}, event(reply=99), event(reply=350), event(reply="550"),
               event(reply=55.5), event(status="5"), event(status=5), event(action="bounced"), event(time="yesterday"),
               event(time=1), event(stream="a\nb"), event(id="a" * 1001), event(extra=1), {"recipient": "anna@example.org"},
               {"recipient": "anna@example.org", "diagnostic": "no"}, event(stream="\u0000"), event(host=[]),
               {"recipient": "redacted@example.org", "reply": 550}, {"recipient": "x@news.example.com", "reply": 550},
               {"recipient": "a" * 70 + "@" + "b." * 200 + "org", "reply": 550})
        for lines in (False, True):
            mixed = [json.dumps(one).encode() for one in itertools.chain.from_iterable((one, event()) for one in bad)]
            body = b"\n".join(mixed) if lines else b"[" + b",".join(mixed) + b"]"
            headers = NDJSON if lines else {"Content_Type": "application/json"}
            if not lines:
                # of a list that is no JSON nothing is known
                self.assertEqual(self.post(body, 400, **headers).problem, "invalid-body")
                body = body.replace(b"\\u0000", b"\\u0001")
            answer = self.post(body, **headers).json
            self.assertEqual(answer["refused"], len(bad))
            for one, item, good in zip(bad, answer["items"][::2], answer["items"][1::2], strict=True):
                self.assertIn("problem", item, one)
                self.assertIn("digest", good)
        self.assertEqual(len(self.stored()), 2 * len(bad))
        for one in bad:
            if one is not None and "\u0000" not in str(one) and isinstance(one, dict):
                self.assertEqual(self.post(one, 400).problem.split("-")[0], "invalid", one)

    def test_bodies(self):
        self.start()
        for body, headers, status in ((b"", {}, 400), (b"{", {}, 400), (b"[}", {}, 400), (b'"x"', {}, 400), (b"\xff", {}, 400),
                                      (b'{"recipient":"a@b.org","recipient":"c@b.org"}', {}, 400),
                                      (b"[" * 100000, {}, 400), (b"reply=550", {"Content_Type": "text/plain"}, 415),
                                      (json.dumps([event()] * 1001).encode(), {}, 413), (b" " * (5 << 20), {}, 413),
                                      (b"{}\n" * 1001, NDJSON, 413), (b"[]", {}, 200), (b"\n \n", NDJSON, 200)):
            self.post(body, status, **headers)
        lines = b"\n".join((json.dumps(event()).encode(), b"", b"{", b"[]", b"\xff", json.dumps(event()).encode()))
        self.assertEqual(["digest" in item for item in self.post(lines, **NDJSON).json["items"]],
                         [True, False, False, False, True])
        self.assertEqual(self.post(event(), 400, Idempotency_Key="a" * 1001).problem, "bad-request")
        answer = self.post([event() for _ in range(1000)]).json
        self.assertEqual((len(answer["items"]), answer["refused"]), (1000, 0))
        self.assertEqual(len(self.stored()), 1002)

    def test_tenant(self):
        """It tells of its own streams, and what it tells holds for its own mail."""
        self.start()
        shop, bank = self.token("shop", "--tenant", "shop"), self.token("bank", "--tenant", "bank")
        self.assertEqual(self.post(event("anna"), 403, shop).problem, "forbidden")
        for stream in ("alerts", "unknown", "NEWS"):
            self.assertEqual(self.post(event("anna", stream=stream), 403, shop).problem, "forbidden", stream)
        items = self.post([event("ben", stream="alerts"), event("anna", stream="news")], api=shop).json["items"]
        self.assertEqual([item.get("problem") for item in items], ["/problems/forbidden", None])
        self.assertEqual([self.suppressed("anna@example.org", api) for api in (shop, bank, self.api)], [True, False, False])
        self.assertEqual(json.loads(self.bounced.bouncectl("list", "--json"))["scope"], "tenant=shop")
        # nobody's word is taken for another's
        self.post(event("carl", stream="news", message_id="<9@us>"), api=shop)
        self.post(event("carl", stream="alerts", message_id="<9@us>"), api=bank)
        self.post(event("carl", message_id="<9@us>"))
        self.assertEqual([row["effect"] for row in self.stored("--recipient", "carl@example.org")], ["suppressed"] * 3)
        self.assertTrue(self.suppressed("carl@example.org"))
        # judged again, it holds for no more
        self.bounced.bouncectl("policy", "backtest", "--since", "1d")
        self.assertNotIn("anna", self.bounced.bouncectl("policy", "backtest", "--since", "1d"))

    def test_tenant_delivered(self):
        """Its word clears what was counted for its own mail, and nothing else; it learns of nothing else."""
        self.start()
        shop = self.token("shop", "--tenant", "shop")
        full = {"reply": 552, "status": "5.2.2", "diagnostic": None}
        for step in range(2):
            for stream, api in (("news", shop), ("other", self.api)):
                self.post(event("anna", stream=stream, time=f"2026-01-0{step + 1}", **full), api=api)
        body = {"addresses": ["anna@example.org", "ben@example.org"], "stream": "news"}
        self.post(event("ben", stream="other", **full))
        for stream in ("alerts", None):
            self.assertEqual(self.post({**body, "stream": stream}, 403, shop, "/v1/delivered").problem, "forbidden")
        items = self.post(body, api=shop, path="/v1/delivered").json["items"]
        self.assertEqual([item["recorded"] for item in items], [True, False])
        counting = json.loads(self.bounced.bouncectl("explain", "--json", "anna@example.org"))["counting"]
        self.assertEqual([row["scope"] for row in counting], ["all"])
        self.post(event("anna", stream="news", action="delivered", reply=None, status=None, diagnostic=None), api=shop)
        counting = json.loads(self.bounced.bouncectl("explain", "--json", "anna@example.org"))["counting"]
        self.assertEqual([row["scope"] for row in counting], ["all"])
        self.post(body, path="/v1/delivered")
        self.assertEqual(json.loads(self.bounced.bouncectl("explain", "--json", "anna@example.org"))["counting"], [])


class Messages(Case):
    def path(self, sender="", recipient="x@news.example.com"):
        return f"/v1/messages?mail_from={quote(sender)}&rcpt_to={quote(recipient)}"

    def test_message(self):
        self.start()
        first = self.post(report(1), path=self.path(), **MAIL)
        self.assertEqual(first.json["events"], {"bounce": 1})
        self.assertEqual(self.post(report(1), path=self.path(), **MAIL).body, first.body)
        [row] = self.stored()
        for name, value in {"digest": first.json["digest"], "source": "api", "stream": "news", "evidence": "unproven",
                            "effect": "suppressed", "recipient": "user1@example.org"}.items():
            self.assertEqual(row.get(name), value, name)
        other = self.post(b"Subject: hello\n\nhello\n", path=self.path("MAILER-DAEMON"), **MAIL).json
        self.assertEqual(other["events"], {"other": 1})
        # where it came to decides what it may do, as by SMTP
        self.post(report(2), path=self.path(recipient="x@alerts.example.com"), **MAIL)
        self.post(report(3), path="/v1/messages", Content_Type="application/octet-stream")
        effects = {row.get("recipient"): row["effect"] for row in self.stored("--kind", "bounce")}
        self.assertEqual(effects, {"user1@example.org": "suppressed", "user2@example.org": "unproven",
                                   "user3@example.org": "unproven"})

    def test_by_smtp(self):
        """The same mail by SMTP is the same message."""
        self.start()
        with smtplib.SMTP("127.0.0.1", self.bounced.port) as client:
            client.sendmail("", "x@news.example.com", report(1))
        self.post(report(1), path=self.path(), **MAIL)
        self.assertEqual(len(self.stored()), 1)

    def test_refused(self):
        self.start()
        for path, body, status, problem in (
                (self.path(recipient="x@example.org"), report(1), 400, "invalid-address"),
                (self.path(recipient="x"), report(1), 400, "invalid-address"),
                (self.path(recipient="x" * 400 + "@news.example.com"), report(1), 400, "invalid-address"),
                (self.path(sender="a b"), report(1), 400, "invalid-address"),
                (self.path(sender="<>"), report(1), 400, "invalid-address"),
                (self.path(sender="a\nb"), report(1), 400, "bad-request"),
                (self.path(), b"", 400, "invalid-body"),
                (self.path(), b"x" * 65537, 413, "too-large")):
            self.assertEqual(self.post(body, status, path=path, **MAIL).problem, problem, path)
        answer = self.post(report(1), 415, path=self.path(), Content_Type="application/x-www-form-urlencoded")
        self.assertEqual(answer.problem, "unsupported-type")
        self.assertEqual(self.stored(), [])

    def test_tenant(self):
        self.start()
        shop = self.token("shop", "--tenant", "shop")
        self.post(report(1), api=shop, path=self.path(), **MAIL)
        self.assertEqual(json.loads(self.bounced.bouncectl("list", "--json"))["scope"], "tenant=shop")
        for path in (self.path(recipient="x@alerts.example.com"), self.path(recipient="x@bounces.example.com"), "/v1/messages"):
            self.assertEqual(self.post(report(2), 403, shop, path, **MAIL).problem, "forbidden", path)


class Delivered(Case):
    def test_delivered(self):
        """As bouncectl delivered: what was counted counts no more; who has nothing leaves no trace."""
        self.start()
        full = {"recipient": "anna@example.org", "reply": 552, "status": "5.2.2"}
        self.post([{**full, "time": "2026-01-01T00:00:00Z"}])
        asked = {"addresses": ["anna@example.org", "ben@example.org", "none", "ANNA@example.org"], "stream": "news"}
        early = self.post({**asked, "time": "2025-12-31T00:00:00Z"}, path="/v1/delivered").json["items"]
        self.assertEqual([item["recorded"] for item in early], [False] * 4)
        items = self.post(asked, path="/v1/delivered").json["items"]
        self.assertEqual([item["recorded"] for item in items], [True, False, False, False])
        self.assertEqual(["problem" in item for item in items], [False, False, True, False])
        self.assertEqual([row["effect"] for row in self.stored()], ["counted", "cleared"])
        self.assertEqual(self.stored()[1]["proof"], "said by mta")
        again = self.post(asked, path="/v1/delivered").json["items"]
        self.assertEqual([item["recorded"] for item in again], [False] * 4)

    def test_refused(self):
        self.start()
        for body, status, problem in (({}, 400, "invalid-body"), ({"addresses": "x"}, 400, "invalid-body"),
                                      ({"addresses": [1]}, 400, "invalid-body"), ({"addresses": [], "x": 1}, 400, "invalid-body"),
                                      ({"addresses": [], "time": "x"}, 400, "invalid-body"),
                                      ({"addresses": ["a@b.org"] * 1001}, 413, "too-large"), (b"x" * (5 << 20), 413, "too-large")):
            self.assertEqual(self.post(body, status, path="/v1/delivered").problem, problem, str(body)[:50])
        self.assertEqual(self.post({"addresses": []}, path="/v1/delivered").json, {"items": []})


if __name__ == "__main__":
    unittest.main(verbosity=2)
