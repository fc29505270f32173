"""Mail is sent by a real Postfix and comes back as its reports, by SMTP, by LMTP over TCP and by LMTP over a UNIX
socket: in the end the list holds those who failed, and nobody else."""

import json
import os
import re
import signal
import subprocess
import sys
import unittest

from support.bounced_process import BUILD, HEAD, Bounced
from support.postfix_process import Postfix, find_problem, wait_until

CONFIG = HEAD + """
[listen tcp]
protocol = lmtp
address = 127.0.0.1:0
[listen unix]
protocol = lmtp
address = unix:{folder}/lmtp
[return-path plain]
domain = plain.example.com
unproven = suppress
[return-path verp]
domain = verp.example.com
scheme = verp
unproven = suppress
[return-path signed]
domain = signed.example.com
scheme = signed
key-file = {folder}/keys
stream = receipts
"""

# The mail that is submitted: sender, recipients, options of sendmail(1).
MESSAGES = [
    ("news@plain.example.com", ["anna@dest.example", "gone@dest.example", "ben@dest.example"], []),
    ("news@verp.example.com", ["anna@dest.example", "left@dest.example", "zoe@slow.example"], ["-XV"]),
    ("news@verp.example.com", ["ben@dest.example"], ["-XV", "-N", "success"]),
]
SIGNED = "lost@dest.example"  # its sender is what `bouncectl return-path` makes

# The events that come of it: kind, recipient, recipient_from, verdict, reason, action, status, evidence. Postfix uses
# the VERP form for failures alone (VERP_README).
EVENTS = [
    ("bounce", "gone@dest.example", "original_recipient", "hard", "user_unknown", "failed", "5.1.1", "unproven"),
    ("bounce", "left@dest.example", "verp", "hard", "user_unknown", "failed", "5.1.1", "unproven"),
    ("bounce", SIGNED, "signed", "hard", "user_unknown", "failed", "5.1.1", "signed"),
    ("delay", "zoe@slow.example", "original_recipient", "none", "mailbox_full", "delayed", "4.2.2", "unproven"),
    ("delivered", "ben@dest.example", "original_recipient", "none", "delivered", "relayed", "2.0.0", "unproven"),
]
FIELDS = ("kind", "recipient", "recipient_from", "verdict", "reason", "action", "status", "evidence")
LISTED = ["gone@dest.example", "left@dest.example", SIGNED]
NOT_LISTED = ["anna@dest.example", "ben@dest.example", "zoe@slow.example", "news@plain.example.com"]


def start_bounced(bounced):
    """With the listeners and return paths of CONFIG; Postfix may come to its UNIX socket."""
    os.chmod(bounced.folder, 0o755)
    bounced.write_config(CONFIG.format(folder=bounced.folder))
    with open(os.path.join(bounced.folder, "keys"), "w", encoding="utf-8") as keys:
        keys.write("a secret for this test\n")
    os.chmod(keys.name, 0o600)
    bounced.start()


def find_transports(bounced):
    """A transport(5) for each listener, and the source that its events have."""
    ports = dict(re.findall(r"listener=(\w+) \S+ address=127\.0\.0\.1:(\d+)", bounced.read_log()))
    return {
        "mx": (f"smtp:[127.0.0.1]:{ports['mx']}", "smtp"),
        "tcp": (f"lmtp:inet:127.0.0.1:{ports['tcp']}", "lmtp"),
        "unix": (f"lmtp:unix:{bounced.lmtp}", "lmtp"),
    }


def read_events(bounced):
    return [json.loads(line) for line in bounced.bouncectl("events", "--json").splitlines()]


def check(bounced, address):
    """The exit status of `bouncectl check`."""
    return subprocess.run([os.path.join(BUILD, "bouncectl"), "--config", bounced.config, "check", "--quiet", address],
                          check=False).returncode


class Reports(unittest.TestCase):
    def come_back(self, listener):
        with Bounced() as bounced:
            start_bounced(bounced)
            transport, source = find_transports(bounced)[listener]
            with Postfix(transport) as postfix:
                for message in [*MESSAGES, (bounced.bouncectl("return-path", "--stream", "receipts", SIGNED).strip(), [SIGNED], [])]:
                    postfix.send(message[0], message[1], *message[2])
                # Only the mail for slow.example stays.
                wait_until(lambda: len(read_events(bounced)) >= len(EVENTS) and len(postfix.queue()) == 1,
                           lambda: f"the reports; the events: {read_events(bounced)}; Postfix: {postfix.read_log()}")
            events = read_events(bounced)
            self.assertEqual(sorted(tuple(event.get(field) for field in FIELDS) for event in events), EVENTS)
            self.assertEqual({event["source"] for event in events}, {source})
            self.assert_list(bounced)

    def assert_list(self, bounced):
        self.assertEqual(sorted(bounced.bouncectl("export", "--format", "text").split()), sorted(LISTED))
        self.assertEqual({address: check(bounced, address) for address in LISTED}, dict.fromkeys(LISTED, 1))
        self.assertEqual({address: check(bounced, address) for address in NOT_LISTED}, dict.fromkeys(NOT_LISTED, 0))
        for address in LISTED:
            self.assertIn(f"550 5.1.1 <{address}>: Recipient address rejected", bounced.bouncectl("explain", address))

    def test_smtp(self):
        self.come_back("mx")

    def test_lmtp_over_tcp(self):
        self.come_back("tcp")

    def test_lmtp_over_a_unix_socket(self):
        self.come_back("unix")


if __name__ == "__main__":
    problem = find_problem()
    if problem is not None:
        print(f"skipped: {problem}")
        sys.exit(77)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an end that cleans up
    unittest.main()
