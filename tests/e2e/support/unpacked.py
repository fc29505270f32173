"""Debian packages that cannot be installed beside each other, as mail servers cannot: they are downloaded into the
build folder, once, and lie over /usr and /etc for the commands that run() and start() start, and for nobody else."""

import glob
import os
import shutil
import subprocess

CACHE = os.path.join(os.environ["BUILD"], "packages")
SEEN = "/mnt"  # where the commands see the folder that they were given

# The packages and what is there already both lie below, so that nothing can be written; what the commands write goes to
# the test's folder.
ENTER = """
for place in usr etc; do
    mount -t overlay -o "lowerdir=$0/$place:/$place" none "/$place" || exit
done
[ -z "$1" ] || mount --bind "$1" /mnt || exit
shift
exec "$@"
"""


def find_problem(packages):
    """Why they cannot be used here; None when they can."""
    if os.geteuid() != 0:
        return "packages of their own need root"
    try:
        for name in packages:
            fetch(name)
    except OSError as error:
        return f"{name} cannot be downloaded: {error}"
    except subprocess.CalledProcessError as error:
        return f"{name} cannot be downloaded: {' '.join(error.stdout.split())}"
    nothing = os.path.join(CACHE, "nothing")
    for place in ("usr", "etc"):
        os.makedirs(os.path.join(nothing, place), exist_ok=True)
    tried = Unpacked(nothing).run("true")
    return None if tried.returncode == 0 else f"nothing can lie over /usr: {tried.stdout.strip()}"


def fetch(name):
    """The path of the package's file."""
    folder = os.path.join(CACHE, name)
    if not glob.glob(os.path.join(folder, "*.deb")):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        subprocess.run(["apt-get", "download", "--quiet", name], cwd=folder, check=True, text=True,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return glob.glob(os.path.join(folder, "*.deb"))[0]


class Unpacked:
    """Unpacks into `folder`. The commands see the folder `seen`, when there is one, as SEEN, too."""

    def __init__(self, folder, seen=""):
        self.folder = folder
        self.seen = seen

    def unpack(self, packages):
        for name in packages:
            subprocess.run(["dpkg-deb", "--extract", fetch(name), self.folder], check=True)
        for place in ("usr", "etc"):
            os.makedirs(os.path.join(self.folder, place), exist_ok=True)

    def add_user(self, name, number):
        """With a group of the same name and number."""
        for path, line in (("passwd", f"{name}:x:{number}:{number}::/nonexistent:/usr/sbin/nologin"),
                           ("group", f"{name}:x:{number}:")):
            mine = os.path.join(self.folder, "etc", path)
            if not os.path.exists(mine):
                shutil.copy(os.path.join("/etc", path), mine)
            with open(mine, "a", encoding="utf-8") as file:
                file.write(line + "\n")

    def enter(self, *command):
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", ENTER, self.folder, self.seen,
                *command]

    def run(self, *command, text=None):
        return subprocess.run(self.enter(*command), input=text, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)

    def start(self, *command):
        """`command` is the process that is returned, since each one before it execs the next."""
        return subprocess.Popen(self.enter(*command), stdin=subprocess.DEVNULL)
