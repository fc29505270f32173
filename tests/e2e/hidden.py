"""With `[log] addresses = hash` no address comes into the daemon's log, whatever mail says and however it goes wrong."""

import os
import re
import smtplib
import subprocess
import unittest

from support.bounced_process import BUILD, DOMAIN, Bounced, report
from support.postfix_process import wait_until

HASHED = "\n[log]\naddresses = hash\n"
# Envelope recipients and the like; none of them may be found in the log, in whatever case.
NAMES = ["alice", "Bob.Builder", "carol+tag", "d'artagnan", "erin=example.org", "frank%40example.net"]
ADDRESS = re.compile(r"[\w.+'=%-]+(@|%40)[\w-]+\.[\w.-]+")
HASH = re.compile(r"addr:[0-9a-f]{16}\b")


class Hidden(unittest.TestCase):
    def start(self, more=HASHED):
        bounced = Bounced(store="min-free = 0\n", server=f"{more}\n[postmaster]\nforward = boss@example.com\n"
                          "[smart-host]\naddress = 127.0.0.1:1\ntls = none\n")
        self.enterContext(bounced)
        return bounced.start()

    def talk(self, bounced):
        """Reports, mail for a person, mail that is refused, errors that quote what was said, and bad commands."""
        with smtplib.SMTP("127.0.0.1", bounced.port) as client:
            for number, name in enumerate(NAMES):
                client.sendmail("", [f"{name}@{DOMAIN}"], report(number))
                client.sendmail(f"{name}@elsewhere.example", [f"postmaster@{DOMAIN}"],
                                f"From: {name}@elsewhere.example\r\nSubject: {number}\r\n\r\nwho are you?\r\n")
                for command in (f"RCPT TO:<{name}@elsewhere.example>", f"MAIL FROM:<{name}@elsewhere.example> X=1",
                                f"VRFY {name}@elsewhere.example", f"XYZZY {name}@elsewhere.example",
                                f'RCPT TO:<"{name} x"@elsewhere.example>', f"{name}@elsewhere.example"):
                    client.docmd(command)
                client.rset()
                client.docmd(f"MAIL FROM:<{name}@elsewhere.example>")
                client.docmd(f"RCPT TO:<{name}@elsewhere.example>")
                client.rset()
            # a name alone, where an address is to stand
            client.sendmail("", ["Postmaster"], report(len(NAMES)))
        wait_until(lambda: "event=session" in bounced.read_log() and "event=forward-deferred" in bounced.read_log(),
                   bounced.read_log)

    def test_nothing_is_told(self):
        bounced = self.start()
        self.talk(bounced)
        bounced.terminate()
        log = bounced.read_log()
        self.assertIsNone(ADDRESS.search(log), ADDRESS.search(log))
        for name in NAMES + [" to=postmaster "]:
            self.assertNotIn(name.lower(), log.lower())
        self.assertNotIn("addr:hidden", log)
        self.assertGreater(len(set(HASH.findall(log))), len(NAMES))
        # Support finds an address by its hash.
        for address in (f"{NAMES[0]}@{DOMAIN}", f"{NAMES[1]}@{DOMAIN}".upper(), "boss@example.com"):
            line = bounced.bouncectl("hash", address)
            self.assertIn(line.split("\t")[1].strip(), log)

    def test_plain(self):
        """The default, and what the test above would find."""
        bounced = self.start("")
        self.talk(bounced)
        bounced.terminate()
        log = bounced.read_log()
        self.assertIn(f"{NAMES[0]}@{DOMAIN}", log)
        self.assertIn("boss@example.com", log)
        self.assertIn(" to=postmaster ", log)
        self.assertEqual(HASH.findall(log), [])

    def test_reload(self):
        """Both ways; the hashes are the same after a restart."""
        bounced = self.start("")
        with open(bounced.config, encoding="utf-8") as file:
            config = file.read()
        for turn, hidden in enumerate((True, False, True)):
            bounced.write_config(config + (HASHED if hidden else ""))
            subprocess.run([os.path.join(BUILD, "bouncectl"), "--config", bounced.config, "reload"], check=True,
                           capture_output=True)
            before = len(bounced.read_log())
            with smtplib.SMTP("127.0.0.1", bounced.port) as client:
                client.sendmail("", [f"news@{DOMAIN}"], report(turn))
            wait_until(lambda: "event=message" in bounced.read_log()[before:], bounced.read_log)
            self.assertEqual(f"to=news@{DOMAIN}" not in bounced.read_log()[before:], hidden)
        hashes = HASH.findall(bounced.read_log())
        bounced.terminate()
        bounced.launch()
        wait_until(lambda: "listener=mx" in bounced.read_log(), bounced.read_log)
        bounced.port = bounced.find_port("mx")
        with smtplib.SMTP("127.0.0.1", bounced.port) as client:
            client.sendmail("", [f"news@{DOMAIN}"], report(9))
        wait_until(lambda: "event=message" in bounced.read_log(), bounced.read_log)
        self.assertEqual(set(HASH.findall(bounced.read_log())), set(hashes))
        self.assertEqual(bounced.bouncectl("hash", f"news@{DOMAIN}").split()[1], hashes[0])


if __name__ == "__main__":
    unittest.main()
