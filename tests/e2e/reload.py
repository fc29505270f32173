"""SIGHUP: config and rules are read again, no session is dropped, and what is bad changes nothing."""

import os
import re
import signal
import smtplib
import socket
import sqlite3
import subprocess
import threading
import unittest

from support.bounced_process import BUILD, DOMAIN, Bounced, report

NEWS = f"news@{DOMAIN}"


class Reload(unittest.TestCase):
    def setUp(self):
        self.bounced = self.enterContext(Bounced()).start()
        with open(self.bounced.config, encoding="utf-8") as file:
            self.config = file.read()
        self.client = self.enterContext(smtplib.SMTP("127.0.0.1", self.bounced.port))

    def reload(self, config):
        """Returns the log's line about it."""
        self.bounced.write_config(config)
        self.bounced.process.send_signal(signal.SIGHUP)
        self.bounced.wait_for_state("RELOADING=1")
        self.bounced.wait_for_state("READY=1")
        return re.findall(r"event=(reload\S+ .*)", self.bounced.read_log())[-1]

    def test_running_session(self):
        """A session that was there before serves the new domain, with the new name."""
        self.client.ehlo()
        self.client.mail("")
        self.assertEqual(self.client.rcpt("a@other.example.com")[0], 550)
        told = self.reload(self.config.replace(DOMAIN, "other.example.com").replace("mx.example", "mx2.example"))
        self.assertIn(f"config={self.bounced.config}", told)
        self.assertEqual(self.client.rcpt("a@other.example.com")[0], 250)
        self.assertEqual(self.client.rcpt(NEWS)[0], 550)
        self.assertEqual(self.client.data(report(1))[0], 250)
        self.assertEqual(self.client.ehlo()[1].splitlines()[0], b"mx2.example.com")
        self.assertEqual(self.bounced.recipients(), ["user1@example.org"])

    def test_bad_config(self):
        for bad in ("[server]\nqueue = none\n", "no section\n", f"[classifier]\nrules = {self.bounced.folder}/none\n"):
            self.assertIn("reload-refused error=", self.reload(bad))
            self.client.sendmail("", [NEWS], report(1))

    def test_emptied_config(self):
        """Emptied by a full disk, filled with NUL octets by a power cut, moved away: the old one stays."""
        for emptied in ("", "\n# all of it is gone\n", "\0" * 512, self.config + "\0"):
            self.assertIn("reload-refused error=", self.reload(emptied))
            self.client.sendmail("", [NEWS], report(1))
        self.assertIn("reloaded config=", self.reload(self.config))

    def test_policy(self):
        self.client.sendmail("", [NEWS], report(1))
        self.reload(self.config + "[policy]\nuser_unknown = never\n")
        self.client.sendmail("", [NEWS], report(2))
        self.reload(self.config)
        self.client.sendmail("", [NEWS], report(3))
        listed = self.bounced.bouncectl("list")
        self.assertEqual(["user1@" in listed, "user2@" in listed, "user3@" in listed], [True, False, True])

    def test_rules(self):
        rules = os.path.join(self.bounced.folder, "rules")
        os.mkdir(rules)
        before = self.reload(self.config)
        with open(os.path.join(rules, "mine.rules"), "w", encoding="utf-8") as file:
            file.write("this is no rule\n")
        with_rules = self.config + f"[classifier]\nrules = {rules}\n"
        self.assertIn("mine.rules:1", self.reload(with_rules))
        os.unlink(os.path.join(rules, "mine.rules"))
        after = self.reload(with_rules)
        self.assertEqual(before.split("rules=")[1], after.split("rules=")[1])

    def ask(self, *options):
        """Runs `bouncectl reload`; returns its exit status and what it printed."""
        done = subprocess.run([os.path.join(BUILD, "bouncectl"), "--config", self.bounced.config, "reload", *options],
                              capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout + done.stderr

    def test_bouncectl(self):
        """`bouncectl reload` waits until the daemon works by the new config, and does not ask with one that is bad."""
        self.bounced.write_config(self.config.replace("mx.example", "mx2.example"))
        status, told = self.ask()
        self.assertEqual(status, 0)
        self.assertIn(f"bounced (process {self.bounced.process.pid}) has read its config", told)
        self.assertIn(b"mx2.example", self.client.ehlo()[1])
        self.bounced.write_config("[server]\nqueue = none\n")
        self.assertEqual(self.ask()[0], 78)
        self.assertNotIn("reload-refused", self.bounced.read_log())

    def test_bouncectl_refused(self):
        """It is told what the daemon alone finds wrong, too: an address in use, an emptied config."""
        self.bounced.write_config("")
        status, told = self.ask("--process", str(self.bounced.process.pid))
        self.assertEqual(status, 78)
        self.assertIn("bounced keeps its old config:", told)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.bounced.write_config(self.config + f"[listen more]\nprotocol = smtp\n"
                                                    f"address = 127.0.0.1:{taken.getsockname()[1]}\n")
            self.assertEqual(self.ask()[0], 78)
        self.bounced.write_config(self.config.replace("bounced.db", "other.db"))
        status, told = self.ask("--process", str(self.bounced.process.pid))
        self.assertEqual(status, 0)
        self.assertIn("[store] path needs a restart", told)
        self.assertEqual(self.ask()[0], 69)

    def test_bouncectl_many(self):
        """Several ask at one time, and the signal comes, too: each is told."""
        self.bounced.process.send_signal(signal.SIGSTOP)
        self.bounced.process.send_signal(signal.SIGHUP)
        asking = [subprocess.Popen([os.path.join(BUILD, "bouncectl"), "--config", self.bounced.config, "reload"],
                                   stdout=subprocess.PIPE) for _ in range(3)]
        self.bounced.process.send_signal(signal.SIGCONT)
        for one in asking:
            self.assertIn(b"has read its config", one.communicate(timeout=60)[0])
            self.assertEqual(one.returncode, 0)

    @unittest.skipIf(os.geteuid() != 0, "only root can be somebody else")
    def test_bouncectl_of_others(self):
        with socket.socket(socket.AF_UNIX) as other:
            os.seteuid(65534)
            try:
                other.connect(f"\0bounced/control/{self.bounced.process.pid}")
            finally:
                os.seteuid(0)
            self.assertEqual(other.recv(100), b"")
        self.assertNotIn("event=reloaded", self.bounced.read_log())

    def test_listeners(self):
        """A new one opens, one that is gone closes, one that stays keeps its port and its sessions."""
        path = os.path.join(self.bounced.folder, "other")
        lmtp, rest = self.config.split("[listen lmtp]")[1].split("[return-path", 1)
        self.reload(self.config.replace(lmtp, f"\nprotocol = smtp\naddress = unix:{path}\n"))
        self.assertFalse(os.path.exists(self.bounced.lmtp))
        with socket.socket(socket.AF_UNIX) as other:
            other.connect(path)
            self.assertIn(b"ESMTP", other.recv(100))
        self.assertEqual(self.client.noop()[0], 250)
        with smtplib.SMTP("127.0.0.1", self.bounced.port) as again:
            self.assertEqual(again.noop()[0], 250)

    def test_address_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            told = self.reload(self.config + f"[listen more]\nprotocol = smtp\n"
                                             f"address = 127.0.0.1:{taken.getsockname()[1]}\n")
        self.assertIn("reload-refused", told)
        self.client.sendmail("", [NEWS], report(1))

    def test_store_path_stays(self):
        self.reload(self.config.replace("bounced.db", "other.db"))
        self.assertIn("event=needs-restart section=store key=path", self.bounced.read_log())
        self.bounced.write_config(self.config)
        self.client.sendmail("", [NEWS], report(1))
        self.assertEqual(self.bounced.recipients(), ["user1@example.org"])

    def expect_served(self, number):
        """The loop turns: it greets, and answers."""
        with smtplib.SMTP("127.0.0.1", self.bounced.port) as other:
            self.assertEqual(other.noop()[0], 250)
        self.assertEqual(self.client.noop()[0], 250)
        self.assertEqual(self.bounced.read_log().count("event=reloaded"), number)

    def begin_slow_reload(self):
        """Of a file on a slow disk, say: it ends when the pipe that is returned has a rule."""
        folder = os.path.join(self.bounced.folder, "rules")
        os.mkdir(folder)
        rules = os.path.join(folder, "slow.rules")
        os.mkfifo(rules)
        self.bounced.write_config(self.config + f"[classifier]\nrules = {folder}\n")
        self.bounced.process.send_signal(signal.SIGHUP)
        self.bounced.wait_for_state("RELOADING=1")
        return rules

    def test_while_a_file_is_read(self):
        rules = self.begin_slow_reload()
        self.expect_served(0)
        self.client.sendmail("", [NEWS], report(1))
        # One more is asked for: it follows, with what the config says then.
        self.bounced.process.send_signal(signal.SIGHUP)
        self.expect_served(0)
        self.bounced.write_config(self.config.replace("mx.example", "mx2.example"))
        with open(rules, "w", encoding="utf-8") as file:
            file.write("# none\n")
        for _ in range(2):
            self.bounced.wait_for_state("READY=1")
        self.assertIn(b"mx2.example", self.client.ehlo()[1])
        self.assertEqual(self.bounced.read_log().count("event=reloaded"), 2)

    def test_stop_while_a_file_is_read(self):
        rules = self.begin_slow_reload()
        self.client.close()
        self.bounced.process.send_signal(signal.SIGTERM)
        self.bounced.wait_for_state("STOPPING=1")
        with open(rules, "w", encoding="utf-8") as file:
            file.write("# none\n")
        self.assertEqual(self.bounced.process.wait(), 0)
        self.assertNotIn("event=reload", self.bounced.read_log())

    def test_under_load(self):
        """Reloads while many send: all get their 250, and each is counted once."""
        def send(first):
            with smtplib.SMTP("127.0.0.1", self.bounced.port) as client:
                for number in range(first, first + 15):
                    client.sendmail("", [NEWS], report(number))

        senders = [threading.Thread(target=send, args=(first,)) for first in range(0, 120, 15)]
        for sender in senders:
            sender.start()
        while any(sender.is_alive() for sender in senders):
            self.assertIn("reloaded config=", self.reload(self.config))
        self.assertEqual(sorted(self.bounced.recipients()), sorted(f"user{n}@example.org" for n in range(120)))


class LockedStore(unittest.TestCase):
    def test_loop_goes_on(self):
        """Another process has the database locked, and the writer waits for it: a reload waits, and nobody else."""
        bounced = self.enterContext(Bounced(store="busy-timeout = 10s")).start()
        other = sqlite3.connect(os.path.join(bounced.folder, "bounced.db"), isolation_level=None)
        self.addCleanup(other.close)
        client = self.enterContext(smtplib.SMTP("127.0.0.1", bounced.port))
        other.execute("BEGIN IMMEDIATE")
        with self.assertRaises(smtplib.SMTPDataError) as refused:
            client.sendmail("", [NEWS], report(1))
        self.assertEqual(refused.exception.smtp_code, 451)
        # Now it waits again, to keep the store in order.
        bounced.process.send_signal(signal.SIGHUP)
        bounced.wait_for_state("RELOADING=1")
        with smtplib.SMTP("127.0.0.1", bounced.port) as second:
            self.assertEqual(second.noop()[0], 250)
            self.assertNotIn("event=reloaded", bounced.read_log())
            other.execute("ROLLBACK")
            bounced.wait_for_state("READY=1")
            second.sendmail("", [NEWS], report(1))
        self.assertEqual(bounced.recipients(), ["user1@example.org"])


if __name__ == "__main__":
    unittest.main()
