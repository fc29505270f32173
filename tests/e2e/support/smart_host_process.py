"""Smart hosts for tests: Postfix's smtp-sink, which can refuse and stall and keeps what it takes as files, and a Postfix
with STARTTLS and AUTH that delivers into a maildir."""

import os
import pwd
import shutil
import socket
import subprocess

from support.postfix_process import COMMANDS, Postfix, find_port, wait_until

USER = "bounced"
PASSWORD = "a secret for this test"
SINK = os.path.join(COMMANDS, "smtp-sink")


class Sink:
    """Has one port for all its life, whether it runs or not. Use it in a `with`."""

    def __init__(self, folder):
        self.port = find_port()
        self.folder = os.path.join(folder, "sink")
        self.process = None
        os.mkdir(self.folder)
        os.chmod(folder, 0o755)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self, *options):
        """`options` as smtp-sink(1) has them. The messages that it took before are forgotten."""
        self.stop()
        shutil.rmtree(self.folder)
        os.mkdir(self.folder)
        user = []
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            user = ["-u", "nobody"]
        self.process = subprocess.Popen([SINK, *user, *options, "-d", os.path.join(self.folder, "mail."),
                                         f"127.0.0.1:{self.port}", "10"])
        wait_until(self.answers, lambda: "smtp-sink to start")

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
        except ConnectionRefusedError:
            return False
        return True

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def messages(self):
        """The message that it took, or is taking, as text with LF; the envelope in fields X-Mail-Args and X-Rcpt-Args before it."""
        found = []
        for name in sorted(os.listdir(self.folder)):
            with open(os.path.join(self.folder, name), encoding="utf-8", newline="") as file:
                found.append(file.read().replace("\r\n", "\n"))
        return found


class PostfixHost(Postfix):
    """Takes mail for person@dest.example from who has logged in, as USER with PASSWORD, by STARTTLS; the certificate is for
    127.0.0.1."""

    main = """
myhostname = smart.example.net
smtpd_tls_cert_file = {folder}/certificate.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_tls_security_level = encrypt
smtpd_tls_received_header = yes
virtual_mailbox_domains = dest.example
virtual_mailbox_maps = inline:{{ person@dest.example=box/ }}
virtual_mailbox_base = {folder}/boxes
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
smtpd_sasl_auth_enable = yes
smtpd_sasl_path = smtpd
smtpd_sasl_local_domain = smart.example.net
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_sasl_authenticated, reject
"""
    master = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
virtual unix - n n - - virtual
proxymap unix - - n - - proxymap
showq unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
"""

    def __init__(self):
        super().__init__()
        self.certificate = os.path.join(self.folder, "certificate.pem")
        make_certificate(self.certificate, os.path.join(self.folder, "key.pem"))
        os.mkdir(os.path.join(self.folder, "boxes"))
        os.chown(os.path.join(self.folder, "boxes"), 65534, 65534)
        self.make_users(os.path.join(self.config, "sasl"))  # where Debian's Postfix looks

    def make_users(self, folder):
        os.mkdir(folder)
        users = os.path.join(folder, "users")
        with open(os.path.join(folder, "smtpd.conf"), "w", encoding="utf-8") as file:
            file.write(f"pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: {users}\nmech_list: PLAIN\n")
        subprocess.run(["saslpasswd2", "-c", "-p", "-f", users, "-u", "smart.example.net", USER], check=True,
                       input=PASSWORD, text=True)
        shutil.chown(users, "postfix")

    def messages(self):
        found = []
        folder = os.path.join(self.folder, "boxes", "box", "new")
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                found.append(file.read())
        return found


def make_certificate(certificate, key):
    """For 127.0.0.1, signed by itself."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-out", certificate, "-keyout", key], check=True, capture_output=True)
