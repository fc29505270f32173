"""All that the API acknowledged is there, once, however often bounced is killed and clients post again.

Clients post numbered events, alone, in lists and by a request's key, and reports, over many connections, and post again what
was not answered; bounced is killed at random moments and started again. In the end each is in the store exactly once.

    api_crash.py [ROUNDS [SEED]]    25 rounds by default
"""

import collections
import http.client
import itertools
import json
import random
import sys
import threading
import time

from support.bounced_process import HEAD, Bounced, report

CONFIG = HEAD + """
[listen api]
protocol = http
address = 127.0.0.1:0
serve = api
[return-path news]
domain = bounces.example.com
"""
CLIENTS = 8
PER_LIST = 20


def event(number, **members):
    return {"recipient": f"user{number}@example.org", "reply": 550, "diagnostic": "550 5.1.1 User unknown", **members}


class Clients:
    def __init__(self, token):
        self.numbers = itertools.count()
        self.token = token
        self.port = None
        self.running = True
        self.done, self.again, self.faults = [], 0, []
        self.threads = [threading.Thread(target=self.work, args=(kind,)) for kind in
                        (self.one, self.several, self.by_request, self.mail) * (CLIENTS // 4)]

    def one(self):
        number = next(self.numbers)
        return [number], "/v1/events", {}, json.dumps(event(number, id=str(number)))

    def several(self):
        numbers = [next(self.numbers) for _ in range(PER_LIST)]
        return numbers, "/v1/events", {}, json.dumps([event(number, id=str(number)) for number in numbers])

    def by_request(self):
        numbers = [next(self.numbers) for _ in range(PER_LIST)]
        return numbers, "/v1/events", {"Idempotency-Key": str(numbers[0])}, json.dumps([event(number) for number in numbers])

    def mail(self):
        number = next(self.numbers)
        path = "/v1/messages?mail_from=&rcpt_to=news%40bounces.example.com"
        return [number], path, {"Content-Type": "message/rfc822"}, report(number)

    def work(self, kind):
        while self.running:
            numbers, path, headers, body = kind()
            while not self.posted(numbers, path, headers, body):
                self.again += 1
                time.sleep(0.01)  # the daemon is down

    def posted(self, numbers, path, headers, body):
        """Was it answered that all of it is there?"""
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            fields = {"Content-Type": "application/json", **headers, "Authorization": f"Bearer {self.token}"}
            connection.request("POST", path, body, fields)
            answer = connection.getresponse()
            text = answer.read()
            connection.close()
        except (OSError, http.client.HTTPException):
            return False
        if answer.status != 200 and answer.status != 503 or answer.status == 200 and json.loads(text).get("refused", 0) != 0:
            self.faults.append(f"{path}: {answer.status} {text[:200]}")
        if answer.status != 503:
            self.done.extend(numbers)
        return answer.status != 503


def check(clients, recipients):
    """The faults of the store; nothing when all is well."""
    counts = collections.Counter(recipients)
    for number in sorted(clients.done):
        if counts.pop(f"user{number}@example.org", 0) != 1:
            yield f"event {number} was acknowledged, and is not in the store once"
    for recipient, count in counts.items():
        yield f"{recipient} is in the store {count} times, and was not acknowledged"


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 25
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 32)
    chance = random.Random(seed)
    with Bounced() as bounced:
        bounced.write_config(CONFIG.format(folder=bounced.folder))
        bounced.start()
        clients = Clients(bounced.bouncectl("token", "add", "mta", "--scope", "ingest").split()[-1])
        clients.port = bounced.find_port("api")
        for thread in clients.threads:
            thread.start()
        for _ in range(rounds):
            time.sleep(chance.uniform(0.0, 0.5))
            bounced.kill()
            bounced.start()
            clients.port = bounced.find_port("api")
        clients.running = False
        for thread in clients.threads:
            thread.join()
        status = bounced.terminate()
        wrong = clients.faults + list(check(clients, bounced.recipients()))
    print(f"{rounds} kills, seed {seed}: {len(clients.done)} acknowledged, {clients.again} posted again")
    for line in wrong[:20]:
        print(line)
    if not clients.done or clients.again == 0:
        wrong.append("nothing was posted, or nothing twice")
    sys.exit(1 if wrong or status != 0 else 0)


main()
