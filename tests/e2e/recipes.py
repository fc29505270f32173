"""The recipes of README, as they stand there: the five mailers' functions make return paths that bouncectl finds right."""

import os
import re
import subprocess
import unittest

from support.bounced_process import BUILD, Bounced

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
        block = find_block(language, "returnPath" if language == "js" else "return_path")
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


class Feeds(unittest.TestCase):
    def test_config(self):
        """The daemon takes the feeds of README, with their secrets and their template."""
        with Bounced() as bounced:
            block = find_block("ini", "[feed crm]").replace("/etc/bounced/", bounced.folder + "/")
            bounced.write_config(f"[store]\npath = {bounced.folder}/bounced.db\n[listen mx]\nprotocol = smtp\n"
                                 f"address = 127.0.0.1:0\n[smart-host]\naddress = 127.0.0.1:25\ntls = none\n{block}")
            for name, text in (("crm.secret", "whsec_" + "MDEy" * 8), ("listmonk.token", "x"), ("mautic.password", "x"),
                               ("kafka.properties", "# TLS\nsecurity.protocol=ssl"),
                               ("chat.json", find_block("json", "is suppressed"))):
                with open(os.path.join(bounced.folder, name), "w", encoding="utf-8") as file:
                    file.write(text + "\n")
                os.chmod(file.name, 0o600)
            checked = subprocess.run([os.path.join(BUILD, "bounced"), "--config", bounced.config, "--check-config"],
                                     check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.assertEqual(checked.returncode, 0, checked.stdout)


if __name__ == "__main__":
    unittest.main()
