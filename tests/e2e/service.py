"""The daemon as a service: sockets that it is given, what it tells who started it, and restarts."""

import collections
import contextlib
import itertools
import os
import shutil
import smtplib
import socket
import tempfile
import threading
import time
import unittest

from support.bounced_process import CONFIG, DOMAIN, Bounced, report
from support.peer import NEWS, Peer


class Systemd(unittest.TestCase):
    def start_activated(self, bounced, listening, name):
        """As systemd does it: descriptor 3, and variables that name it to this process alone."""
        return bounced.launch(
            environment={"LISTEN_FDS": "1", "LISTEN_FDNAMES": name},
            prefix=("sh", "-c", 'LISTEN_PID=$$ exec "$@"', "sh"),
            preexec_fn=lambda: os.dup2(listening.fileno(), 3, inheritable=True),
            close_fds=False,
        )

    def test_socket_activation(self):
        with Bounced() as bounced, socket.create_server(("127.0.0.1", 0)) as listening:
            self.start_activated(bounced, listening, "mx").wait_for_state("READY=1")
            with smtplib.SMTP(*listening.getsockname()) as client:
                client.sendmail("", [NEWS], report(1))
            self.assertEqual(bounced.recipients(), ["user1@example.org"])
            # The socket outlives the daemon: who comes meanwhile waits for the next one.
            self.assertEqual(bounced.terminate(), 0)
            with Peer(listening.getsockname()[1]) as waiting:
                self.start_activated(bounced, listening, "mx")
                self.assertTrue(waiting.line().startswith("220"))

    def test_restarts_under_load(self):
        """While many send: nobody is refused, and what got its 250 is there, once."""
        numbers, acknowledged, refused, stop = itertools.count(), [], [], threading.Event()

        def send(address):
            while not stop.is_set():
                number = next(numbers)
                try:
                    with smtplib.SMTP(*address) as client:
                        client.sendmail("", [NEWS], report(number))
                        acknowledged.append(number)
                except ConnectionRefusedError:
                    refused.append(number)
                except OSError:  # 421, or closed: it says so before the end of the data, or does not answer that
                    pass

        with Bounced() as bounced, socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
            senders = [threading.Thread(target=send, args=(listening.getsockname(),)) for _ in range(8)]
            for sender in senders:
                sender.start()
            for restart in range(10):
                self.start_activated(bounced, listening, "mx").wait_for_state("READY=1")
                while len(acknowledged) < (restart + 1) * 20:
                    time.sleep(0.01)
                if restart == 9:
                    stop.set()
                    for sender in senders:
                        sender.join()
                self.assertEqual(bounced.terminate(), 0)
            counts = collections.Counter(bounced.recipients())
        self.assertEqual(refused, [])
        self.assertEqual([n for n in acknowledged if counts[f"user{n}@example.org"] != 1], [])
        self.assertEqual(max(counts.values()), 1)

    def test_unknown_socket(self):
        with Bounced() as bounced, socket.create_server(("127.0.0.1", 0)) as listening:
            self.assertEqual(self.start_activated(bounced, listening, "other").process.wait(), os.EX_CONFIG)
            self.assertIn("[listen other]", bounced.read_log())

    def test_watchdog(self):
        with Bounced().start(environment={"WATCHDOG_USEC": "100000"}) as bounced:
            bounced.wait_for_state("WATCHDOG=1")
            bounced.wait_for_state("WATCHDOG=1")

    def fill(self, receiving):
        """Sends to a socket until it takes no more."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as filler:
            filler.connect(receiving.getsockname())
            filler.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                while True:
                    filler.send(b"X=1")

    def test_nobody_reads_the_notify_socket(self):
        """Sessions are served all the same, and systemd is told once it reads again."""
        with Bounced().start(environment={"WATCHDOG_USEC": "2000"}) as bounced:
            self.fill(bounced.notify)
            with smtplib.SMTP("127.0.0.1", bounced.port) as client:
                for number in range(10):
                    client.sendmail("", [NEWS], report(number))
            bounced.process.terminate()
            self.assertEqual(bounced.process.wait(), 0)

    def test_states_are_told_late(self):
        with Bounced().start(environment={"WATCHDOG_USEC": "2000"}) as bounced:
            self.fill(bounced.notify)
            bounced.process.send_signal(1)
            while "event=reloaded" not in bounced.read_log():
                pass
            bounced.wait_for_state("READY=1")

    def test_address_in_use(self):
        with Bounced() as bounced, socket.create_server(("127.0.0.1", 0)) as taken:
            bounced.write_config(CONFIG.format(folder=bounced.folder, store="", server="", listen="", domain=DOMAIN)
                                 .replace("127.0.0.1:0", f"127.0.0.1:{taken.getsockname()[1]}"))
            self.assertEqual(bounced.launch().process.wait(), os.EX_UNAVAILABLE)
            self.assertIn("[listen mx] cannot listen on", bounced.read_log())

    def test_stale_unix_socket(self):
        """A socket file of a daemon that was killed is no obstacle."""
        folder = tempfile.mkdtemp(prefix="bounced-test-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        with Bounced(folder).start() as bounced:
            bounced.kill()
            self.assertTrue(os.path.exists(bounced.lmtp))
            bounced.start()
            with smtplib.LMTP(bounced.lmtp) as client:
                self.assertEqual(client.noop()[0], 250)


if __name__ == "__main__":
    unittest.main()
