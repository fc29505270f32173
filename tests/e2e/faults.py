"""A message that cannot be kept is not acknowledged, and all is well again when the fault is over, without a restart."""

import contextlib
import glob
import os
import smtplib
import subprocess
import sys
import unittest

from support.bounced_process import DOMAIN, Bounced, report

NEWS = f"news@{DOMAIN}"


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


class Fault(unittest.TestCase):
    """bounced, with its database in a folder of its own that a test may harm."""

    def setUp(self):
        self.bounced = self.enterContext(Bounced(store="min-free = 0"))
        self.folder = os.path.join(self.bounced.folder, "disk")
        self.database = os.path.join(self.folder, "bounced.db")
        os.mkdir(self.folder)
        self.make_folder()
        with open(self.bounced.config, encoding="utf-8") as file:
            config = file.read()
        self.bounced.write_config(config.replace("/bounced.db", "/disk/bounced.db"))
        self.bounced.start()
        self.addCleanup(self.bounced.kill)
        self.connect()

    def connect(self):
        self.client = smtplib.SMTP("127.0.0.1", self.bounced.port)
        self.addCleanup(self.client.close)

    def make_folder(self):
        """Nothing to mount."""

    def send(self, number):
        """The reply to a report: 250, or what it was refused with."""
        try:
            self.client.sendmail("", [NEWS], report(number))
        except smtplib.SMTPDataError as error:
            return error.smtp_code, error.smtp_error[:5].decode()
        return 250, ""

    def expect_kept(self, *numbers):
        for number in numbers:
            self.assertEqual(self.send(number), (250, ""))

    def expect_refused(self, *numbers):
        for number in numbers:
            self.assertEqual(self.send(number), (451, "4.3.0"))

    def expect_log(self):
        """Said once, however often it failed, and once that it is over."""
        log = self.bounced.read_log()
        self.assertEqual(log.count("event=store-failed"), 1)
        self.assertIn("priority=alert event=store-failed", log)
        self.assertEqual(log.count("event=store-works"), 1)

    def expect_stored(self, numbers):
        """Exactly these: read after the failures are over."""
        self.assertEqual(sorted(self.bounced.recipients()), sorted(f"user{n}@example.org" for n in numbers))


class File(Fault):
    """Things that people and disks do to a database that is in use."""

    def test_removed(self):
        self.expect_kept(1)
        aside = os.path.join(self.bounced.folder, "aside")
        os.rename(self.folder, aside)
        os.mkdir(self.folder)
        self.expect_refused(2, 3, 2)
        self.assertEqual(os.listdir(self.folder), [], "an empty list must not take the place of the one that is lost")
        os.rmdir(self.folder)
        os.rename(aside, self.folder)
        self.expect_kept(2, 3)
        self.expect_log()
        self.expect_stored([1, 2, 3])

    def test_replaced(self):
        """By a copy: the log of the one before would damage it."""
        self.expect_kept(1)
        copy = os.path.join(self.bounced.folder, "copy.db")
        run("sqlite3", self.database, f".backup {copy}")
        self.expect_kept(2)
        os.rename(copy, self.database)
        self.expect_refused(3, 4)
        os.unlink(self.database + "-wal")
        self.expect_kept(3)
        self.expect_log()
        self.expect_stored([1, 3])

    def test_corrupted(self):
        """All pages but the first, which says what they are: before any of them is read."""
        self.expect_kept(1)
        self.bounced.terminate()
        self.bounced.start()
        self.connect()
        with open(self.database, "r+b") as file:
            good = file.read()
            self.assertGreater(len(good), 8192)
            file.seek(4096)
            file.write(b"\xa5" * (len(good) - 4096))
            file.flush()
            self.expect_refused(2, 3, 2)
            file.seek(0)
            file.write(good)
        self.expect_kept(2, 3)
        self.expect_log()
        self.expect_stored([1, 2, 3])


class Space(Fault):
    """A file system of 4 MB."""

    def make_folder(self):
        run("mount", "-t", "tmpfs", "-o", "size=4M", "bounced", self.folder)
        self.addCleanup(run, "umount", self.folder)

    def fill(self):
        """Returns the file that has all the space."""
        path = os.path.join(self.folder, "filler")
        with self.assertRaises(OSError), open(path, "wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        return path

    def test_full(self):
        self.expect_kept(1)
        filler = self.fill()
        # The rest of the write-ahead log may still take a message or two.
        kept, number = [1], 2
        while self.send(number) == (250, ""):
            kept.append(number)
            number += 1
            self.assertLess(number, 10000)
        self.expect_refused(number, number + 1, number + 2)
        os.unlink(filler)
        self.expect_kept(number, number + 1)
        self.expect_log()
        self.expect_stored([*kept, number, number + 1])

    def stop_and_clear(self):
        self.bounced.kill()
        for path in glob.glob(self.folder + "/*"):
            os.unlink(path)

    def expect_no_start(self):
        """Without a database it does not start, and says that a later start may work."""
        self.assertEqual(self.bounced.launch().process.wait(), os.EX_TEMPFAIL)
        self.assertIn("event=no-store", self.bounced.read_log())

    def test_full_at_the_start(self):
        self.stop_and_clear()
        self.fill()
        self.expect_no_start()

    def test_read_only_at_the_start(self):
        self.stop_and_clear()
        run("mount", "-o", "remount,ro", self.folder)
        self.expect_no_start()


class Device(Fault):
    """An ext4 that finds an error and makes itself read-only, as they do when a disk fails."""

    def make_folder(self):
        self.image = os.path.join(self.bounced.folder, "image")
        with open(self.image, "wb") as file:
            file.truncate(16 << 20)
        run("mkfs.ext4", "-q", "-O", "^has_journal", self.image)
        self.mounts = self.enterContext(contextlib.ExitStack())
        self.attach()

    def attach(self):
        try:
            self.device = subprocess.run(["losetup", "--find", "--show", self.image], check=True, text=True,
                                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.strip()
            self.mounts.callback(run, "losetup", "--detach", self.device)
            run("mount", "-o", "errors=remount-ro", self.device, self.folder)
            self.mounts.callback(run, "umount", self.folder)
        except subprocess.CalledProcessError:
            self.skipTest("this machine does not let us mount a loop device (as root it may)")

    def test_read_only(self):
        self.expect_kept(1)
        with open(f"/sys/fs/ext4/{os.path.basename(self.device)}/trigger_fs_error", "w", encoding="ascii") as trigger:
            trigger.write("for a test")
        self.expect_refused(2, 3, 2)
        # No file of it is open, so the operator can repair it.
        self.mounts.close()
        self.assertEqual(subprocess.run(["e2fsck", "-fy", self.image], check=False, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL).returncode, 1)
        self.attach()
        self.expect_kept(2, 3)
        self.expect_log()
        self.expect_stored([1, 2, 3])


def main():
    """In a mount namespace of its own; where there is none, what needs none."""
    probe = "mount -t tmpfs -o size=1M bounced /mnt && mount -o remount,ro /mnt"
    if sys.argv[1:] == ["--mounts"]:
        unittest.main(argv=sys.argv[:1], verbosity=2)
    for way in (["unshare", "--mount"], ["unshare", "--mount", "--map-root-user"]):
        if subprocess.run([*way, "sh", "-c", probe], capture_output=True, check=False).returncode == 0:
            os.execvp(way[0], [*way, sys.executable, "-B", __file__, "--mounts"])
    print("skipped: this machine does not let us mount a tmpfs and make it read-only (as root it may); without one:")
    kept = unittest.main(argv=[sys.argv[0], "File"], verbosity=2, exit=False)
    sys.exit(77 if kept.result.wasSuccessful() else 1)


if __name__ == "__main__":
    main()
