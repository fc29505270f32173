"""A real Exim for tests, Debian's: its own config, spool and log, and one port of loopback.

It sends mail for dest.example to a host that may refuse it, and mail for the domains below example.com to bounced."""

import os
import shutil
import tempfile

from support import unpacked
from support.postfix_process import find_port, wait_until

PACKAGES = ("exim4-daemon-light", "libgnutls-dane0", "libunbound8", "libidn12", "libnsl2", "libdb5.3")
NUMBER = 64901  # of the user Debian-exim, that nobody else has

CONFIG = """
primary_hostname = mta.example.net
spool_directory = {folder}/spool
log_file_path = {folder}/log/%s
pid_file_path = {folder}/spool/pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
acl_smtp_rcpt = rcpt
acl_smtp_data = accept
rfc1413_query_timeout = 0s
dsn_advertise_hosts = *
keep_environment =
smtp_accept_max = 0
delay_warning =
begin acl
rcpt:
{acl}
  accept
begin routers
ours:
  driver = manualroute
  domains = *.example.com
  route_list = * 127.0.0.1
  self = send
  transport = {transport}
theirs:
  driver = manualroute
  domains = dest.example
  route_list = * 127.0.0.1
  self = send
  transport = theirs
begin transports
smtp:
  driver = smtp
  allow_localhost
  port = {place}
lmtp:
  driver = lmtp
  socket = {place}
theirs:
  driver = smtp
  allow_localhost
  port = {theirs}
begin retry
* * F,1h,1s
"""


def find_problem():
    return unpacked.find_problem(PACKAGES)


class Exim:
    """Use it in a `with`, with `theirs` set before, the port of the host for dest.example. `transport` and `place` lead
    to bounced: smtp and a port, or lmtp and the path of a socket."""

    def __init__(self, transport, place):
        self.theirs = None
        self.acl = ""  # before all is accepted
        self.transport = transport
        self.place = place
        self.port = find_port()
        self.process = None
        self.folder = tempfile.mkdtemp(prefix="exim-test-")
        os.chmod(self.folder, 0o755)  # Exim works as another user
        self.packages = unpacked.Unpacked(os.path.join(self.folder, "packages"))

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
        self.packages.add_user("Debian-exim", NUMBER)
        for name in ("spool", "log"):
            os.mkdir(os.path.join(self.folder, name))
            os.chown(os.path.join(self.folder, name), NUMBER, NUMBER)
        config = os.path.join(self.packages.folder, "etc", "exim4")
        os.makedirs(config, exist_ok=True)
        with open(os.path.join(config, "exim4.conf"), "w", encoding="utf-8") as file:
            file.write(CONFIG.format(folder=self.folder, port=self.port, theirs=self.theirs, transport=self.transport, acl=self.acl,
                                     place=self.place))
        self.process = self.packages.start("exim4", "-bdf", "-q1s")
        pid = os.path.join(self.folder, "spool", "pid")
        wait_until(lambda: os.path.exists(pid), lambda: f"Exim to start: {self.read_log()}")

    def submit(self, sender, recipients, text, user="root"):
        sent = self.packages.run("setpriv", "--reuid", user, "--regid", "nogroup", "--clear-groups",
                                 "exim4", "-i", "-f", sender, "--", *recipients, text=text)
        if sent.returncode != 0:
            raise AssertionError(f"exim4: {sent.stdout}{self.read_log()}")

    def read_log(self):
        text = ""
        folder = os.path.join(self.folder, "log")
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
                text += file.read()
        return text
