"""A real OpenSMTPD for tests, Debian's: its own config, spool and one port of loopback. It takes mail for anybody, but for
those whom its config refuses."""

import os
import shutil
import socket
import tempfile

from support import unpacked
from support.postfix_process import find_port, wait_until

PACKAGES = ("opensmtpd", "libdb5.3")
NUMBERS = {"opensmtpd": 64902, "opensmtpq": 64903}  # of its users, that nobody else has

CONFIG = """
{recipe}
action "away" relay host smtp://127.0.0.1:1
match from any for any action "away"
"""

# It works in folders that are compiled in.
START = """
for place in /var/spool /var/lib /run; do mount -t tmpfs -o mode=755 none $place || exit; done
mkdir -p /var/lib/opensmtpd/empty
mkdir -m 711 /var/spool/smtpd
exec smtpd -d
"""


def find_problem():
    return unpacked.find_problem(PACKAGES)


class OpenSmtpd:
    """Use it in a `with`. `recipe` is of its config, with a listener on all addresses; `table` is the file of the table."""

    def __init__(self, recipe, table):
        self.folder = tempfile.mkdtemp(prefix="opensmtpd-test-")
        os.chmod(self.folder, 0o755)
        self.packages = unpacked.Unpacked(os.path.join(self.folder, "packages"))
        self.port = find_port()
        self.recipe = recipe
        self.table = table
        self.process = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        self.packages.unpack(PACKAGES)
        for name, number in NUMBERS.items():
            self.packages.add_user(name, number)
        listener = f"listen on 127.0.0.1 port {self.port}"
        recipe = self.recipe.replace("listen on 0.0.0.0", listener).replace("/etc/mail/suppressed", self.table)
        with open(os.path.join(self.packages.folder, "etc", "smtpd.conf"), "w", encoding="utf-8") as file:
            file.write(CONFIG.format(recipe=recipe))
        self.process = self.packages.start("sh", "-c", START)
        wait_until(self.answers, lambda: f"OpenSMTPD to start; its status: {self.process.poll()}")

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port)):
                return True
        except OSError:
            return False
