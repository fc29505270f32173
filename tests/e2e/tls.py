"""STARTTLS with real handshakes."""

import os
import signal
import smtplib
import socket
import ssl
import subprocess
import unittest

from support.bounced_process import BUILD, DOMAIN, Bounced, report

NEWS = f"news@{DOMAIN}"


class StartTls(unittest.TestCase):
    def setUp(self):
        self.bounced = self.enterContext(Bounced(server="idle-timeout = 30s"))
        self.certificate = os.path.join(self.bounced.folder, "certificate.pem")
        self.key = os.path.join(self.bounced.folder, "key.pem")
        self.make_certificate()
        with open(self.bounced.config, "a", encoding="utf-8") as file:
            file.write(f"[tls]\ncertificate = {self.certificate}\nkey = {self.key}\n")

    def make_certificate(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=mx.example.com", "-addext", "subjectAltName=DNS:mx.example.com",
                        "-out", self.certificate, "-keyout", self.key], check=True, capture_output=True)

    def edit_config(self, old, new):
        with open(self.bounced.config, encoding="utf-8") as file:
            text = file.read()
        self.assertIn(old, text)
        self.bounced.write_config(text.replace(old, new))

    def context(self):
        """A client that believes this certificate alone."""
        return ssl.create_default_context(cafile=self.certificate)

    def connect(self):
        client = self.enterContext(smtplib.SMTP("127.0.0.1", self.bounced.port))
        client._host = "mx.example.com"  # the name that the certificate is looked at for
        return client

    def test_delivery(self):
        self.bounced.start()
        client = self.connect()
        client.ehlo()
        self.assertTrue(client.has_extn("starttls"))
        client.starttls(context=self.context())
        client.ehlo()
        self.assertFalse(client.has_extn("starttls"))
        client.sendmail("", [NEWS], report(1))
        client.sendmail("", [NEWS], report(2) + (b"x" * 998 + b"\r\n") * 8000)
        client.quit()
        self.assertEqual(sorted(self.bounced.recipients()), ["user1@example.org", "user2@example.org"])
        self.assertIn(" tls=TLSv1.3 ", self.bounced.read_log())

    def test_tls_1_2(self):
        self.bounced.start()
        context = self.context()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        client = self.connect()
        client.starttls(context=context)
        client.sendmail("", [NEWS], report(1))
        self.assertIn(" tls=TLSv1.2 ", self.bounced.read_log())

    def test_required(self):
        self.edit_config("protocol = smtp\n", "protocol = smtp\ntls = required\n")
        self.bounced.start()
        client = self.connect()
        client.ehlo()
        self.assertEqual(client.mail("")[0], 530)
        client.starttls(context=self.context())
        client.sendmail("", [NEWS], report(1))
        self.assertEqual(self.bounced.recipients(), ["user1@example.org"])

    def test_xclient(self):
        """The server that speaks for a client keeps its TLS, and comes by none where it is required."""
        self.edit_config("protocol = smtp\n", "protocol = smtp\ntls = required\nxclient = 127.0.0.1\n")
        self.bounced.start()
        client = self.connect()
        client.ehlo()
        self.assertEqual(client.docmd("XCLIENT", "ADDR=192.0.2.77 PORT=1234")[0], 530)
        client.starttls(context=self.context())
        client.ehlo()
        self.assertEqual(client.docmd("XCLIENT", "ADDR=192.0.2.77 PORT=1234")[0], 220)
        client.ehlo()
        self.assertFalse(client.has_extn("starttls"))
        client.sendmail("", [NEWS], report(1))
        self.assertRegex(self.bounced.read_log(), r" peer=192\.0\.2\.77:1234 .* tls=TLSv1\.3 ")

    def test_required_without_certificate(self):
        self.edit_config("protocol = smtp\n", "protocol = smtp\ntls = required\n")
        self.edit_config(f"[tls]\ncertificate = {self.certificate}\nkey = {self.key}\n", "")
        self.assert_refused("tls = required")

    def assert_refused(self, word):
        checked = subprocess.run([os.path.join(BUILD, "bounced"), "--config", self.bounced.config, "--check-config"],
                                 capture_output=True, text=True, check=False)
        self.assertEqual(checked.returncode, os.EX_CONFIG)
        self.assertIn(word, checked.stderr)

    def test_bad_files(self):
        with open(self.certificate, encoding="utf-8") as file:
            first = file.read()
        self.make_certificate()
        with open(self.certificate, "w", encoding="utf-8") as file:
            file.write(first)
        self.assert_refused(self.key)
        os.unlink(self.certificate)
        self.assert_refused(self.certificate)

    def test_plaintext_behind_starttls(self):
        """Commands that somebody put behind STARTTLS would be taken for the peer's own: the connection is closed."""
        self.bounced.start()
        with socket.create_connection(("127.0.0.1", self.bounced.port)) as peer:
            with peer.makefile("rb") as replies:
                replies.readline()
                peer.sendall(b"STARTTLS\r\nMAIL FROM:<evil@example.net>\r\n")
                self.assertEqual(replies.read().splitlines()[-1], b"220 2.0.0 Begin TLS")
        self.assertIn("event=starttls-failed", self.bounced.read_log())

    def test_no_handshake(self):
        """A peer that says STARTTLS and then nonsense, or nothing, holds no session."""
        self.edit_config("idle-timeout = 30s", "idle-timeout = 1s")
        self.bounced.start()
        for bytes_sent in (b"NOOP\r\n", b""):
            with socket.create_connection(("127.0.0.1", self.bounced.port)) as peer:
                peer.recv(1000)
                peer.sendall(b"STARTTLS\r\n")
                self.assertIn(b"Begin TLS", peer.recv(1000))
                peer.sendall(bytes_sent)
                while peer.recv(1000):
                    pass
        self.assertIn("reason=idle-timeout listener=mx", self.bounced.read_log())

    def begin_handshake(self):
        """A peer that has got its 220 and says nothing more."""
        peer = self.enterContext(socket.create_connection(("127.0.0.1", self.bounced.port)))
        with peer.makefile("rb") as replies:
            replies.readline()
            peer.sendall(b"STARTTLS\r\n")
            self.assertIn(b"Begin TLS", replies.readline())
        return peer

    def test_unfinished_handshakes(self):
        """A peer that leaves is not waited for, nor does a stop wait for one that is silent."""
        self.bounced.start()
        self.begin_handshake()
        self.begin_handshake().close()
        with self.connect() as client:
            while "event=starttls-failed" not in self.bounced.read_log():
                client.noop()
        self.assertEqual(self.bounced.terminate(), 0)
        self.assertIn("event=stopping signal=Terminated connections=1", self.bounced.read_log())
        self.assertNotIn("event=stop-timeout", self.bounced.read_log())

    def test_certificate_removed(self):
        """A session that was offered STARTTLS by the old config."""
        self.bounced.start()
        with socket.create_connection(("127.0.0.1", self.bounced.port)) as peer, peer.makefile("rb") as replies:
            replies.readline()
            self.edit_config(f"[tls]\ncertificate = {self.certificate}\nkey = {self.key}\n", "")
            self.bounced.process.send_signal(signal.SIGHUP)
            self.bounced.wait_for_state("RELOADING=1")
            self.bounced.wait_for_state("READY=1")
            peer.sendall(b"STARTTLS\r\n")
            self.assertEqual(replies.read(), b"220 2.0.0 Begin TLS\r\n")
        self.connect().sendmail("", [NEWS], report(1))

    def test_certificate_reloaded(self):
        """SIGHUP: new sessions see the new certificate, running ones go on."""
        self.bounced.start()
        running = self.connect()
        running.starttls(context=self.context())
        self.make_certificate()
        self.bounced.process.send_signal(signal.SIGHUP)
        self.bounced.wait_for_state("RELOADING=1")
        self.bounced.wait_for_state("READY=1")
        self.connect().starttls(context=self.context())
        running.sendmail("", [NEWS], report(1))
        self.assertEqual(self.bounced.recipients(), ["user1@example.org"])

    def test_stop(self):
        """A session inside TLS hears of the stop like any other."""
        self.bounced.start()
        client = self.connect()
        client.starttls(context=self.context())
        self.assertEqual(self.bounced.terminate(), 0)
        self.assertEqual(client.getreply()[0], 421)


if __name__ == "__main__":
    unittest.main()
