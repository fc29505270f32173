"""A bounced process for tests: its own folder, config and database, on ports that the kernel chooses."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile

BUILD = os.environ["BUILD"]
DOMAIN = "bounces.example.com"

CONFIG = """
[store]
path = {folder}/bounced.db
{store}
[server]
hostname = mx.example.com
{server}
[listen mx]
protocol = smtp
address = 127.0.0.1:0
{listen}
[listen lmtp]
protocol = lmtp
address = unix:{folder}/lmtp
{listen}
[return-path all]
domain = {domain}
unproven = suppress
"""


# The beginning of configs that tests write themselves, and the listeners that mail servers ask.
HEAD = """
[store]
path = {folder}/bounced.db
[server]
hostname = mx.example.com
[listen mx]
protocol = smtp
address = 127.0.0.1:0
"""
ASKED = """
[listen socketmap]
protocol = socketmap
address = unix:{folder}/socketmap
[listen policy]
protocol = policy
address = unix:{folder}/policy
[listen tcp]
protocol = tcp-table
address = 127.0.0.1:0
[listen exim]
protocol = readsocket
address = unix:{folder}/readsocket
"""


def report(number, domain="example.org", address=None, diagnostic="550 5.1.1 User unknown"):
    """A failure report (RFC 3464) about user{number}, or `address`; those of different numbers are different messages."""
    return (
        "From: <MAILER-DAEMON@mta.example.net>\r\n"
        f"To: <news@{DOMAIN}>\r\n"
        "Subject: Undelivered mail\r\n"
        f"Message-ID: <{number}@mta.example.net>\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n'
        "\r\n"
        "--b\r\n"
        "\r\n"
        "Your message could not be delivered.\r\n"
        "--b\r\n"
        "Content-Type: message/delivery-status\r\n"
        "\r\n"
        "Reporting-MTA: dns; mta.example.net\r\n"
        "\r\n"
        f"Final-Recipient: rfc822; {address or f'user{number}@{domain}'}\r\n"
        "Action: failed\r\n"
        "Status: 5.1.1\r\n"
        f"Diagnostic-Code: smtp; {diagnostic}\r\n"
        "\r\n"
        "--b--\r\n"
    ).encode()


class Bounced:
    """Use it in a `with`: the folder goes away in the end, and the process is killed if it still runs."""

    def __init__(self, folder=None, store="", server="", listen=""):
        self.folder = folder or tempfile.mkdtemp(prefix="bounced-test-")
        self.log = os.path.join(self.folder, "log")
        self.config = os.path.join(self.folder, "bounced.conf")
        self.lmtp = os.path.join(self.folder, "lmtp")
        self.process = None
        self.port = None
        self.write_config(CONFIG.format(folder=self.folder, store=store, server=server, listen=listen,
                                       domain=DOMAIN))
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(os.path.join(self.folder, "notify"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.notify.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def write_config(self, text):
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(text)

    def launch(self, environment=(), prefix=(), **options):
        """Starts the process and does not wait for it."""
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [*prefix, os.path.join(BUILD, "bounced"), "--config", self.config],
                stderr=log,
                env={**os.environ, "NOTIFY_SOCKET": self.notify.getsockname(), **dict(environment)},
                **options,
            )
        return self

    def start(self, environment=(), prefix=(), **options):
        """Starts the process and waits until it is ready."""
        self.launch(environment, prefix, **options)
        self.wait_for_state("READY=1")
        self.port = self.find_port("mx")
        return self

    def find_port(self, listener):
        found = re.search(rf"listener={listener} \S+ address=127\.0\.0\.1:(\d+)", self.read_log())
        return int(found.group(1))

    def wait_for_state(self, state):
        """Waits until systemd would be told `state`; fails when the process ends before."""
        self.notify.settimeout(0.1)
        while True:
            try:
                if state in self.notify.recv(4096).decode().splitlines():
                    return
            except TimeoutError:
                if self.process.poll() is not None:
                    raise AssertionError("bounced ended: " + self.read_log()) from None

    def read_log(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def terminate(self):
        """SIGTERM; returns the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def bouncectl(self, *arguments):
        return subprocess.run(
            [os.path.join(BUILD, "bouncectl"), "--config", self.config, *arguments],
            stdout=subprocess.PIPE,
            check=True,
        ).stdout.decode()

    def recipients(self):
        """The recipient of every event in the store."""
        lines = self.bouncectl("events", "--json").splitlines()
        return [json.loads(line).get("recipient") for line in lines]
