"""The OpenAPI file by Spectral's rules for such files, as those who make clients of it want it."""

import os
import subprocess
import unittest

from support import npm
from support.api_client import HTTP


@unittest.skipIf(npm.find_problem(), npm.find_problem())
class Lint(unittest.TestCase):
    def test_rules(self):
        rules = os.path.join(os.path.dirname(__file__), "support", "openapi_rules.json")
        done = subprocess.run([npm.command("spectral"), "lint", "--fail-severity", "hint", "--ruleset", rules,
                               os.path.join(HTTP, "openapi.json")], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
