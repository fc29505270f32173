"""Nothing acknowledged is lost, nothing is counted twice, nothing is made up.

Clients send numbered reports over many connections and remember each 250; bounced is killed at random moments and
started again. In the end every report that was acknowledged is in the store exactly once, those that were sent and not
acknowledged at most once, and there are no others.

    crash.py [ROUNDS [SEED]]    100 rounds by default: with as many, a commit that comes just after its reply is found
"""

import collections
import itertools
import random
import socket
import sys
import threading
import time

from support.bounced_process import DOMAIN, Bounced, report

CONNECTIONS = 16
BATCH = 5  # messages of one connection


class Senders:
    def __init__(self):
        self.numbers = itertools.count()
        self.sent = set()
        self.acknowledged = set()
        self.port = None
        self.running = True
        self.threads = [threading.Thread(target=self.work) for _ in range(CONNECTIONS)]

    def start(self, port):
        self.port = port
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.running = False
        for thread in self.threads:
            thread.join()

    def work(self):
        while self.running:
            try:
                self.send_some()
            except (OSError, EOFError):
                time.sleep(0.01)  # the daemon is down

    def send_some(self):
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as peer, peer.makefile("rb") as replies:
            expect(replies, "220")
            peer.sendall(b"HELO a.example\r\n")
            expect(replies, "250")
            for _ in range(BATCH):
                number = next(self.numbers)
                peer.sendall(f"MAIL FROM:<>\r\nRCPT TO:<news@{DOMAIN}>\r\nDATA\r\n".encode())
                for code in ("250", "250", "354"):
                    expect(replies, code)
                self.sent.add(number)
                peer.sendall(report(number) + b".\r\n")
                expect(replies, "250")
                self.acknowledged.add(number)


def expect(replies, code):
    line = replies.readline().decode()
    if not line.startswith(code):
        raise EOFError(line)


def check(senders, recipients):
    """The faults of the store; nothing when all is well."""
    counts = collections.Counter(recipients)
    names = {f"user{number}@example.org": number for number in senders.sent}
    for number in sorted(senders.acknowledged):
        if counts[f"user{number}@example.org"] == 0:
            yield f"report {number} was acknowledged and is not in the store"
    for recipient, count in counts.items():
        if count > 1:
            yield f"{recipient} is in the store {count} times"
        if recipient not in names:
            yield f"{recipient} was never sent"


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 32)
    chance = random.Random(seed)
    senders = Senders()
    with Bounced() as bounced:
        senders.start(bounced.start().port)
        for _ in range(rounds):
            time.sleep(chance.uniform(0.0, 0.4))
            bounced.kill()
            senders.port = bounced.start().port
        senders.stop()
        status = bounced.terminate()
        wrong = list(check(senders, bounced.recipients()))
    print(f"{rounds} kills, seed {seed}: {len(senders.sent)} sent, {len(senders.acknowledged)} acknowledged")
    for line in wrong[:20]:
        print(line)
    if not senders.acknowledged:
        wrong.append("nothing was sent")
    sys.exit(1 if wrong or status != 0 else 0)


main()
