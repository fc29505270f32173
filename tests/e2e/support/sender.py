"""Clients that send numbered reports by LMTP as fast as they can, whatever happens to bounced."""

import itertools
import smtplib
import threading
import time

from support.bounced_process import DOMAIN, report

ADDRESSES, CLIENTS = 20, 2


class Client(threading.Thread):
    """Sends reports about addresses of its own, one after the other, until it is told to stop; keeps which were accepted."""

    def __init__(self, bounced, first):
        super().__init__(daemon=True)
        self.bounced, self.first, self.accepted, self.client = bounced, first, [], None
        self.stop = threading.Event()

    def run(self):
        for number in itertools.count(self.first, CLIENTS):
            text = report(number, address=f"user{number % ADDRESSES}@example.org", diagnostic=f"550 5.1.1 number {number}.")
            while not self.send(text):
                time.sleep(0.01)  # bounced starts again
            self.accepted.append(number)
            if self.stop.is_set():
                break
        self.client.close()

    def send(self, text):
        try:
            if self.client is None:
                self.client = smtplib.LMTP(self.bounced.lmtp)
            return self.client.sendmail("", [f"bounces@{DOMAIN}"], text) == {}
        except (OSError, smtplib.SMTPException):
            if self.client is not None:
                self.client.close()
            self.client = None
            return False


def number_of(event):
    return int(event["data"]["diagnostic"].rsplit(" ", 1)[1].rstrip("."))
