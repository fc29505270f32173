"""The clients that people have, each delivering a report: in the clear and over TLS that is required, by SMTP and LMTP."""

import os
import smtplib
import ssl
import subprocess
import unittest

from support.bounced_process import DOMAIN, Bounced, report
from support.postfix_process import Postfix, find_problem, wait_until

NEWS = f"news@{DOMAIN}"


def run(*command, message=None):
    done = subprocess.run(command, input=message, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.stdout.decode()}")


class Client(unittest.TestCase):
    def setUp(self):
        """Mail by SMTP needs TLS, by a certificate for mx.example.com."""
        self.bounced = self.enterContext(Bounced())
        self.certificate = os.path.join(self.bounced.folder, "certificate.pem")
        key = os.path.join(self.bounced.folder, "key.pem")
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=mx.example.com", "-addext", "subjectAltName=DNS:mx.example.com,DNS:localhost",
            "-out", self.certificate, "-keyout", key)
        with open(self.bounced.config, encoding="utf-8") as file:
            config = file.read()
        self.bounced.write_config(config.replace("protocol = smtp\n", "protocol = smtp\ntls = required\n") +
                                  f"[listen clear]\nprotocol = smtp\naddress = 127.0.0.1:0\n"
                                  f"[tls]\ncertificate = {self.certificate}\nkey = {key}\n")
        # Postfix works as another user, and comes to the UNIX socket.
        os.chmod(self.bounced.folder, 0o755)
        os.chmod(self.certificate, 0o644)
        self.bounced.start()
        self.tls = self.bounced.port
        self.clear = self.bounced.find_port("clear")

    def assert_delivered(self, *tls):
        """Reports 1 to n are there, each once; `tls` says which of them came over TLS."""
        self.assertEqual(sorted(self.bounced.recipients()), [f"user{n}@example.org" for n in range(1, len(tls) + 1)])
        self.assertEqual(self.bounced.read_log().count(" tls=TLSv1.3 "), sum(tls))

    def write(self, number):
        """A file with LF, as there are many."""
        path = os.path.join(self.bounced.folder, f"{number}.eml")
        with open(path, "wb") as file:
            file.write(report(number).replace(b"\r\n", b"\n"))
        return path

    def test_smtplib(self):
        with smtplib.SMTP("127.0.0.1", self.clear) as client:
            client.sendmail("", [NEWS], report(1))
        with smtplib.SMTP("localhost", self.tls) as client:
            client.starttls(context=ssl.create_default_context(cafile=self.certificate))
            client.sendmail("", [NEWS], report(2))
        with smtplib.LMTP(self.bounced.lmtp) as client:
            client.sendmail("", [NEWS], report(3))
        self.assert_delivered(False, True, False)

    def test_swaks(self):
        for number, where in enumerate((["--server", f"127.0.0.1:{self.clear}"],
                                        ["--server", f"localhost:{self.tls}", "--tls", "--tls-verify",
                                         "--tls-ca-path", self.certificate],
                                        ["--protocol", "LMTP", "--socket", self.bounced.lmtp]), 1):
            run("swaks", "--silent", "2", *where, "--from", "<>", "--to", NEWS, "--data", f"@{self.write(number)}")
        self.assert_delivered(False, True, False)

    def test_curl(self):
        for number, where in enumerate(([f"smtp://127.0.0.1:{self.clear}/a.example"],
                                        [f"smtp://localhost:{self.tls}/a.example", "--ssl-reqd", "--cacert",
                                         self.certificate]), 1):
            run("curl", "-sS", *where, "--crlf", "--mail-from", "", "--mail-rcpt", NEWS,
                "--upload-file", self.write(number))
        self.assert_delivered(False, True)

    def test_msmtp(self):
        for number, where in enumerate(([f"--port={self.clear}", "--tls=off"],
                                        [f"--port={self.tls}", "--tls=on", f"--tls-trust-file={self.certificate}"],
                                        ["--protocol=lmtp", f"--socket={self.bounced.lmtp}", "--port=24", "--tls=off"]), 1):
            run("msmtp", "--file=/dev/null", "--host=localhost", *where, "--from=<>", NEWS, message=report(number))
        self.assert_delivered(False, True, False)

    def test_smtp_source(self):
        for number, where in enumerate((["-s", "1", f"inet:127.0.0.1:{self.clear}"],
                                        ["-L", f"unix:{self.bounced.lmtp}"]), 1):
            run("/usr/sbin/smtp-source", "-F", self.write(number), "-f", "", "-t", NEWS, *where)
        self.assert_delivered(False, False)

    def relay(self, transport, *settings):
        with Postfix(transport) as postfix:
            for setting in settings:
                postfix.run("postconf", "-e", setting)
            postfix.run("postfix", "reload")
            sent = postfix.run("sendmail", "-f", "", "--", NEWS, text=report(1).decode().replace("\r\n", "\n"))
            self.assertEqual(sent.returncode, 0, sent.stdout)
            wait_until(lambda: self.bounced.recipients() and not postfix.queue(), postfix.read_log)

    @unittest.skipIf(find_problem(), find_problem())
    def test_postfix(self):
        self.relay(f"smtp:[127.0.0.1]:{self.clear}", "smtp_tls_security_level = none")
        self.assert_delivered(False)

    @unittest.skipIf(find_problem(), find_problem())
    def test_postfix_over_tls(self):
        """Postfix delivers to nobody else than whom the certificate names."""
        self.relay(f"smtp:[127.0.0.1]:{self.tls}", "smtp_tls_security_level = verify",
                   "smtp_tls_verify_cert_match = mx.example.com", f"smtp_tls_CAfile = {self.certificate}")
        self.assert_delivered(True)

    @unittest.skipIf(find_problem(), find_problem())
    def test_postfix_by_lmtp(self):
        self.relay(f"lmtp:unix:{self.bounced.lmtp}")
        self.assert_delivered(False)


if __name__ == "__main__":
    unittest.main(verbosity=2)
