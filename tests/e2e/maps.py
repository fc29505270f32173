"""The maps that `bouncectl export` makes, read by the real mail servers: Postfix, Exim and OpenSMTPD refuse whom the list
names, in each form that their clients may write, and nobody else; the recipes are README's."""

import os
import re
import subprocess
import sys
import unittest

from support import exim_process, opensmtpd_process
from support.bounced_process import Bounced
from support.peer import Peer
from support.postfix_process import Postfix, find_port, find_problem, wait_until

with open(os.path.join(os.environ["SOURCE"], "README.md"), encoding="utf-8") as readme:
    README = readme.read()

CONFIG = """
[store]
path = {folder}/bounced.db
[socketmap]
text = not again: {{reason}}
"""

LISTED = ["Anna@example.org", "#ben@example.org", '"carla b"@example.org', '"d\\"e"@example.org', "änne@example.org",
          "zoe@bücher.example", "o'neil@example.org", "@closed.example", ".sub.example", "last@zone.example"]

# As clients write them. Those with UTF-8 need SMTPUTF8.
REFUSED = ["anna@example.org", "ANNA@Example.ORG", '"carla b"@example.org', '"d\\"e"@example.org', "o'neil@example.org",
           "zoe@xn--bcher-kva.example", "anybody@closed.example", "anybody@a.sub.example", "anybody@b.a.sub.example",
           "last@zone.example"]
REFUSED_UTF8 = ["änne@example.org", "zoe@bücher.example", "ZOE@Bücher.example"]
TAKEN = ["ben@example.org", "carla@example.org", "b@example.org", "anybody@sub.example", "closed.example@example.org",
         "anna@zone.example", "anna+x@example.org", "example.org@zone.example"]
KINDS = {"lmdb": ".lmdb", "cdb": ".cdb", "texthash": ""}
BELOW = "anybody@a.closed.example"  # on no list


def start(bounced):
    bounced.write_config(CONFIG.format(folder=bounced.folder))
    os.chmod(bounced.folder, 0o755)
    bounced.bouncectl("add", *LISTED)


def find_line(pattern):
    """README's line, or lines, of a config."""
    found = re.findall(pattern, README, re.M)
    assert len(found) == 1, f"README has {len(found)} times {pattern}"
    return found[0]


class Client:
    """One SMTP client, whose recipients are asked about."""

    def __init__(self, port, utf8):
        self.peer = Peer(port)
        self.peer.line()
        self.peer.send("EHLO test.example\r\n")
        while not self.peer.line().startswith("250 "):
            pass
        self.peer.ask("MAIL FROM:<>" + (" SMTPUTF8" if utf8 else ""))

    def reply(self, address):
        return self.peer.ask(f"RCPT TO:<{address}>")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.peer.__exit__()


class MapPostfix(Postfix):
    """It has an smtpd for each kind of map, which takes mail for anybody but for whom the map names. `parents` is a line of
    main.cf."""

    def __init__(self, parents):
        super().__init__()
        self.entrances = {kind: find_port() for kind in KINDS}
        self.main = Postfix.main + parents + "\n"
        self.master = Postfix.master + "".join(
            f"127.0.0.1:{port} inet n - n - - smtpd\n"
            f"    -o {{{{ smtpd_recipient_restrictions = check_recipient_access {kind}:{self.config}/suppressed, permit }}}}\n"
            for kind, port in self.entrances.items())

    def find_map(self, kind):
        return os.path.join(self.config, "suppressed" + KINDS[kind])

    def client(self, kind, utf8=False):
        return Client(self.entrances[kind], utf8)


class MapsOfPostfix(unittest.TestCase):
    def test_each(self):
        """With the line of README a domain stands for itself alone; without it, as Postfix has it, for those below it, too."""
        line = find_line(r"^parent_domain_matches_subdomains =.*$")
        with Bounced() as bounced:
            start(bounced)
            for parents in (line, ""):
                with MapPostfix(parents) as postfix:
                    for kind in KINDS:
                        bounced.bouncectl("export", "--format", kind, "--output", postfix.find_map(kind))
                        with self.subTest(kind, parents=parents):
                            self.check(postfix, kind, bool(parents))

    def check(self, postfix, kind, exact):
        below = [BELOW] if exact else [address for address in REFUSED if address.endswith(".sub.example")]
        with postfix.client(kind) as client:
            for address in {*REFUSED, BELOW} - set(below):
                self.assertRegex(client.reply(address), "^550 5.1.1 .*not again: by hand", (address, postfix.read_log()))
            for address in [*TAKEN, *below]:
                self.assertRegex(client.reply(address), "^250 ", address)
            self.assertRegex(client.reply("#ben@example.org"), "^250 " if kind == "texthash" else "^550 5.1.1 ")
        with postfix.client(kind, utf8=True) as client:
            for address in REFUSED_UTF8:
                self.assertRegex(client.reply(address), "^550 5.1.1 .*not again: by hand", address)

    def test_replaced(self):
        """Postfix sees a new map by itself."""
        with Bounced() as bounced, MapPostfix("") as postfix:
            start(bounced)
            for kind in ("lmdb", "cdb"):
                for command, before in (("remove", "^550 "), ("add", "^250 ")):  # the change behind the first look
                    bounced.bouncectl("export", "--format", kind, "--output", postfix.find_map(kind))
                    with postfix.client(kind) as client:
                        self.assertRegex(client.reply("anna@example.org"), before, kind)
                    bounced.bouncectl(command, "anna@example.org", "--note", "a test")
                    bounced.bouncectl("export", "--format", kind, "--output", postfix.find_map(kind))
                    self.wait_for_other(postfix, kind, before)

    def wait_for_other(self, postfix, kind, reply):
        def differs():
            with postfix.client(kind) as client:
                return re.match(reply, client.reply("anna@example.org")) is None
        wait_until(differs, lambda: f"another reply: {postfix.read_log()}")


NO_EXIM = exim_process.find_problem()


class MapOfExim(unittest.TestCase):
    @unittest.skipIf(NO_EXIM, NO_EXIM)
    def test_acl(self):
        acl = find_line(r"^warn set acl_m_listed(?:.|\n)*?condition = .*$")
        with Bounced() as bounced:
            start(bounced)
            path = os.path.join(bounced.folder, "suppressed.cdb")
            bounced.bouncectl("export", "--format", "cdb", "--output", path)
            os.chmod(path, 0o644)
            exim = exim_process.Exim("smtp", find_port())
            exim.theirs = find_port()
            exim.acl = acl.replace("/var/lib/bounced/suppressed.cdb", path)
            with exim:
                self.check(exim)

    def check(self, exim):
        with Client(exim.port, False) as client:
            for address in [*REFUSED, "#ben@example.org"]:
                self.assertEqual(client.reply(address), "550 5.1.1 not again: by hand", (address, exim.read_log()))
            for address in [*TAKEN, BELOW]:
                self.assertRegex(client.reply(address), "^250 ", (address, exim.read_log()))


NO_OPENSMTPD = opensmtpd_process.find_problem()


class TableOfOpenSmtpd(unittest.TestCase):
    @unittest.skipIf(NO_OPENSMTPD, NO_OPENSMTPD)
    def test_filter(self):
        recipe = find_line(r"^table suppressed (?:.|\n)*?^listen on .*$")
        with Bounced() as bounced:
            start(bounced)
            path = os.path.join(bounced.folder, "suppressed")
            bounced.bouncectl("export", "--format", "opensmtpd", "--output", path)
            os.chmod(path, 0o644)
            with opensmtpd_process.OpenSmtpd(recipe, path) as smtpd, Client(smtpd.port, False) as client:
                deep, tagged = "anybody@b.a.sub.example", "anna+x@example.org"
                quoted = {address for address in REFUSED if address.startswith('"')}  # it takes no mail for such
                for address in {*REFUSED, tagged} - {deep} - quoted:
                    self.assertEqual(client.reply(address), "550 5.1.1 on our suppression list", address)
                for address in {*TAKEN, BELOW, deep} - {tagged}:
                    self.assertRegex(client.reply(address), "^250 ", address)


class Snapshot(unittest.TestCase):
    def test_sqlite3(self):
        with Bounced() as bounced:
            start(bounced)
            path = os.path.join(bounced.folder, "suppressed.sqlite")
            bounced.bouncectl("export", "--format", "sqlite", "--output", path)
            asked = subprocess.run(["sqlite3", "-readonly", path, "PRAGMA integrity_check; SELECT reply FROM suppressions WHERE"
                                    " recipient = 'ANNA@example.org'; SELECT count(*) FROM suppressions"],
                                   check=True, text=True, stdout=subprocess.PIPE).stdout
            self.assertEqual(asked.splitlines(), ["ok", "550 5.1.1 not again: by hand", str(len(LISTED))])


if __name__ == "__main__":
    problem = find_problem()
    if problem is not None:
        print(f"skipped: {problem}")
        sys.exit(77)
    unittest.main()
