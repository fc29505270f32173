"""The daemon as a process, spoken to by real clients over TCP and a UNIX socket."""

import contextlib
import json
import os
import select
import smtplib
import socket
import sqlite3
import subprocess
import unittest

from support.bounced_process import BUILD, CONFIG, DOMAIN, Bounced, report
from support.peer import NEWS, Peer

class Delivery(unittest.TestCase):
    def test_answer_after_commit(self):
        """When the 250 is there the event is in the store, for any reader."""
        with Bounced().start() as bounced, smtplib.SMTP("127.0.0.1", bounced.port) as client:
            for number in range(3):
                client.sendmail("", [NEWS], report(number))
                self.assertIn(f"user{number}@example.org", bounced.recipients())
            self.assertTrue(all(client.has_extn(name) for name in
                                ("pipelining", "size", "8bitmime", "enhancedstatuscodes")))

    def test_lmtp_on_a_unix_socket(self):
        """One reply a recipient; smtplib reads the first alone, so this speaks for itself."""
        with Bounced(listen="early-talkers = serve").start() as bounced, Peer(bounced.lmtp) as peer:
            peer.line()
            peer.send(f"LHLO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<{NEWS}>\r\nRCPT TO:<nobody@example.org>\r\n"
                      "RCPT TO:<postmaster>\r\nDATA\r\n" + report(1).decode() + ".\r\nQUIT\r\n")
            replies = [line[:9] for line in peer.file.read().decode().splitlines() if not line.startswith("250-")][1:]
            self.assertEqual(replies, ["250 2.1.0", "250 2.1.5", "550 5.1.1", "250 2.1.5", "354 End d",
                                       "250 2.0.0", "250 2.0.0", "221 2.0.0"])
            self.assertEqual(bounced.recipients(), ["user1@example.org"])

    def test_senders(self):
        """The sender is kept and shown, unless it was the null sender."""
        with Bounced().start() as bounced, smtplib.SMTP("127.0.0.1", bounced.port) as client:
            client.sendmail("", [NEWS], report(1))
            client.sendmail("staff@example.net", [NEWS], report(2))
            events = [json.loads(line) for line in bounced.bouncectl("events", "--json").splitlines()]
            self.assertEqual([event.get("mail_from") for event in events], [None, "staff@example.net"])
            self.assertNotIn("mail from", bounced.bouncectl("explain", "user1@example.org"))
            self.assertIn("mail from   staff@example.net", bounced.bouncectl("explain", "user2@example.org"))

    def test_duplicate(self):
        """A message that is delivered twice, by two protocols, is answered twice and counted once."""
        with Bounced().start() as bounced:
            for client in (smtplib.SMTP("127.0.0.1", bounced.port), smtplib.LMTP(bounced.lmtp)):
                with client:
                    client.sendmail("", [NEWS], report(1))
            self.assertEqual(bounced.recipients(), ["user1@example.org"])
            self.assertIn("outcome=duplicate", bounced.read_log())

    def test_curl(self):
        with Bounced().start() as bounced:
            path = os.path.join(bounced.folder, "message")
            with open(path, "wb") as file:
                file.write(report(1))
            subprocess.run(["curl", "-sS", f"smtp://127.0.0.1:{bounced.port}/a.example", "--mail-from", "",
                            "--mail-rcpt", NEWS, "--upload-file", path], check=True)
            self.assertEqual(bounced.recipients(), ["user1@example.org"])

    def test_half_closed(self):
        """A peer that has said all it has to say still gets its replies."""
        with Bounced().start() as bounced, Peer(bounced.port) as peer:
            peer.begin()
            peer.send(report(1).decode() + ".\r\n")
            peer.socket.shutdown(socket.SHUT_WR)
            self.assertTrue(peer.file.read().endswith(b"250 2.0.0 Message stored\r\n"))

    def test_cut(self):
        """A message that is too much to read is kept, and the log says so."""
        deep = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n' for n in range(100))
        with Bounced().start() as bounced, smtplib.SMTP("127.0.0.1", bounced.port) as client:
            client.sendmail("", [NEWS], f"Subject: deep\r\n{deep}\r\nHello\r\n".encode())
            client.sendmail("", [NEWS], report(1))
            lines = [line for line in bounced.read_log().splitlines() if "event=message" in line]
        self.assertIn(" cut=depth ", lines[0])
        self.assertNotIn(" cut=", lines[1])

    def test_unparseable(self):
        """A message that reports nothing is kept, and listed."""
        with Bounced().start() as bounced, Peer(bounced.port) as peer:
            peer.begin()
            self.assertEqual(peer.ask("\0\xff not a message\r\n."), "250 2.0.0 Message stored")
            self.assertEqual(len(bounced.bouncectl("events", "--kind", "other", "--json").splitlines()), 1)


class Limits(unittest.TestCase):
    def test_connections(self):
        with Bounced(server="connections = 2").start() as bounced:
            with Peer(bounced.port) as one, Peer(bounced.port) as two:
                self.assertTrue(one.line().startswith("220"))
                self.assertTrue(two.line().startswith("220"))
                with Peer(bounced.port) as three:
                    self.assertEqual(three.line(), "421 4.3.2 Too many connections, try again later")
                    self.assertEqual(three.line(), "")
                self.assertTrue(one.ask("NOOP").startswith("250"))
            self.assertIn("event=refused", bounced.read_log())

    def test_idle(self):
        with Bounced(server="idle-timeout = 1s").start() as bounced, Peer(bounced.port) as peer:
            self.assertEqual(peer.begin()[-1][:3], "354")
            self.assertEqual(peer.line(), "421 4.4.2 Idle timeout exceeded")
            self.assertEqual(peer.line(), "")
            self.assertIn("event=refused peer=127.0.0.1", bounced.read_log())
            self.assertIn("reason=idle-timeout listener=mx", bounced.read_log())

    def test_connections_per_address(self):
        """The second of an address is refused; a UNIX socket is not counted; who goes makes room."""
        with Bounced(server="connections-per-address = 1").start() as bounced:
            with Peer(bounced.port) as one, Peer(bounced.port) as two, Peer(bounced.lmtp) as three, \
                    Peer(bounced.lmtp) as four:
                self.assertTrue(one.line().startswith("220"))
                self.assertEqual(two.line(), "421 4.7.0 Too many connections from your address, try again later")
                self.assertTrue(three.line().startswith("220"))
                self.assertTrue(four.line().startswith("220"))
                self.assertEqual(one.ask("QUIT")[:3], "221")
                self.assertEqual(one.line(), "")
            with Peer(bounced.port) as next_one:
                self.assertTrue(next_one.line().startswith("220"))
            self.assertIn("reason=connections-per-address", bounced.read_log())

    def test_session_timeout(self):
        """A peer that is never silent and comes to no end."""
        with Bounced(server="session-timeout = 2s").start() as bounced, Peer(bounced.port) as peer:
            peer.begin()
            while not select.select([peer.socket], [], [], 0.1)[0]:
                peer.send("x")
            self.assertEqual(peer.line(), "421 4.4.2 Session timeout exceeded")
            self.assertIn("reason=session-timeout listener=mx", bounced.read_log())

    def test_peer_that_never_reads(self):
        """Nor does it hold its session for ever: it is closed when it does not read its 421 either."""
        with Bounced(server="session-timeout = 1s\ncommands = 1000000", listen="early-talkers = serve").start() as bounced, \
                Peer(bounced.port) as peer:
            peer.socket.setblocking(False)
            poll = select.poll()
            poll.register(peer.socket, 0)
            while not poll.poll(10):
                with contextlib.suppress(OSError):
                    peer.socket.send(b"EHLO a.example\r\n" * 1000)
            self.assertIn("last=\"421 4.4.2 Session timeout exceeded\"", bounced.read_log())

    def test_message_size(self):
        with Bounced(server="message-size = 64K").start() as bounced, Peer(bounced.port) as peer:
            peer.begin()
            peer.send(("x" * 78 + "\r\n") * 1000)
            self.assertEqual(peer.ask("."), "552 5.3.4 Message size exceeds the limit")
            self.assertEqual(peer.ask("RSET"), "250 2.0.0 Reset")

    def begin_chunk(self, bounced, size):
        """A peer in the middle of a message, and the reply to what it has sent of it."""
        peer = Peer(bounced.port)
        self.addCleanup(peer.__exit__)
        peer.line()
        for text in ("HELO a.example", "MAIL FROM:<>", f"RCPT TO:<{NEWS}>"):
            peer.ask(text)
        return peer, peer.ask(f"BDAT {size}\r\n" + "x" * (size - 2))

    def test_memory(self):
        """Messages that do not end use up the memory: the largest are given up, a small one gets through."""
        with Bounced(server="message-size = 512K\nmemory = 1M").start() as bounced:
            begun = [self.begin_chunk(bounced, 400000) for _ in range(5)]
            with smtplib.SMTP("127.0.0.1", bounced.port) as client:
                client.sendmail("", [NEWS], report(1))
            self.assertIn("user1@example.org", bounced.recipients())
            codes = [(peer.ask("BDAT 2 LAST\r\n") if reply.startswith("250") else reply)[:9] for peer, reply in begun]
            self.assertEqual(set(codes), {"250 2.0.0", "452 4.3.1"})
            self.assertGreaterEqual(codes.count("452 4.3.1"), 3)

    def test_queue(self):
        """With room for one message in the queue many peers wait in line, and all get their 250."""
        with Bounced(server="queue = 1", listen="early-talkers = serve").start() as bounced, contextlib.ExitStack() as stack:
            peers = [stack.enter_context(Peer(bounced.port)) for _ in range(50)]
            for number, peer in enumerate(peers):
                peer.send(f"HELO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<{NEWS}>\r\nDATA\r\n"
                          + report(number).decode() + ".\r\nQUIT\r\n")
            for peer in peers:
                self.assertEqual(peer.file.read().decode().splitlines()[-2], "250 2.0.0 Message stored")
            self.assertEqual(sorted(bounced.recipients()), sorted(f"user{n}@example.org" for n in range(50)))
            self.assertEqual(bounced.read_log().count("event=waits peer=127.0.0.1:"), 1)

    def test_peer_that_does_not_read(self):
        """It is not listened to any more once its replies pile up; others are served."""
        with Bounced(server="commands = 1000000", listen="early-talkers = serve").start() as bounced, \
                Peer(bounced.port) as peer, Peer(bounced.port) as other:
            peer.socket.setblocking(False)
            flood = b"EHLO a.example\r\n" * 1000
            while select.select([], [peer.socket], [], 1)[1]:
                with contextlib.suppress(BlockingIOError):
                    peer.socket.send(flood)
            other.line()
            self.assertTrue(other.ask("NOOP").startswith("250"))


class Store(unittest.TestCase):
    def test_locked(self):
        """Another process holds the database: 451, and the next attempt works."""
        with Bounced(store="busy-timeout = 1s").start() as bounced:
            lock = sqlite3.connect(os.path.join(bounced.folder, "bounced.db"), isolation_level=None)
            lock.execute("BEGIN EXCLUSIVE")
            with smtplib.SMTP("127.0.0.1", bounced.port) as client:
                with self.assertRaises(smtplib.SMTPDataError) as caught:
                    client.sendmail("", [NEWS], report(1))
                self.assertEqual(caught.exception.smtp_code, 451)
                self.assertTrue(caught.exception.smtp_error.startswith(b"4.3.0"))
                lock.close()
                client.sendmail("", [NEWS], report(1))
            self.assertEqual(bounced.recipients(), ["user1@example.org"])
            self.assertIn("event=store-failed", bounced.read_log())
            self.assertIn("event=store-works", bounced.read_log())

    def test_second_daemon(self):
        with Bounced().start() as first, Bounced() as second:
            second.write_config(CONFIG.format(folder=first.folder, store="", server="", listen="", domain=DOMAIN)
                                .replace("lmtp\n[return", "lmtp2\n[return"))
            self.assertEqual(second.launch().process.wait(), os.EX_UNAVAILABLE)
            self.assertIn("event=no-store", second.read_log())
            self.assertIn(os.path.join(first.folder, "bounced.db"), second.read_log())

    def test_no_folder(self):
        with Bounced() as bounced:
            bounced.write_config("[store]\npath = /nonexistent/bounced.db\n")
            self.assertEqual(bounced.launch().process.wait(), os.EX_CANTCREAT)
            self.assertIn("/nonexistent/bounced.db", bounced.read_log())


class CommandLine(unittest.TestCase):
    @unittest.skipIf(os.geteuid() != 0, "only root can be warned of being root")
    def test_root(self):
        with Bounced().start() as bounced:
            self.assertIn("priority=warning event=runs-as-root", bounced.read_log())

    def run_bounced(self, *arguments):
        return subprocess.run([os.path.join(BUILD, "bounced"), *arguments], capture_output=True, text=True, check=False)

    def test_options(self):
        self.assertRegex(self.run_bounced("--version").stdout, r"^bounced \d+\.\d+\.\d+\n$")
        self.assertIn("--check-config", self.run_bounced("--help").stdout)
        self.assertEqual(self.run_bounced("--frobnicate").returncode, os.EX_USAGE)
        self.assertEqual(self.run_bounced("argument").returncode, os.EX_USAGE)

    def test_manual_names_every_option(self):
        with open(os.path.join(os.environ["SOURCE"], "cmd/bounced/bounced.8"), encoding="utf-8") as file:
            manual = file.read()
        for word in self.run_bounced("--help").stdout.split():
            if word.startswith("--"):
                self.assertIn("Fl -" + word[2:].split("=")[0].rstrip(","), manual)

    def test_check_config(self):
        example = os.path.join(os.environ["SOURCE"], "cmd/bounced/bounced.conf")
        good = self.run_bounced("--config", example, "--check-config")
        self.assertEqual((good.returncode, good.stderr), (os.EX_OK, ""))
        missing = self.run_bounced("--config", "/nonexistent/file", "--check-config")
        self.assertEqual(missing.returncode, os.EX_CONFIG)
        self.assertIn("/nonexistent/file", missing.stderr)

    def test_bad_config(self):
        with Bounced() as bounced:
            bounced.write_config("[server]\nqueue = none\n")
            bad = self.run_bounced("--config", bounced.config, "--check-config")
            self.assertEqual(bad.returncode, os.EX_CONFIG)
            for word in (bounced.config, "[server]", "queue", "none"):
                self.assertIn(word, bad.stderr)

    def test_bad_files(self):
        """A file that a key names and that cannot be used is told with the key's place."""
        with Bounced() as bounced:
            for text, place in (
                    ("[tls]\ncertificate = /nonexistent/c\nkey = /nonexistent/k\n",
                     ":2: [tls] certificate = /nonexistent/c: No such file or directory; expected a PEM file"),
                    ("[classifier]\nrules = /nonexistent/rules\n", ":2: [classifier] rules = ")):
                bounced.write_config(text)
                bad = self.run_bounced("--config", bounced.config, "--check-config")
                self.assertEqual(bad.returncode, os.EX_CONFIG)
                self.assertIn(bounced.config + place, bad.stderr)
                self.assertIn("; expected ", bad.stderr)

    def test_bad_rules(self):
        with Bounced() as bounced:
            rules = os.path.join(bounced.folder, "rules")
            os.mkdir(rules)
            with open(os.path.join(rules, "mine.rules"), "w", encoding="utf-8") as file:
                file.write("this is no rule\n")
            bounced.write_config(f"[classifier]\nrules = {rules}\n")
            bad = self.run_bounced("--config", bounced.config, "--check-config")
            self.assertEqual(bad.returncode, os.EX_CONFIG)
            self.assertIn("mine.rules:1", bad.stderr)


class Stop(unittest.TestCase):
    def test_idle_session(self):
        with Bounced().start() as bounced, Peer(bounced.port) as peer:
            peer.line()
            self.assertEqual(bounced.terminate(), 0)
            self.assertEqual(peer.line(), "421 4.3.2 The service is stopping, try again later")
            self.assertFalse(os.path.exists(bounced.lmtp))

    def test_running_transaction(self):
        """It finishes; who comes now is refused by the kernel; what follows the transaction is not read."""
        with Bounced().start() as bounced, Peer(bounced.port) as peer:
            peer.begin()
            bounced.process.terminate()
            bounced.wait_for_state("STOPPING=1")
            with self.assertRaises(ConnectionRefusedError):
                Peer(bounced.port)
            peer.send(report(1).decode() + ".\r\nNOOP\r\n")
            self.assertEqual(peer.line(), "250 2.0.0 Message stored")
            self.assertEqual(peer.line(), "421 4.3.2 The service is stopping, try again later")
            self.assertEqual(bounced.process.wait(), 0)
            self.assertEqual(bounced.recipients(), ["user1@example.org"])

    def test_transaction_without_data(self):
        """MAIL and RCPT alone hold nothing up."""
        with Bounced(server="stop-timeout = 1h").start() as bounced, Peer(bounced.port) as peer:
            peer.line()
            for text in ("HELO a.example", "MAIL FROM:<>", f"RCPT TO:<{NEWS}>"):
                peer.ask(text)
            self.assertEqual(bounced.terminate(), 0)
            self.assertEqual(peer.line(), "421 4.3.2 The service is stopping, try again later")

    def test_deadline(self):
        """A transaction that does not end is cut."""
        with Bounced(server="stop-timeout = 1s").start() as bounced, Peer(bounced.port) as peer:
            peer.begin()
            self.assertEqual(bounced.terminate(), 0)
            self.assertEqual(peer.line(), "421 4.3.2 The service is stopping, try again later")
            self.assertIn("event=stop-timeout connections=1", bounced.read_log())

    def test_hangup(self):
        """SIGHUP ends nothing."""
        with Bounced().start() as bounced, Peer(bounced.port) as peer:
            peer.line()
            bounced.process.send_signal(1)
            self.assertTrue(peer.ask("NOOP").startswith("250"))
            self.assertEqual(bounced.terminate(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
