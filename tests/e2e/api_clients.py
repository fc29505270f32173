"""Clients of the API as README gives them: curl in a shell, Python, and one for Node.js that is made of the OpenAPI file."""

import json
import os
import signal
import subprocess
import unittest

from support import npm
from support.bounced_process import HEAD, Bounced
from support.circle import read_recipe
from support.postfix_process import wait_until

CONFIG = HEAD + """
[listen api]
protocol = http
serve = api
address = 127.0.0.1:0
"""


class Clients(unittest.TestCase):
    def setUp(self):
        self.bounced = Bounced()
        self.addCleanup(self.bounced.__exit__)
        self.bounced.write_config(CONFIG.format(folder=self.bounced.folder))
        self.bounced.start()
        self.place = f"127.0.0.1:{self.bounced.find_port('api')}"
        self.bounced.bouncectl("add", "anna@example.org")

    def recipe(self, language, has):
        return read_recipe(language, has).replace("127.0.0.1:8025", self.place)

    def token(self, name):
        return self.bounced.bouncectl("token", "add", name, "--scope", "read").split()[-1]

    def run_in(self, folder, *command, text=None):
        done = subprocess.run(command, cwd=folder, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env=os.environ | {"BOUNCED_TOKEN": getattr(self, "secret", "")}, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_shell(self):
        """Each command of it succeeds."""
        bouncectl = f"bouncectl() {{ {os.environ['BUILD']}/bouncectl --config {self.bounced.config} \"$@\" 2>/dev/null; }}\n"
        script = bouncectl + "set -e\n" + self.recipe("sh", "api() {").replace("curl ", "curl --fail ")
        out = self.run_in(self.bounced.folder, "sh", text=script)
        objects = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([one.get("suppressed") for one in objects], [True, None, None, True], out)
        self.assertEqual([one["suppressed"] for one in objects[1]["items"]], [True, False])
        self.assertEqual(objects[2]["note"], "asked us by phone")
        self.assertIn("a mistake", self.bounced.bouncectl("audit"))

    def test_follow(self):
        """From a whole list on; when it is started again, from where it was."""
        folder, api = self.bounced.folder, f"api() {{ curl --silent --header 'Authorization: Bearer {self.token('follow')}' \"$@\"; }}\n"
        for address in ("ben@example.org", "dora@example.org"):
            process = subprocess.Popen(["sh", "-c", api + self.recipe("sh", "changes() {")], cwd=folder, stdout=subprocess.PIPE,
                                       text=True, start_new_session=True)
            wait_until(lambda: os.path.exists(os.path.join(folder, "cursor")), lambda: "the list")
            self.bounced.bouncectl("add", address)
            told = process.stdout.readline()
            if "ben@" in told and address != "ben@example.org":
                told = process.stdout.readline()  # it was killed before it had kept the cursor
            self.assertEqual(told, f"suppression.added {address} all\n")
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            process.stdout.close()
        with open(os.path.join(folder, "list.jsonl"), encoding="utf-8") as file:
            self.assertEqual([json.loads(line)["recipient"] for line in file], ["anna@example.org"])

    def test_python(self):
        names = {}
        exec(compile(self.recipe("python", "def suppressed"), "README.md", "exec"), names)
        token = self.token("python")
        self.assertTrue(names["suppressed"]("anna@example.org", token))
        self.assertFalse(names["suppressed"]("ben+x/y@example.org", token))
        with self.assertRaises(Exception):
            names["suppressed"]("anna@example.org", "another")

    def test_node(self):
        problem = npm.find_problem()
        if problem is not None:
            self.skipTest(problem)
        self.secret = self.token("node")
        folder = self.bounced.folder
        made = self.recipe("sh", "npx openapi-typescript-codegen").replace("npx openapi-typescript-codegen", npm.command("openapi"))
        self.run_in(folder, "sh", "-e", text=made)
        with open(os.path.join(folder, "main.ts"), "w", encoding="utf-8") as main:
            main.write(self.recipe("ts", "ListService"))
        self.run_in(folder, npm.command("tsc"), "--target", "es2022", "--module", "commonjs", "--lib", "es2022,dom", "--outDir",
                    "out", "--types", "node", "--typeRoots", os.path.join(npm.MODULES, "@types"), "main.ts")
        self.assertEqual(self.run_in(folder, "node", os.path.join("out", "main.js")),
                         "anna@example.org true\nben@example.org false\n")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an end that cleans up
    unittest.main()
