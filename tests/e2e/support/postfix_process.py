"""A real Postfix for tests: its own config, queue and log, and one port of loopback.

It sends and delivers the reports, and is also the other side: its smtpd takes mail for dest.example, where it knows
anna, ben and carla alone, and is without DSN (RFC 3461). Mail for slow.example waits."""

import os
import shutil
import socket
import subprocess
import tempfile
import time

COMMANDS = "/usr/sbin"
DEADLINE = 60  # seconds: until then a condition that a test waits for must hold
STARTS = 20  # the port that we found free may be taken before Postfix has it

# what every Postfix of the tests has
BASE = """
compatibility_level = 3.6
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = {commands}
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
"""

MAIN = """
myhostname = mta.example.net
biff = no
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_client_connection_count_limit = 0
notify_classes =
# the other side
virtual_mailbox_domains = dest.example
virtual_mailbox_maps = inline:{{ anna@dest.example=-, ben@dest.example=-, carla@dest.example=- }}
# who comes back, and what takes it
transport_maps = inline:{{
    {{ dest.example = smtp:[127.0.0.1]:{port} }}
    {{ slow.example = retry:4.2.2 Mailbox is full }}
    {{ .example.com = {transport} }} }}
# a delay warning at the second attempt
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
delay_warning_time = 1s
"""

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
    -o myhostname=mx.dest.example
    -o smtpd_discard_ehlo_keywords=dsn
    -o smtpd_recipient_restrictions=reject_unlisted_recipient,reject_unauth_destination
    -o smtpd_end_of_data_restrictions=check_client_access,static:discard
pickup unix n - n 1 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
retry unix - - n - - error
proxymap unix - - n - - proxymap
discard unix - - n - - discard
showq unix n - n - - showq
tlsmgr unix - - n - 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""


def find_problem():
    """Why Postfix cannot run here; None when it can."""
    if os.geteuid() != 0:
        return "a Postfix of its own needs root"
    if not os.path.exists(os.path.join(COMMANDS, "postfix")):
        return "Postfix is not installed"
    return None


def find_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Postfix:
    """Use it in a `with`. Mail for the domains below example.com goes to `transport`, as transport(5) writes it."""

    main = MAIN  # behind BASE
    master = MASTER

    def __init__(self, transport=""):
        self.transport = transport
        self.folder = tempfile.mkdtemp(prefix="postfix-test-")
        os.chmod(self.folder, 0o755)  # Postfix works as another user
        for name in ("config", "queue", "data"):
            os.mkdir(os.path.join(self.folder, name))
        shutil.chown(os.path.join(self.folder, "data"), "postfix")
        self.config = os.path.join(self.folder, "config")

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.run("postfix", "status").returncode == 0:
            self.run("postfix", "abort")
            wait_until(lambda: self.run("postfix", "status").returncode != 0, lambda: "Postfix to end")
        shutil.rmtree(self.folder)

    def start(self):
        for _ in range(STARTS):
            self.write_config(find_port())
            started = self.run("postfix", "start")  # returns when all sockets are there
            if started.returncode == 0:
                return
        raise AssertionError(f"Postfix did not start: {started.stdout}{self.read_log()}")

    def write_config(self, port):
        self.port = port
        for name, text in (("main.cf", BASE + self.main), ("master.cf", self.master)):
            with open(os.path.join(self.config, name), "w", encoding="utf-8") as file:
                file.write(text.format(folder=self.folder, commands=COMMANDS, port=port, transport=self.transport))

    def run(self, command, *arguments, text=None):
        """One of Postfix's commands on this instance."""
        environment = {**os.environ, "MAIL_CONFIG": self.config}
        return subprocess.run([os.path.join(COMMANDS, command), *arguments], input=text, text=True, env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)

    def send(self, sender, recipients, *options):
        """Submits a message by sendmail(1)."""
        message = (f"From: News <news@example.com>\nTo: {', '.join(recipients)}\nSubject: The news of today\n"
                   f"Message-ID: <today@example.com>\n\nHello\n")
        sent = self.run("sendmail", "-i", *options, "-f", sender, "--", *recipients, text=message)
        if sent.returncode != 0:
            raise AssertionError(f"sendmail: {sent.stdout}")

    def queue(self):
        """The queue, one line a message."""
        return self.run("postqueue", "-j").stdout.splitlines()

    def read_log(self):
        try:
            with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""


def wait_until(holds, describe):
    """Asks again and again; fails at the deadline, and says what it waited for."""
    end = time.monotonic() + DEADLINE
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"waited {DEADLINE} s for {describe()}")
        time.sleep(0.05)
