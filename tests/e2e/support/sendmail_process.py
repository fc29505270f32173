"""A real Sendmail for tests, Debian's: its own config, queue and log, and one port of loopback.

It sends mail for dest.example to a host that may refuse it, and mail for the domains below example.com to bounced."""

import os
import shutil
import socket
import tempfile

from support import unpacked
from support.postfix_process import find_port, wait_until

PACKAGES = ("sendmail-bin", "sendmail-base", "sendmail-cf", "libwrap0", "liblockfile1", "m4", "libsigsegv2")
COMMAND = "/usr/libexec/sendmail/sendmail"
SMMTA, SMMSP = 64902, 64903  # the users, that nobody else has

MC = """divert(0)dnl
include(`/usr/share/sendmail/cf/m4/cf.m4')dnl
OSTYPE(`debian')dnl
undefine(`confCR_FILE')undefine(`confCT_FILE')undefine(`confCW_FILE')dnl
define(`confDOMAIN_NAME', `mta.example.net')dnl
define(`QUEUE_DIR', `{folder}/queue')dnl
define(`STATUS_FILE', `{folder}/status')dnl
define(`confPID_FILE', `{folder}/pid')dnl
define(`confHOST_STATUS_DIRECTORY')dnl
define(`ALIAS_FILE')dnl
define(`HELP_FILE')dnl
define(`confCONTROL_SOCKET_NAME')dnl
define(`confTO_IDENT', `0')dnl
define(`confDONT_BLAME_SENDMAIL', `MapInUnsafeDirPath')dnl
define(`confDELIVERY_MODE', `background')dnl
define(`confDONT_PROBE_INTERFACES', `True')dnl
define(`confSERVICE_SWITCH_FILE', `{folder}/switch')dnl
define(`ESMTP_MAILER_ARGS', `TCP $h {theirs}')dnl
define(`RELAY_MAILER_ARGS', `TCP $h {place}')dnl
FEATURE(`no_default_msa')dnl
DAEMON_OPTIONS(`Name=MTA, Addr=127.0.0.1, Port={port}')dnl
FEATURE(`nocanonify')dnl
FEATURE(`accept_unresolvable_domains')dnl
FEATURE(`promiscuous_relay')dnl
MAILER(`local')dnl
MAILER(`smtp')dnl
LOCAL_RULE_0
R$* < @ dest.example $* > $*	$#esmtp $@ [127.0.0.1] $: $1 < @ dest.example $2 > $3
R$* < @ $+ .example.com $* > $*	$#{mailer} $@ [127.0.0.1] $: $1 < @ $2 .example.com $3 > $4
MAILER_DEFINITIONS
Mbouncedlmtp, P=[IPC], F=mDFMuXkz8, S=EnvFromSMTP/HdrFromSMTP, R=EnvToSMTP, E=\\r\\n, L=2040,
	T=DNS/RFC822/SMTP, A=FILE {place}
{rules}"""

# what local users hand mail in with (its submit.cf)
SUBMIT = """divert(0)dnl
include(`/usr/share/sendmail/cf/m4/cf.m4')dnl
OSTYPE(`debian')dnl
define(`confDOMAIN_NAME', `mta.example.net')dnl
define(`confDONT_PROBE_INTERFACES', `True')dnl
define(`confSERVICE_SWITCH_FILE', `{folder}/switch')dnl
define(`MSP_QUEUE_DIR', `{folder}/submit')dnl
define(`_MTA_HOST_', `[127.0.0.1]')dnl
define(`SMTP_MAILER_ARGS', `TCP $h {port}')dnl
define(`ESMTP_MAILER_ARGS', `TCP $h {port}')dnl
define(`RELAY_MAILER_ARGS', `TCP $h {port}')dnl
FEATURE(`nocanonify')dnl
FEATURE(`msp', `[127.0.0.1]')dnl
"""


def find_problem():
    return unpacked.find_problem(PACKAGES)


class Sendmail:
    """Use it in a `with`, with `theirs` set before, the port of the host for dest.example. `transport` and `place` lead
    to bounced: smtp and a port, or lmtp and the path of a socket."""

    def __init__(self, transport, place):
        self.theirs = None
        self.rules = ""  # lines for its .mc
        self.mailer = {"smtp": "relay", "lmtp": "bouncedlmtp"}[transport]
        self.place = place
        seen = ""
        if transport == "lmtp":  # Sendmail goes to no socket below a folder that everybody may write to, such as /tmp
            seen, name = os.path.split(place)
            self.place = os.path.join(unpacked.SEEN, name)
        self.port = find_port()
        self.process = None
        self.folder = tempfile.mkdtemp(prefix="sendmail-test-")
        os.chmod(self.folder, 0o755)  # local users hand mail in
        self.packages = unpacked.Unpacked(os.path.join(self.folder, "packages"), seen)

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
        self.packages.add_user("smmta", SMMTA)
        self.packages.add_user("smmsp", SMMSP)
        with open(os.path.join(self.packages.folder, "etc", "hosts"), "w", encoding="utf-8") as file:
            # Sendmail waits a minute for a full name of this machine.
            file.write(f"127.0.0.1 localhost\n127.0.1.1 mta.example.net {socket.gethostname()}\n")
        os.mkdir(os.path.join(self.folder, "queue"), 0o700)
        submit = os.path.join(self.folder, "submit")
        os.mkdir(submit)
        os.chown(submit, SMMSP, SMMSP)
        os.chmod(submit, 0o770)
        self.write_config()
        self.process = self.packages.start(COMMAND, "-C", os.path.join(self.folder, "sendmail.cf"), "-bD", "-q1s",
                                           "-X", os.path.join(self.folder, "log"))
        pid = os.path.join(self.folder, "pid")
        wait_until(lambda: os.path.exists(pid), lambda: f"Sendmail to start: {self.read_log()}")

    def write_config(self):
        for name, text in (("sendmail.mc", MC), ("submit.mc", SUBMIT), ("switch", "hosts files\naliases files\n")):
            with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
                file.write(text.format(folder=self.folder, port=self.port, theirs=self.theirs, mailer=self.mailer, rules=self.rules,
                                       place=self.place))
        made = self.packages.run("sh", "-c", 'cd "$0" && m4 sendmail.mc >sendmail.cf && m4 submit.mc >submit.cf',
                                 self.folder)
        if made.returncode != 0:
            raise AssertionError(f"m4: {made.stdout}")

    def submit(self, sender, recipients, text, user="root"):
        """As local users do: to the MTA, by way of the queue that is the group smmsp's."""
        sent = self.packages.run("setpriv", "--reuid", user, "--regid", str(SMMSP), "--clear-groups",
                                 COMMAND, "-Ac", "-C", os.path.join(self.folder, "submit.cf"), "-i", "-f", sender, "--",
                                 *recipients, text=text)
        if sent.returncode != 0:
            raise AssertionError(f"sendmail: {sent.stdout}{self.read_log()}")

    def read_log(self):
        """The SMTP session."""
        try:
            with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""
