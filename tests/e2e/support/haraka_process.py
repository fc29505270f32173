"""A real Haraka for tests, npm's: its own config, plugins and queue, and one port of loopback.

It sends mail for dest.example to a host that may refuse it, and mail for the domains below example.com to bounced."""

import json
import os
import shutil
import socket
import subprocess
import tempfile

from support import npm
from support.postfix_process import find_port, wait_until

# All may send; where mail goes is the DNS's to say elsewhere.
ROUTES = """
exports.hook_connect = (next, connection) => { connection.relaying = true; next(); };
exports.hook_get_mx = (next, hmail, domain) =>
    next(OK, { exchange: '127.0.0.1', priority: 0, port: domain === 'dest.example' ? THEIRS : OURS });
"""


def find_problem():
    return npm.find_problem()


class Haraka:
    """Use it in a `with`, with `plugin` set before, the text of bounced.js. `ours` and `theirs` are the ports of bounced
    and of the host for dest.example."""

    def __init__(self, ours, theirs):
        self.ours, self.theirs = ours, theirs
        self.plugin = None
        self.port = find_port()
        self.process = None
        self.folder = tempfile.mkdtemp(prefix="haraka-test-")

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

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def start(self):
        self.write("plugins/bounced.js", self.plugin)
        self.write("plugins/routes.js", ROUTES.replace("THEIRS", str(self.theirs)).replace("OURS", str(self.ours)))
        self.write("config/plugins", "bounced\nroutes\n")
        self.write("config/smtp.ini", f"listen=127.0.0.1:{self.port}\nnodes=0\n")
        self.write("config/me", "mta.example.net\n")
        self.write("config/outbound.ini", "enable_tls=false\nlocal_mx_ok=true\n[ip]\n")
        shutil.copy(os.path.join(npm.MODULES, "Haraka", "config", "connection.ini"), os.path.join(self.folder, "config"))
        self.write("package.json", json.dumps({"name": "mta"}))
        with open(os.path.join(self.folder, "log"), "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(["node", os.path.join(npm.MODULES, "Haraka", "bin", "haraka"), "-c", self.folder],
                                            stdout=log, stderr=subprocess.STDOUT)
        wait_until(self.listens, lambda: f"Haraka to start: {self.read_log()}")

    def listens(self):
        if self.process.poll() is not None:
            raise AssertionError(f"Haraka ended: {self.read_log()}")
        try:
            with socket.create_connection(("127.0.0.1", self.port)):
                return True
        except ConnectionRefusedError:
            return False

    def read_log(self):
        with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as file:
            return file.read()
