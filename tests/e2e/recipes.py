"""The recipes of README, as they stand there: the five mailers' functions make return paths that bouncectl finds right,
and the list is refused by a real Postfix, whatever its addresses look like."""

import os
import re
import stat
import subprocess
import sys
import tempfile
import unittest

from support.bounced_process import BUILD, Bounced
from support.peer import Peer
from support.postfix_process import COMMANDS, Postfix, find_problem

with open(os.path.join(os.environ["SOURCE"], "README.md"), encoding="utf-8") as readme:
    README = readme.read()

KEY = "0123456789abcdef"
CONFIG = """
[store]
path = {folder}/bounced.db
[return-path news]
domain = bounces.example.com
scheme = signed
key-file = {folder}/keys
"""

RECIPIENTS = ["anna@example.org", "Anna.O'Neil+tag@xn--bcher-kva.example", "ÄNNE@example.org", "a=b@mail.example.net"]

# How each language is run on a block of README, and calls its function for its first argument.
LANGUAGES = {
    "python": (["python3", "-c"], "import sys\nprint(return_path(sys.argv[1], DOMAIN, KEY))"),
    "js": (["node", "-e"], "console.log(returnPath(process.argv[1], DOMAIN, KEY))"),
    "php": (["php", "-r"], "print(return_path($argv[1], DOMAIN, KEY));"),
    "perl": (["perl", "-e"], "print return_path($ARGV[0], DOMAIN, KEY);"),
    "lua": (["lua5.3", "-"], "print(return_path(arg[1], DOMAIN, KEY))"),
}

# Addresses that Postfix must refuse, and such as it must not: a line of the table that is a comment or cut would do the opposite.
LISTED = ["anna@example.org", "#ben@example.org", '"carla b"@example.org', '"d\\"e"@example.org', "Frank@example.org",
          "#g.h+i/j|k^l$m*n?o{p}@example.org"]
NOT_LISTED = ["ben@example.org", "carla@example.org", "b@example.org", "zoe@example.org", "#benx@example.org"]


def find_block(language, word):
    """The one block of README in this language that holds the word."""
    blocks = [block for block in re.findall(rf"^```{language}\n(.*?)^```", README, re.M | re.S) if word in block]
    assert len(blocks) == 1, f"README has {len(blocks)} blocks of {language} with {word}"
    return blocks[0]


def start(bounced):
    bounced.write_config(CONFIG.format(folder=bounced.folder))
    with open(os.path.join(bounced.folder, "keys"), "w", encoding="utf-8") as keys:
        keys.write(KEY + "\n")
    os.chmod(keys.name, 0o600)


class SignedReturnPath(unittest.TestCase):
    def make(self, language, recipient):
        command, call = LANGUAGES[language]
        block = find_block(language, "eturn")
        program = block + call.replace("DOMAIN", "'bounces.example.com'").replace("KEY", f"'{KEY}'")
        if command[-1] == "-":
            return subprocess.run([*command, recipient], input=program, check=True, text=True, stdout=subprocess.PIPE).stdout.strip()
        return subprocess.run([*command, program, recipient], check=True, text=True, stdout=subprocess.PIPE).stdout.strip()

    def test_each_language(self):
        with Bounced() as bounced:
            start(bounced)
            for language in LANGUAGES:
                for recipient in RECIPIENTS:
                    with self.subTest(language=language, recipient=recipient):
                        made = self.make(language, recipient)
                        self.assertEqual(bounced.bouncectl("return-path", "--check", made).split("\t")[:2], [recipient, "signed"])

    def test_example(self):
        """The address that README gives is the key's, on its day."""
        self.assertIn("bounces+anna=example.org+513175ce0a20dd652762b814@bounces.example.com", README)


class TableOfPostfix(unittest.TestCase):
    def test_each_address(self):
        with Bounced() as bounced, ListedPostfix() as postfix:
            start(bounced)
            bounced.bouncectl("add", *LISTED)
            self.run_recipe(bounced, postfix.config)
            with Peer(postfix.port) as peer:
                peer.line()
                peer.ask("HELO test.example")
                peer.ask("MAIL FROM:<>")
                for address in LISTED:
                    self.assertRegex(peer.ask(f"RCPT TO:<{address}>"), "^554 5.7.1 .*on our suppression list", address)
                for address in NOT_LISTED:
                    self.assertRegex(peer.ask(f"RCPT TO:<{address}>"), "^250 ", address)

    def run_recipe(self, bounced, folder):
        recipe = find_block("sh", "postmap").replace("/etc/postfix", folder)
        with tempfile.TemporaryDirectory() as commands:
            wrapper = os.path.join(commands, "bouncectl")
            with open(wrapper, "w", encoding="utf-8") as file:
                file.write(f'#!/bin/sh\nexec "{BUILD}/bouncectl" --config "{bounced.config}" "$@"\n')
            os.chmod(wrapper, 0o755)
            environment = {**os.environ, "PATH": f"{commands}:{COMMANDS}:{os.environ['PATH']}", "MAIL_CONFIG": folder}
            subprocess.run(["sh", "-c", recipe], check=True, env=environment)
        for name in ("suppressed.txt", "suppressed.in", "suppressed.db", "suppressed.regexp"):
            self.assertEqual(stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode), 0o640, name)


class ListedPostfix(Postfix):
    """It takes mail for anybody, but for whom the table names."""

    main = Postfix.main + """
smtpd_recipient_restrictions = check_recipient_access btree:{folder}/config/suppressed,
    check_recipient_access regexp:{folder}/config/suppressed.regexp, permit
"""
    master = Postfix.master.replace("    -o smtpd_recipient_restrictions=reject_unlisted_recipient,reject_unauth_destination\n", "")


if __name__ == "__main__":
    problem = find_problem()
    if problem is not None:
        print(f"skipped: {problem}")
        sys.exit(77)
    unittest.main()
