"""A name server for tests, on loopback: TXT records out of a dictionary, or no answer, or a failure."""

import socket
import struct
import threading


class NameServer:
    """Use it in a `with`. `mode` is "answer", "silent" or "fail", and may change; `asked` are the names in their order."""

    def __init__(self):
        self.records = {}
        self.mode = "answer"
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.mode = "stop"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.sendto(b"", self.socket.getsockname())
        self.thread.join()
        self.socket.close()

    def serve(self):
        while True:
            packet, peer = self.socket.recvfrom(4096)
            if self.mode == "stop":
                return
            name, end = self.read_name(packet, 12)
            self.asked.append(name)
            if self.mode != "silent":
                self.socket.sendto(self.answer(packet, end + 4, name), peer)

    @staticmethod
    def read_name(packet, at):
        labels = []
        while packet[at] != 0:
            labels.append(packet[at + 1 : at + 1 + packet[at]].decode().lower())
            at += packet[at] + 1
        return ".".join(labels), at + 1

    def answer(self, packet, end, name):
        """Header, question, and the records (RFC 1035 section 4.1), in strings of 255 octets at most."""
        texts = self.records.get(name, []) if self.mode == "answer" else []
        code = 2 if self.mode == "fail" else 0 if texts else 3
        out = packet[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, len(texts), 0, 0) + packet[12:end]
        for text in texts:
            data = text.encode()
            strings = b"".join(bytes([len(data[i : i + 255])]) + data[i : i + 255] for i in range(0, len(data), 255))
            out += struct.pack(">HHHIH", 0xC00C, 16, 1, 300, len(strings)) + strings
        return out
