"""Postfix, Exim and Sendmail hand in what comes back, and what others sent through them: a DSN that the MTA made
itself is authenticated and suppresses; what is forged through it is not and does not, whatever it says of itself."""

import json
import os
import re
import signal
import socket
import sys
import unittest

from support import exim_process, postfix_process, sendmail_process
from support.bounced_process import Bounced
from support.exim_process import Exim
from support.postfix_process import Postfix, find_port, wait_until
from support.sendmail_process import Sendmail

CONFIG = """
[store]
path = {folder}/bounced.db
[server]
hostname = mx.example.com
[listen tcp]
protocol = smtp
address = 127.0.0.1:0
own-mta = mta.example.net
[listen unix]
protocol = lmtp
address = unix:{folder}/lmtp
own-mta = mta.example.net
[return-path plain]
domain = plain.example.com
unproven = count
[return-path verp]
domain = verp.example.com
scheme = verp
unproven = count
"""

NO_EXIM = exim_process.find_problem()
NO_SENDMAIL = sendmail_process.find_problem()

PLAIN = "news@plain.example.com"
LOST = "news+lost=dest.example@verp.example.com"
VICTIM = "news+victim=good.example@verp.example.com"

# Reports of somebody who has never seen mail of ours; {victim} is another one in each.
FORGED = """From: Mail Delivery System <MAILER-DAEMON@mta.example.net>
To: news@plain.example.com
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

Your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mta.example.net

Final-Recipient: rfc822; {victim}@good.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b--
"""

DATE = "Sat, 28 Nov 2026 17:30:47 +0000"
# Received fields of the three on their own messages.
TRACES = (
    f"Received: by mta.example.net (Postfix)\n\tid 4D3C22A1; {DATE} (UTC)\n",
    f"Received: from Debian-exim by mta.example.net with local (Exim 4.96)\n\tid 1xXMG7-00018e-1t;\n\t{DATE}\n",
    "Received: from localhost (localhost)\n\tby mta.example.net (8.17.1.9/8.17.1.9/Debian-2+deb12u2) id 6ASHcqTo004816;"
    f"\n\t{DATE}\n",
)
HELLO = "localhost"
# The argument of EHLO, and what stands before the forged message.
CLIENTS = [
    ("evil.example", ""),
    *((HELLO, trace) for trace in TRACES),
    ("mta.example.net", ""),
    ("[127.0.0.1]", ""),
    ("by", ""),
    ("Debian-exim", ""),
    ("localhost(localhost)", ""),
    (f"localhost (localhost) by mta.example.net (8.17.1) id x; {DATE}", ""),
    ("by mta.example.net (Postfix) id x;", ""),
    (HELLO, "Received: from localhost (localhost)\n"),
    (HELLO, "Received:\n by mta.example.net (Postfix)\n id x; " + DATE + "\n"),
    (HELLO, "Received: by mta.example.net (Postfix) (" + "a comment " * 90 + ") id x; " + DATE + "\n"),
    (HELLO, "Received : by mta.example.net (Postfix) id x; " + DATE + "\n"),
    (HELLO, "Return-Path: <>\n" + TRACES[0]),
    (HELLO, "Resent-From: a@good.example\n" + TRACES[2]),
    (HELLO, "X-Long: " + " x" * 400 + "\n" + TRACES[1]),
    (HELLO, " by mta.example.net (Postfix) id x; " + DATE + "\n"),
    (HELLO, "\n"),
    (HELLO, "From a@good.example Sat Nov 28 17:25:52 2026\n" + TRACES[0]),
    (HELLO, "not a field\n" + TRACES[0]),
]


class Client:
    """Speaks SMTP, and sends what it wants to; the MTA may refuse."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.file = self.socket.makefile("rwb")
        self.reply()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def reply(self):
        line = self.file.readline()
        while line[3:4] == b"-":
            line = self.file.readline()
        return line.decode()

    def ask(self, text):
        self.file.write(text.encode() + b"\r\n")
        self.file.flush()
        return self.reply()

    def send(self, hello, sender, recipient, text):
        """The reply that the message got, or the one that ended it before."""
        if not self.ask(f"EHLO {hello}").startswith("250"):
            self.ask("HELO a.example")
        for command in (f"MAIL FROM:<{sender}>", f"RCPT TO:{recipient}", "DATA"):
            reply = self.ask(command)
            if reply[:1] not in "23":
                return reply
        return self.ask(text.replace("\n", "\r\n") + ".")


class OwnPostfix(Postfix):
    """With a port that takes mail for everybody, and an address that it forwards, as local(8) does: in a message of its
    own."""

    main = Postfix.main + """
mydestination = local.example
alias_maps = inline:{{ robot=news@plain.example.com }}
alias_database =
"""

    def write_config(self, port):
        self.smtp_port = find_port()
        self.master = Postfix.master + (f"127.0.0.1:{self.smtp_port} inet n - n - - smtpd\n"
                                        "    -o smtpd_reject_unlisted_recipient=no\n"
                                        "local unix - n n - - local\n")
        super().write_config(port)

    def submit(self, sender, recipients, text, user="root"):
        """Other users cannot use a queue that is not the machine's."""
        sent = self.run("sendmail", "-i", "-f", sender, "--", *recipients, text=text)
        if sent.returncode != 0:
            raise AssertionError(f"sendmail: {sent.stdout}")


class OwnMta(unittest.TestCase):
    """Each test has a bounced and an MTA of a kind; `port` is where the MTA takes mail."""

    def start(self, bounced):
        os.chmod(bounced.folder, 0o755)
        bounced.write_config(CONFIG.format(folder=bounced.folder))
        bounced.launch()
        bounced.wait_for_state("READY=1")
        self.bounced = bounced
        self.seen = 0
        self.forged = 0
        return int(re.search(r"listener=tcp \S+ address=127\.0\.0\.1:(\d+)", bounced.read_log()).group(1))

    def wait(self, n):
        """The next `n` events."""
        wait_until(lambda: len(self.events()) >= self.seen + n,
                   lambda: f"{n} events; there are {self.events()[self.seen:]}; the MTA: {self.mta.read_log()[-5000:]}")
        events = self.events()[self.seen:]
        self.seen += n
        self.assertEqual(len(events), n)
        return events

    def events(self):
        return [json.loads(line) for line in self.bounced.bouncectl("events", "--json").splitlines()]

    def forge(self):
        """Another one each time: what is the same counts once."""
        self.forged += 1
        return FORGED.format(victim=f"victim{self.forged}")

    def send(self, port, sender, recipient, text):
        with Client(port) as client:
            self.assertRegex(client.send("app.example", sender, recipient, text), "^250")

    def check_all(self, port):
        """The failures of mail that was sent are believed, and nothing else is."""
        text = "From: news@plain.example.com\nTo: {to}\nSubject: Hello\nMessage-ID: <{to}>\n\nHello\n"
        self.mta.submit(PLAIN, ["gone@dest.example"], text.format(to="gone@dest.example"))
        self.mta.submit(LOST, ["lost@dest.example"], text.format(to="lost@dest.example"))
        self.send(port, PLAIN, "<left@dest.example>", text.format(to="left@dest.example"))
        events = self.wait(3)
        self.assertEqual(sorted((event["recipient"], event["evidence"], event["verdict"]) for event in events),
                         [(f"{name}@dest.example", "authenticated", "hard") for name in ("gone", "left", "lost")])
        self.check_others(port, text)
        self.assertEqual(sorted(self.bounced.bouncectl("export", "--format", "text").split()),
                         ["fred@dest.example", "gone@dest.example", "left@dest.example", "lost@dest.example"])

    def check_others(self, port, text):
        taken = 0
        for hello, before in CLIENTS:
            with Client(port) as client:
                taken += client.send(hello, "", f"<{PLAIN}>", before + self.forge()).startswith("250")
        self.assertGreater(taken, len(CLIENTS) // 2)
        self.check_unproven(taken)
        for user in ("root", "nobody"):
            for trace in ("", *TRACES):
                self.mta.submit("<>", [PLAIN], trace + self.forge(), user)
        self.check_unproven(2 * (1 + len(TRACES)))
        self.check_named(port, text)

    def check_named(self, port, text):
        """An address that a client names beside the one that fails, in ORCPT, in our return path or in the message, is the
        client's word, not the MTA's."""
        self.send(port, PLAIN, "<fred@dest.example> ORCPT=rfc822;victim@good.example NOTIFY=FAILURE",
                  text.format(to="fred@dest.example"))
        self.send(port, VICTIM, "<fred@dest.example>", text.format(to="victim@good.example"))
        self.send(port, VICTIM, "<fred@dest.example>", text.format(to="fred@dest.example"))
        events = [(event["recipient"], event["evidence"]) for event in self.wait(3)]
        self.assertEqual(sorted(events), [("fred@dest.example", "authenticated"), ("victim@good.example", "unproven"),
                                          ("victim@good.example", "unproven")])

    def check_unproven(self, n):
        events = self.wait(n)
        self.assertEqual({event["evidence"] for event in events}, {"unproven"}, events)
        return events

    def run_postfix(self, transport):
        with OwnPostfix(transport) as self.mta:
            self.check_all(self.mta.smtp_port)
            self.send(self.mta.smtp_port, "", "<robot@local.example>", self.forge())
            self.check_unproven(1)

    def run_other(self, mta):
        """dest.example is a Postfix's, which also sends a DSN of its own through the MTA."""
        self.mta = mta
        with Postfix(f"smtp:[127.0.0.1]:{mta.port}") as theirs:
            mta.theirs = theirs.port
            with mta:
                self.check_all(mta.port)
                theirs.send(PLAIN, ["far@dest.example"])
                self.assertEqual([event["recipient"] for event in self.check_unproven(1)], ["far@dest.example"])

    def test_postfix_by_smtp(self):
        with Bounced() as bounced:
            self.run_postfix(f"smtp:[127.0.0.1]:{self.start(bounced)}")

    def test_postfix_by_lmtp(self):
        with Bounced() as bounced:
            self.start(bounced)
            self.run_postfix(f"lmtp:unix:{bounced.lmtp}")

    @unittest.skipIf(NO_EXIM, NO_EXIM)
    def test_exim_by_smtp(self):
        with Bounced() as bounced:
            self.run_other(Exim("smtp", self.start(bounced)))

    @unittest.skipIf(NO_EXIM, NO_EXIM)
    def test_exim_by_lmtp(self):
        with Bounced() as bounced:
            self.start(bounced)
            self.run_other(Exim("lmtp", bounced.lmtp))

    @unittest.skipIf(NO_SENDMAIL, NO_SENDMAIL)
    def test_sendmail_by_smtp(self):
        with Bounced() as bounced:
            self.run_other(Sendmail("smtp", self.start(bounced)))

    @unittest.skipIf(NO_SENDMAIL, NO_SENDMAIL)
    def test_sendmail_by_lmtp(self):
        with Bounced() as bounced:
            self.start(bounced)
            self.run_other(Sendmail("lmtp", bounced.lmtp))


def main():
    """Exits with 77 when a test was left out, unless one failed."""
    problem = postfix_process.find_problem()
    if problem is not None:
        print(f"skipped: {problem}")
        sys.exit(77)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an end that cleans up
    ended = unittest.main(exit=False).result
    if not ended.wasSuccessful():
        sys.exit(1)
    for _, reason in ended.skipped:
        print(f"skipped: {reason}")
    sys.exit(77 if ended.skipped else 0)


if __name__ == "__main__":
    main()
