"""An opt-out from the newsletter stops no receipts, a complaint stops the tenant's mail, and a dead mailbox all of it: by
each way in which somebody may ask."""

import csv
import io
import json
import os
import socket
import subprocess
import unittest

from support.api_client import Api
from support.bounced_process import ASKED, BUILD, HEAD, Bounced

CONFIG = HEAD + ASKED + """
[listen api]
protocol = http
address = 127.0.0.1:0
serve = metrics api
[return-path news]
domain = news.example.com
stream = news
tenant = shop
[return-path receipts]
domain = receipts.example.com
stream = receipts
tenant = shop
[return-path alerts]
domain = alerts.example.com
stream = alerts
tenant = bank
[feedback leave]
address = leave@lists.example.com
stream = news
"""

ANNA = "anna@example.org"  # has opted out of the newsletter
BEN = "ben@example.org"  # has complained of it
ZOE = "zoe@example.org"  # has no mailbox any more

OPT_OUT = f"""From: {ANNA}
To: leave@lists.example.com
Subject: Unsubscribe
Message-ID: <1@mail.example.org>
Date: Sat, 28 Nov 2026 06:45:10 +0000

"""

COMPLAINT = f"""From: fbl@provider.example
To: leave@lists.example.com
Subject: complaint
Message-ID: <2@provider.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b

An abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Provider/1
Version: 1
Original-Rcpt-To: {BEN}
Arrival-Date: Sat, 28 Nov 2026 06:45:10 +0000

--b
Content-Type: message/rfc822

From: news@shop.example
To: {BEN}
Subject: News
Message-ID: <n1@shop.example>

--b--
"""

DEAD = f"""From: MAILER-DAEMON@mta.example.net
To: x@news.example.com
Subject: Undelivered mail
Message-ID: <3@mta.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

It failed.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mta.example.net

Final-Recipient: rfc822; {ZOE}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b--
"""

# For whom somebody asks: the options of bouncectl, and who is suppressed then.
SUPPRESSED = {
    None: {ZOE},
    "news": {ANNA, BEN, ZOE},
    "receipts": {BEN, ZOE},
    "alerts": {ZOE},
}


def options(stream):
    return ["--stream", stream] if stream else []


# --- each outlet: is an address suppressed for a stream? ----------------------------------------------------------------


def by_check(test, stream, address):
    done = test.run_it("check", *options(stream), address)
    return {0: False, 1: True}[done.returncode]


def by_explain(test, stream, address):
    told = json.loads(test.ask("explain", "--json", *options(stream), address))
    return told["suppressed"]


def by_export(form):
    def ask(test, stream, address):
        text = test.ask("export", *options(stream), "--format", form)
        return address in (line.partition(" ")[0] for line in text.splitlines())
    return ask


def by_rows(*words):
    """Of CSV and JSON the column of the address."""
    def ask(test, stream, address):
        text = test.ask(*words, *options(stream))
        rows = [json.loads(line) for line in text.splitlines()] if text.startswith("{") else csv.DictReader(io.StringIO(text))
        return address in {row["recipient"] for row in rows}
    return ask


def by_socketmap(test, stream, address):
    text = f"suppress{'/' + stream if stream else ''} {address}"
    with test.connect("socketmap") as peer:
        peer.sendall(f"{len(text)}:{text},".encode())
        return "OK 550" in peer.recv(65536).decode()


def by_policy(test, _, address):
    with test.connect("policy") as peer:
        peer.sendall(f"protocol_state=RCPT\nrecipient={address}\n\n".encode())
        return "550" in peer.recv(65536).decode()


def by_readsocket(test, _, address):
    with test.connect("readsocket") as peer:
        peer.sendall(f"check {address}\n".encode())
        return peer.recv(65536).startswith(b"suppressed")


def by_tcp_table(test, _, address):
    with socket.create_connection(("127.0.0.1", test.bounced.find_port("tcp")), 20) as peer:
        peer.sendall(f"get {address}\n".encode())
        return peer.recv(65536).startswith(b"200 ")


def by_api_entry(test, stream, address):
    answer = test.api.ask("GET", f"/v1/suppressions/{address}{f'?stream={stream}' if stream else ''}")
    return answer.status == 200 and answer.json["suppressed"]


def by_api_check(test, stream, address):
    return test.api.ask("POST", "/v1/check", {"addresses": [address], "stream": stream}).json["items"][0]["suppressed"]


def by_api_explain(test, stream, address):
    return test.api.ask("GET", f"/v1/explain/{address}{f'?stream={stream}' if stream else ''}").json["suppressed"]


# A row an outlet: its name, whether one can ask it for a stream (else it tells what holds for all mail alone), and a
# function of the test, the stream (None: for all mail) and the address that says whether it is suppressed.
OUTLETS = (
    ("bouncectl check", True, by_check),
    ("bouncectl explain", True, by_explain),
    ("export as text", True, by_export("text")),
    ("export as texthash", True, by_export("texthash")),
    ("export as CSV", True, by_rows("export")),
    ("export as JSON", True, by_rows("export", "--format", "json")),
    ("socketmap", True, by_socketmap),
    ("policy", False, by_policy),
    ("readsocket", False, by_readsocket),
    ("tcp-table", False, by_tcp_table),
    ("GET /v1/suppressions/ADDRESS", True, by_api_entry),
    ("POST /v1/check", True, by_api_check),
    ("GET /v1/explain/ADDRESS", True, by_api_explain),
)


class Scopes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bounced = Bounced()
        os.chmod(cls.bounced.folder, 0o755)
        cls.bounced.write_config(CONFIG.format(folder=cls.bounced.folder))
        for name, recipient, text in (("opt-out", "leave@lists.example.com", OPT_OUT),
                                      ("complaint", "leave@lists.example.com", COMPLAINT),
                                      ("dead", "x@news.example.com", DEAD)):
            path = os.path.join(cls.bounced.folder, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            cls.ask("ingest", "--unproven", "suppress", "--rcpt-to", recipient, path)
        cls.bounced.start()
        token = cls.ask("token", "add", "test", "--scope", "read").split()[-1]
        cls.api = Api(cls.bounced.find_port("api"), token)

    @classmethod
    def tearDownClass(cls):
        cls.api.__exit__()
        cls.bounced.__exit__(None, None, None)

    @classmethod
    def run_it(cls, *arguments):
        return subprocess.run([os.path.join(BUILD, "bouncectl"), "--config", cls.bounced.config, *arguments],
                              capture_output=True, text=True, check=False)

    @classmethod
    def ask(cls, *arguments, status=0):
        done = cls.run_it(*arguments)
        if done.returncode != status:
            raise AssertionError(f"{arguments}: {done.returncode}, {done.stdout}{done.stderr}")
        return done.stdout

    def test_check(self):
        self.assertIn("closed: stream=news", self.ask("check", ANNA))
        answer = json.loads(self.ask("check", "--json", "--tenant", "shop", BEN, status=1))
        self.assertEqual([entry["scope"] for entry in answer["entries"]], ["tenant=shop"])

    def test_export(self):
        rows = list(csv.DictReader(io.StringIO(self.ask("export", "--all-scopes"))))
        self.assertEqual({row["recipient"]: (row["scope"], row["state"]) for row in rows},
                         {ANNA: ("stream=news", "active"), BEN: ("tenant=shop", "active"), ZOE: ("all", "active")})

    def test_list_and_explain(self):
        [row] = self.ask("list", "--scope", "stream=news").splitlines()
        self.assertEqual([row.split("\t")[column] for column in (0, 1, 4, -1)], [ANNA, "unsubscribe", "news", "stream=news"])
        self.assertIn("of the stream news alone", self.ask("explain", ANNA))
        self.assertIn("of the tenant shop alone", self.ask("explain", BEN))

    def connect(self, name):
        peer = socket.socket(socket.AF_UNIX)
        peer.settimeout(20)
        peer.connect(os.path.join(self.bounced.folder, name))
        return peer

    def test_whole_domain(self):
        with self.connect("socketmap") as peer:
            for domain, listed in (("example.org", False), ("gone.example", True), ("sub.gone.example", False)):
                self.ask("add", "@gone.example")
                text = f"domain {domain}"
                peer.sendall(f"{len(text)}:{text},".encode())
                with self.subTest(domain):
                    self.assertEqual("OK 550" in peer.recv(65536).decode(), listed)
                self.ask("remove", "@gone.example", "--note", "back")

    def test_outlets(self):
        for name, by_stream, asks in OUTLETS:
            for stream, suppressed in SUPPRESSED.items() if by_stream else ((None, SUPPRESSED[None]),):
                for address in (ANNA, BEN, ZOE):
                    with self.subTest(outlet=name, stream=stream, address=address):
                        self.assertEqual(asks(self, stream, address), address in suppressed)

    def test_by_hand(self):
        """An entry of one scope goes, and the others stay."""
        self.ask("add", ANNA, "--tenant", "bank")
        self.ask("check", "--stream", "alerts", ANNA, status=1)
        self.ask("remove", ANNA, "--tenant", "bank", "--note", "a mistake")
        self.ask("check", "--stream", "alerts", ANNA)
        self.ask("check", "--stream", "news", ANNA, status=1)
        self.ask("check-store")


if __name__ == "__main__":
    unittest.main()
