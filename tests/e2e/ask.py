"""Mail servers ask whether an address is suppressed: a real Postfix by socketmap, policy and tcp_table, from the mail that
bounces to the next one that it refuses; and what callers get who are slow, greedy or broken, while the database is locked
and when it is gone."""

import os
import re
import signal
import socket
import sqlite3
import sys
import time
import unittest

from support import exim_process
from support.bounced_process import ASKED, HEAD, Bounced
from support.peer import Peer
from support.postfix_process import Postfix, find_port, find_problem, wait_until

CONFIG = HEAD + ASKED + """
[listen open]
protocol = socketmap
address = unix:{folder}/open
fail = open
[listen metrics]
protocol = http
address = 127.0.0.1:0
[listen context]
protocol = policy
address = unix:{folder}/context
stream-from = policy_context
[listen user]
protocol = policy
address = unix:{folder}/user
stream-from = sasl_username
streams = shop@example.com=receipts
[listen domain]
protocol = policy
address = unix:{folder}/domain
stream-from = sender_domain
[listen named]
protocol = readsocket
address = unix:{folder}/named
stream-from = receipts
[socketmap]
text = not again: {{reason}}
[return-path signed]
domain = bounces.example.com
scheme = signed
key-file = {folder}/keys
[return-path receipts]
domain = receipts.example.com
stream = receipts
"""

GONE = "gone@dest.example"

# Each way in which Postfix may ask, as a restriction.
RESTRICTIONS = {
    "socketmap": "check_recipient_access socketmap:unix:{folder}/socketmap:suppress",
    "stream": "check_recipient_access socketmap:unix:{folder}/socketmap:suppress/news",
    "policy": "check_policy_service unix:{folder}/policy",
    "context": "check_policy_service {{{{ unix:{folder}/context, policy_context=receipts, default_action=DUNNO }}}}",
    "tcp": "check_recipient_access tcp:127.0.0.1:{tcp}",
}


class AskingPostfix(Postfix):
    """It has a second smtpd, for those who send, that asks by `restriction`."""

    def __init__(self, transport, restriction):
        super().__init__(transport)
        self.entrance = find_port()
        self.master = Postfix.master + (
            f"127.0.0.1:{self.entrance} inet n - n - - smtpd\n"
            "    -o smtpd_reject_unlisted_recipient=no\n"
            f"    -o {{{{ smtpd_recipient_restrictions = {restriction}, permit_mynetworks, reject }}}}\n")


def start(bounced):
    os.chmod(bounced.folder, 0o755)
    with open(os.path.join(bounced.folder, "keys"), "w", encoding="utf-8") as keys:
        keys.write("a secret for this test\n")
    os.chmod(keys.name, 0o600)
    bounced.write_config(CONFIG.format(folder=bounced.folder))
    return bounced.start()


def send(postfix, sender, recipient):
    """Postfix's reply to the recipient; the mail goes out if it takes them."""
    with Peer(postfix.entrance) as peer:
        peer.line()
        peer.ask("HELO test.example")
        peer.ask(f"MAIL FROM:<{sender}>")
        reply = peer.ask(f"RCPT TO:<{recipient}>")
        if reply.startswith("250"):
            peer.ask("DATA")
            peer.ask(f"From: news@example.com\r\nTo: {recipient}\r\nSubject: News\r\n\r\nHello\r\n.")
    return reply


class Caller:
    """A client of one of the sockets."""

    def __init__(self, bounced, name):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(os.path.join(bounced.folder, name))

    def ask(self, text):
        self.socket.sendall(text.encode())
        return self.socket.recv(65536).decode()

    def rest(self):
        """All up to the end of the connection."""
        text = b""
        while piece := self.socket.recv(65536):
            text += piece
        return text.decode()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


def query(address):
    text = f"suppress {address}"
    return f"{len(text.encode())}:{text},"


class Circle(unittest.TestCase):
    """Mail goes out, fails and comes back; the next one is refused, until the address is removed."""

    def run_circle(self, way):
        with start(Bounced()) as bounced:
            restriction = RESTRICTIONS[way].format(folder=bounced.folder, tcp=bounced.find_port("tcp"))
            with AskingPostfix(f"smtp:[127.0.0.1]:{bounced.port}", restriction) as postfix:
                sender = bounced.bouncectl("return-path", GONE).strip()
                self.assertRegex(send(postfix, sender, GONE), "^250 ", postfix.read_log())
                wait_until(lambda: GONE in bounced.bouncectl("export", "--format", "text"),
                           lambda: f"the report; Postfix: {postfix.read_log()}; bounced: {bounced.read_log()}")
                self.assertRegex(send(postfix, sender, GONE), "^550 5.1.1 .*not again: user_unknown", postfix.read_log())
                self.assertRegex(send(postfix, sender, "GONE@Dest.Example"), "^550 5.1.1 ")
                self.assertRegex(send(postfix, sender, "anna@dest.example"), "^250 ")
                bounced.bouncectl("remove", GONE, "--note", "has a mailbox now")
                self.assertRegex(send(postfix, sender, GONE), "^250 ")

    def test_each_way(self):
        for way in RESTRICTIONS:
            with self.subTest(way):
                self.run_circle(way)


NO_EXIM = exim_process.find_problem()


class AskingExim(unittest.TestCase):
    @unittest.skipIf(NO_EXIM, NO_EXIM)
    def test_circle(self):
        """With the ACL that README gives, and a Postfix as the other side."""
        with open(os.path.join(os.environ["SOURCE"], "README.md"), encoding="utf-8") as readme:
            acl = re.search(r"^deny message = \$\{readsocket.*\n +condition = .*$", readme.read(), re.M).group()
        with start(Bounced()) as bounced, Postfix() as theirs:
            exim = exim_process.Exim("smtp", bounced.port)
            exim.theirs = theirs.port
            exim.acl = acl.replace("/run/bounced/ask", os.path.join(bounced.folder, "readsocket"))
            exim.entrance = exim.port
            with exim:
                sender = bounced.bouncectl("return-path", GONE).strip()
                self.assertRegex(send(exim, sender, GONE), "^250 ", exim.read_log())
                wait_until(lambda: GONE in bounced.bouncectl("export", "--format", "text"),
                           lambda: f"the report; Exim: {exim.read_log()}; bounced: {bounced.read_log()}")
                self.assertEqual(send(exim, sender, GONE), "550 suppressed: not again: user_unknown", exim.read_log())
                self.assertRegex(send(exim, sender, "anna@dest.example"), "^250 ")
                bounced.bouncectl("remove", GONE, "--note", "has a mailbox now")
                self.assertRegex(send(exim, sender, GONE), "^250 ")
                wait_until(lambda: exim.read_log().count(f" ** {GONE} ") == 2, lambda: f"it to go out again: {exim.read_log()}")


class Callers(unittest.TestCase):
    def test_answers(self):
        with start(Bounced()) as bounced:
            bounced.bouncectl("add", "anna@example.org", '"a b"@example.org', "zoe@xn--bcher-kva.example")
            with Caller(bounced, "socketmap") as caller:
                for address, listed in [("anna@example.org", True), ("ANNA@Example.ORG", True), ("ben@example.org", False),
                                        ('"a b"@example.org', True), ("zoe@bücher.example", True), ("nonsense", False)]:
                    self.assertIn("not again: by hand" if listed else "9:NOTFOUND ,", caller.ask(query(address)), address)
                self.assertIn("PERM ", caller.ask("7:other a,"))
            with Caller(bounced, "readsocket") as caller:
                caller.socket.sendall(b"check anna@example.org\n")
                caller.socket.shutdown(socket.SHUT_WR)
                self.assertEqual(caller.rest(), "suppressed: not again: by hand\n")
            with Caller(bounced, "policy") as caller:
                asked = "request=smtpd_access_policy\nprotocol_state={}\nrecipient=anna@example.org\n\n"
                self.assertEqual(caller.ask(asked.format("RCPT")), "action=550 5.1.1 not again: by hand\n\n")
                self.assertEqual(caller.ask(asked.format("DATA")), "action=DUNNO\n\n")

    def test_stream(self):
        """Entries of a stream hold where the listener can tell that the mail is of it."""
        asked = "protocol_state=RCPT\nrecipient=anna@example.org\n{}\n\n"
        with start(Bounced()) as bounced:
            bounced.bouncectl("add", "--stream", "receipts", "anna@example.org")
            for name, attribute, listed in [
                    ("context", "policy_context=receipts", True), ("context", "policy_context=", False),
                    ("context", "sasl_username=receipts", False), ("user", "sasl_username=Shop@example.com", True),
                    ("user", "sasl_username=other@example.com", False),
                    ("domain", "sender=bounces+anna=example.org@Receipts.example.com", True),
                    ("domain", "sender=a@bounces.example.com", False), ("policy", "policy_context=receipts", False)]:
                with self.subTest(name, attribute=attribute), Caller(bounced, name) as caller:
                    self.assertIn("550 5.1.1 not again" if listed else "DUNNO", caller.ask(asked.format(attribute)))
            for name, reply in [("named", "suppressed: not again: by hand\n"), ("readsocket", "not suppressed\n")]:
                with Caller(bounced, name) as caller:
                    self.assertEqual(caller.ask("check anna@example.org\n"), reply)

    def test_pipelined(self):
        """Many questions at once, of a caller that takes its replies late: each has one, in order."""
        with start(Bounced()) as bounced:
            bounced.bouncectl("add", "anna@example.org")
            with Caller(bounced, "socketmap") as caller:
                questions = (query("anna@example.org") + query("ben@example.org")).encode() * 20000
                caller.socket.setblocking(False)
                sent, replies = 0, b""
                end = time.monotonic() + 60
                wanted = b"30:OK 550 5.1.1 not again: by hand,9:NOTFOUND ,"
                while len(replies) < len(wanted) * 20000 and time.monotonic() < end:
                    try:
                        sent += caller.socket.send(questions[sent:])
                    except BlockingIOError:
                        pass
                    try:
                        replies += caller.socket.recv(1 << 20)
                    except BlockingIOError:
                        time.sleep(0.001)
                self.assertEqual(replies.replace(b"31:OK", b"30:OK"), wanted * 20000)

    def test_broken(self):
        """A caller that does not speak the protocol is closed, and holds nobody up."""
        with start(Bounced()) as bounced:
            for name, text in [("socketmap", "x"), ("socketmap", "99999:"), ("policy", "\n"), ("policy", "a" * 70000),
                               ("readsocket", "a" * 5000)]:
                with Caller(bounced, name) as caller:
                    try:
                        caller.socket.sendall(text.encode())
                        self.assertEqual(caller.rest(), "", name)
                    except ConnectionError:
                        pass
            idle = [Caller(bounced, "socketmap") for _ in range(200)]
            for caller in idle:
                caller.socket.sendall(b"25:suppr")
            with Caller(bounced, "socketmap") as caller:
                self.assertEqual(caller.ask(query("anna@example.org")), "9:NOTFOUND ,")
            for caller in idle:
                caller.socket.close()

    def test_crowd(self):
        """Callers that say nothing, or half a question, lock nobody out; the log tells of them."""
        with start(Bounced()) as bounced:
            crowd = [Caller(bounced, "socketmap") for _ in range(1000)]
            crowd[0].socket.sendall(b"25:suppr")
            self.assertEqual(crowd[-1].ask(query("anna@example.org")), "9:NOTFOUND ,")
            time.sleep(1.1)
            self.assertEqual(crowd[-1].ask(query("anna@example.org")), "9:NOTFOUND ,")
            for _ in range(10):
                with Caller(bounced, "readsocket") as caller:
                    self.assertEqual(caller.ask("check anna@example.org\n"), "not suppressed\n")
            self.assertEqual(crowd[-1].ask(query("anna@example.org")), "9:NOTFOUND ,")
            self.assertEqual(bounced.read_log().count("event=lookups-full"), 1)
            for caller in crowd:
                caller.socket.close()

    def test_long_text(self):
        """The first reply is whole, however long its text."""
        text = "x" * 380
        with Bounced() as bounced:
            start(bounced)
            bounced.bouncectl("add", "anna@example.org")
            bounced.terminate()
            with open(bounced.config, encoding="utf-8") as config:
                changed = config.read().replace("not again: {reason}", text)
            bounced.write_config(changed)
            bounced.start()
            with Caller(bounced, "socketmap") as caller:
                self.assertEqual(caller.ask(query("anna@example.org")), f"393:OK 550 5.1.1 {text},")


class Trouble(unittest.TestCase):
    def check(self, bounced):
        """The failure is told at once; where it is to be open, nobody is suppressed."""
        begin = time.monotonic()
        with Caller(bounced, "socketmap") as caller:
            self.assertIn(":TEMP ", caller.ask(query("anna@example.org")))
        with Caller(bounced, "open") as caller:
            self.assertEqual(caller.ask(query("anna@example.org")), "9:NOTFOUND ,")
        with Caller(bounced, "policy") as caller:
            caller.socket.sendall(b"protocol_state=RCPT\nrecipient=anna@example.org\n\n")
            self.assertEqual(caller.rest(), "")
        self.assertLess(time.monotonic() - begin, 10)

    def check_works(self, bounced):
        def works():
            with Caller(bounced, "socketmap") as caller:
                return "not again" in caller.ask(query("anna@example.org"))
        wait_until(works, lambda: f"an answer; bounced: {bounced.read_log()}")

    def test_locked(self):
        with start(Bounced()) as bounced:
            bounced.bouncectl("add", "anna@example.org")
            self.check_works(bounced)
            database = sqlite3.connect(os.path.join(bounced.folder, "bounced.db"), isolation_level=None)
            database.execute("BEGIN IMMEDIATE")  # who reads waits for no writer
            self.check_works(bounced)
            database.execute("ROLLBACK")
            database.close()

    def test_gone(self):
        with start(Bounced()) as bounced:
            bounced.bouncectl("add", "anna@example.org")
            self.check_works(bounced)
            path = os.path.join(bounced.folder, "bounced.db")
            for suffix in ("", "-wal", "-shm"):
                os.rename(path + suffix, path + suffix + ".away")
            self.check(bounced)
            self.assertEqual(len(re.findall("event=lookup-failed", bounced.read_log())), 1)
            for suffix in ("", "-wal", "-shm"):
                os.rename(path + suffix + ".away", path + suffix)
            self.check_works(bounced)
            self.assertIn("event=lookup-works", bounced.read_log())


class Memory(unittest.TestCase):
    """The daemon answers from memory, but never from yesterday's."""

    def test_next_question(self):
        with start(Bounced()) as bounced, Caller(bounced, "socketmap") as caller:
            bounced.bouncectl("add", "anna@example.org")
            for i in range(20):
                address = f"user{i}@example.org"
                self.assertEqual(caller.ask(query(address)), "9:NOTFOUND ,")
                bounced.bouncectl("add", address)
                self.assertIn("not again", caller.ask(query(address)))
                if i % 4 == 0:
                    bounced.bouncectl("remove", address, "--note", "a test")
                    self.assertEqual(caller.ask(query(address)), "9:NOTFOUND ,")
                if i % 5 == 0:
                    time.sleep(0.2)  # it makes itself ready meanwhile

    def test_another_file(self):
        """Another database takes the place of the one that it has read."""
        with start(Bounced()) as bounced, Caller(bounced, "socketmap") as caller:
            path = os.path.join(bounced.folder, "bounced.db")
            bounced.bouncectl("add", "anna@example.org")
            self.assertIn("not again", caller.ask(query("anna@example.org")))
            bounced.bouncectl("backup", path + ".other")
            with sqlite3.connect(path + ".other") as database:
                database.execute("UPDATE suppressions SET subject = 'ben@example.org'")
                database.execute("UPDATE suppressions SET spelling = NULL")
            database.close()
            time.sleep(0.2)
            self.assertEqual(caller.ask(query("ben@example.org")), "9:NOTFOUND ,")
            for suffix in ("", "-wal", "-shm"):
                os.rename(path + suffix, path + suffix + ".away")
            os.rename(path + ".other", path)
            wait_until(lambda: "not again" in caller.ask(query("ben@example.org")), lambda: bounced.read_log())
            self.assertEqual(caller.ask(query("anna@example.org")), "9:NOTFOUND ,")


if __name__ == "__main__":
    problem = find_problem()
    if problem is not None:
        print(f"skipped: {problem}")
        sys.exit(77)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an end that cleans up
    unittest.main()
