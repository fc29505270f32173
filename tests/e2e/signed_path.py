"""A signed return path is evidence about the recipient that it was made for, and about nobody else."""

import os
import smtplib
import unittest

from support.bounced_process import DOMAIN, Bounced, report

VICTIMS = 20
REDACTED = ["unknown", "redacted-1", "anonymous", "undisclosed.x", "hashed+x"]


class Signed(unittest.TestCase):
    def start(self):
        bounced = Bounced()
        self.addCleanup(bounced.__exit__)
        keys = os.path.join(bounced.folder, "keys")
        with open(keys, "w", encoding="utf-8") as file:
            file.write("a secret of the test, long enough\n")
        os.chmod(keys, 0o600)
        with open(bounced.config, encoding="utf-8") as file:
            config = file.read().replace("unproven = suppress", f"scheme = signed\nkey-file = {keys}")
        bounced.write_config(config)
        return bounced.start()

    def make(self, bounced, recipient, *options):
        return bounced.bouncectl("return-path", recipient, *options).strip()

    def send(self, bounced, recipients, text):
        with smtplib.SMTP("127.0.0.1", bounced.port) as client:
            client.sendmail("", recipients, text)

    def listed(self, bounced):
        return {line.split("\t")[0] for line in bounced.bouncectl("list").splitlines()}

    def test_victims(self):
        """A stranger who has one address of ours, even one that looks redacted, puts nobody else on the list."""
        bounced = self.start()
        for number in range(VICTIMS):
            path = self.make(bounced, f"{REDACTED[number % len(REDACTED)]}@evil.example")
            self.send(bounced, [path], report(number, "victim.example"))
        self.assertEqual(self.listed(bounced) - {""}, set())

    def test_stranger_beside(self):
        """A second recipient without a signature changes nothing, in either order."""
        bounced = self.start()
        path = self.make(bounced, "unknown@evil.example")
        forged = f"bounces+user1=victim.example+513100000000000000000000@{DOMAIN}"
        self.send(bounced, [path, forged], report(1, "victim.example"))
        self.send(bounced, [forged, path], report(2, "victim.example"))
        self.assertEqual(self.listed(bounced) - {""}, set())

    def test_own_failure(self):
        """The recipient of a signed address: the one that the address was made for, as long as the signature is good."""
        bounced = self.start()
        self.send(bounced, [self.make(bounced, "user1@good.example")], report(1, "good.example"))
        self.send(bounced, [self.make(bounced, "user2@good.example", "--now", "40d")], report(2, "good.example"))
        self.assertEqual(self.listed(bounced) - {""}, {"user1@good.example"})


if __name__ == "__main__":
    unittest.main()
