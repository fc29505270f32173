"""A client that is a socket and its lines, for what smtplib is too polite to do."""

import socket

from support.bounced_process import DOMAIN

NEWS = f"news@{DOMAIN}"


class Peer:
    def __init__(self, place, source="127.0.0.1"):
        """A port of loopback, or the path of a UNIX socket."""
        if isinstance(place, int):
            self.socket = socket.create_connection(("127.0.0.1", place), timeout=60, source_address=(source, 0))
        else:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(place)
        self.file = self.socket.makefile("rb")

    def line(self):
        return self.file.readline().decode().rstrip("\r\n")

    def send(self, text):
        self.socket.sendall(text.encode())

    def ask(self, text):
        self.send(text + "\r\n")
        return self.line()

    def begin(self):
        """Up to the mail data."""
        return [self.line()] + self.transact()

    def transact(self):
        """From the greeting up to the mail data."""
        return [self.ask(text) for text in ("HELO a.example", "MAIL FROM:<>", f"RCPT TO:<{NEWS}>", "DATA")]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()
