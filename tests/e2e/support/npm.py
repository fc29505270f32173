"""Packages of npm's that tests talk to, since Debian does not ship them: those of tests/npm, as its lock file has them,
installed into the build folder, once."""

import fcntl
import os
import shutil
import subprocess

FILES = ("package.json", "package-lock.json", ".npmrc")
FOLDER = os.path.join(os.environ["BUILD"], "npm")
MODULES = os.path.join(FOLDER, "node_modules")


def find_problem():
    """Why they cannot be used here; None when they can."""
    if shutil.which("npm") is None:
        return "npm is not installed"
    os.makedirs(FOLDER, exist_ok=True)
    with open(os.path.join(FOLDER, "lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return None if is_installed() else install()


def command(name):
    """The path of a program of theirs."""
    return os.path.join(MODULES, ".bin", name)


def read(folder):
    """The lock file there; None if there is none."""
    try:
        with open(os.path.join(folder, "package-lock.json"), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None


def source():
    return os.path.join(os.environ["SOURCE"], "tests", "npm")


def is_installed():
    return os.path.exists(os.path.join(FOLDER, "whole")) and read(FOLDER) == read(source())


def install():
    for name in FILES:
        shutil.copy(os.path.join(source(), name), FOLDER)
    whole = os.path.join(FOLDER, "whole")
    if os.path.exists(whole):
        os.remove(whole)
    done = subprocess.run(["npm", "ci", "--prefer-offline"], cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    if done.returncode != 0:
        return f"npm's packages cannot be installed: {' '.join(done.stdout.split())[-300:]}"
    with open(whole, "w", encoding="utf-8"):
        return None
