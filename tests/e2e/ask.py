"""Callers of the sockets that mail servers ask, who are slow, greedy or broken, and while the database is locked and when it is
gone. The mail servers themselves are in circles.py."""

import fcntl
import os
import re
import signal
import socket
import sqlite3
import time
import unittest

from support import circle
from support.bounced_process import ASKED, HEAD, Bounced
from support.postfix_process import wait_until

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


def start(bounced):
    return circle.start(bounced, CONFIG)


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

    def test_shut_out(self):
        """Another process holds all by which one begins to read: it is told at once, and everybody is answered."""
        with start(Bounced()) as bounced:
            bounced.bouncectl("add", "anna@example.org")
            self.check_works(bounced)
            with open(os.path.join(bounced.folder, "bounced.db-shm"), "r+b") as index:
                fcntl.lockf(index, fcntl.LOCK_EX, 5, 123)  # https://sqlite.org/walformat.html, section 2.3.2
                self.check(bounced)
                self.check(bounced)
            self.check_works(bounced)

    def test_gone(self):
        with start(Bounced()) as bounced:
            bounced.bouncectl("add", "anna@example.org")
            self.check_works(bounced)
            path = os.path.join(bounced.folder, "bounced.db")
            for suffix in ("", "-wal", "-shm"):
                os.rename(path + suffix, path + suffix + ".away")
            with Caller(bounced, "socketmap") as caller:
                wait_until(lambda: ":TEMP " in caller.ask(query("anna@example.org")), bounced.read_log)
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
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an end that cleans up
    unittest.main()
