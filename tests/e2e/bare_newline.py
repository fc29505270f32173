"""A client that sends lone LFs and a sender without a domain: curl, which sends a file as it is."""

import os
import subprocess
import unittest

from support.bounced_process import Bounced, report
from support.peer import NEWS, Peer


class BareNewline(unittest.TestCase):
    def start(self, listen=""):
        return self.enterContext(Bounced(listen=listen)).start()

    def curl(self, bounced, message, sender="", host="127.0.0.1"):
        path = os.path.join(bounced.folder, "message")
        with open(path, "wb") as file:
            file.write(message)
        return subprocess.run(["curl", "--silent", "--show-error", "--mail-from", sender, "--mail-rcpt", NEWS,
                               "--upload-file", path, f"smtp://{host}:{bounced.port}/a.example"],
                              capture_output=True, text=True, check=False)

    def test_normalize(self):
        """Lines that came with LF are kept with CRLF."""
        bounced = self.start("bare-newline = normalize")
        message = report(1)
        done = self.curl(bounced, message.replace(b"\r\n", b"\n"), "MAILER-DAEMON")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(bounced.recipients(), ["user1@example.org"])
        self.assertIn("from=MAILER-DAEMON", bounced.read_log())
        digest = bounced.bouncectl("events").split("\t")[-1].strip()
        raw = subprocess.run([os.path.join(os.environ["BUILD"], "bouncectl"), "--config", bounced.config, "message",
                              digest], capture_output=True, check=True).stdout
        self.assertEqual(raw, message + b"\r\n")  # curl ends no line by LF before the end of data

    def test_refuse(self):
        """By SMTP, unless somebody chose."""
        for listen in ("bare-newline = refuse", ""):
            bounced = self.start(listen)
            done = self.curl(bounced, report(1).replace(b"\r\n", b"\n"))
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual(bounced.recipients(), [])

    def test_smuggling(self):
        """A second message that hides behind a dot stays text of the first."""
        bounced = self.start("bare-newline = normalize")
        hidden = f"MAIL FROM:<>{{0}}RCPT TO:<{NEWS}>{{0}}DATA{{0}}{report(9).decode()}"
        for number, end in enumerate(("\n.\n", "\r\n.\n", "\n.\r\n")):
            with Peer(bounced.port) as peer:
                peer.line()
                self.assertTrue(peer.transact()[-1].startswith("354"))
                text = report(number).decode() + end + hidden.format(end[-2:].lstrip("."))
                self.assertTrue(peer.ask(text + "\r\n.").startswith("250"))
                self.assertTrue(peer.ask("NOOP").startswith("250"))
        self.assertEqual(sorted(bounced.recipients()), ["user0@example.org", "user1@example.org", "user2@example.org"])


if __name__ == "__main__":
    unittest.main()
