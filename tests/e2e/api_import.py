"""Lists by the API: it does what the command line does; a tenant's token has its own alone; a client that goes away, a
stop and a crash in between leave nothing half done."""

import contextlib
import csv
import glob
import http.client
import io
import itertools
import json
import os
import signal
import sqlite3
import subprocess
import time
import unittest

from support.api_client import Api
from support.bounced_process import BUILD, Bounced
from support.bulk_case import CONFIG, Case

LISTS = os.path.join(os.environ["SOURCE"], "testdata", "lists")
ANNA = "/v1/suppressions/anna%40example.org"


class Twins(Case):
    """The command line takes the list into a database of its own."""

    def setUp(self):
        super().setUp()
        self.batches = itertools.count(1)
        self.other = os.path.join(self.bounced.folder, "other.conf")
        with open(self.other, "w", encoding="utf-8") as file:
            file.write(CONFIG.format(folder=self.bounced.folder).replace("bounced.db", "other.db"))

    def control(self, *arguments):
        return subprocess.run([os.path.join(BUILD, "bouncectl"), "--config", self.other, *arguments], capture_output=True,
                              check=False)

    def export(self, *control):
        """But for the door, and for the second of entries whose list does not tell since when."""
        text = subprocess.run([*control, "export", "--format", "csv", "--all-scopes"], capture_output=True, check=True).stdout
        rows = list(csv.DictReader(io.StringIO(text.decode())))
        for row in rows:
            row.pop("door", None)
            row["since"] = row["since"] if row["since"] < self.began else "now"
        return rows

    def check(self, path, reason=None):
        name = os.path.basename(path)
        rejects = os.path.join(self.bounced.folder, "rejects.csv")
        options = ("--reason", reason) if reason else ()
        batch = f"b{next(self.batches)}"
        done = self.control("import", path, "--json", "--batch", batch, "--who", "crm", "--rejects", rejects, *options)
        with open(path, "rb") as file:
            arguments = {"batch": batch, "name": name, "written": "2026-11-01", **({"reason": reason} if reason else {})}
            answer = self.put_list(file.read(), **arguments)
        if not done.stdout:
            self.assertEqual((answer.status, answer.problem), (400, "invalid-body"), name)
            message = done.stderr.decode().splitlines()[-1].partition(f"{path}:")[2]
            self.assertEqual(answer.json["detail"], f"body:{message}", name)
            return
        told = answer.json
        self.assertEqual({key: told[key] for key in json.loads(done.stdout)}, json.loads(done.stdout), name)
        self.assertIn(f"is read as {told['form']}\n", done.stderr.decode(), name)
        with open(rejects, newline="", encoding="utf-8") as file:
            rows = [(int(row["line"]), row["reason"], row["text"].lstrip("'")) for row in csv.DictReader(file)]
        self.assertEqual([(row["line"], row["reason"], row["text"].replace("\n", " ")) for row in told["rejects"]], rows, name)
        self.assertEqual(told["rejects_left_out"], 0)
        self.assertEqual(self.export(os.path.join(BUILD, "bouncectl"), "--config", self.bounced.config),
                         self.export(os.path.join(BUILD, "bouncectl"), "--config", self.other), name)

    def test_lists(self):
        """Each list of testdata, one after the other into the same database, and all of them again."""
        self.began = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        paths = [path for path in sorted(glob.glob(os.path.join(LISTS, "*"))) if not path.endswith(".entries")]
        self.assertGreater(len(paths), 20)
        copies = []
        for path in paths:
            copy = os.path.join(self.bounced.folder, os.path.basename(path))
            with open(path, "rb") as file, open(copy, "wb") as out:
                out.write(file.read())
            os.utime(copy, (1793491200, 1793491200))  # 2026-11-01
            copies.append(copy)
        for path in copies + copies:
            self.check(path)
        for path in copies[:5]:
            self.check(path, "complaint")
        self.assertGreater(len(self.subjects()), 30)
        broken = os.path.join(self.bounced.folder, "broken.csv")
        for text in (b'email,reason\nx@example.com,bounce\ny@example.com,"bounce\n', b"email\nm\xfcller@example.com\n",
                     b"name\nx\n", b"{}", b'{"email":', b"a\0b@example.org\n"):
            with open(broken, "wb") as file:
                file.write(text)
            self.check(broken)

    def test_own_export(self):
        """It reads to the same list, by the entries' own doors."""
        self.run_for("ingest", "--unproven", "suppress",
                     *glob.glob(os.path.join(os.environ["SOURCE"], "testdata", "[a-f]*.eml")))
        self.bounced.bouncectl("add", "anna@example.org", "--note", 'a "note", with commas', "--stream", "newsletter")
        for form, kind in (("csv", "text/csv"), ("json", "application/x-ndjson")):
            export = self.run_for("export", "--all-scopes", "--format", form).stdout
            self.assertGreater(export.count(b"\n"), 20)
            with Bounced() as other:
                other.write_config(CONFIG.format(folder=other.folder))
                other.start()
                token = other.bouncectl("token", "add", "crm", "--scope", "write").split()[-1]
                with Api(other.find_port("api"), token) as api:
                    answer = api.ask("POST", "/v1/import", export, Content_Type=kind)
                    self.assertEqual((answer.status, answer.json["rejected"]), (200, 0))
                self.assertEqual(other.bouncectl("export", "--all-scopes", "--format", form).encode(), export)
                other.bouncectl("check-store")


class Imports(Case):
    def test_life(self):
        """An entry is known by who, door, note and batch, and can be undone."""
        answer = self.put_list("email,reason\nanna@example.org,complaint\nben@example.org,hard bounce\n", note="from SES")
        batch = answer.json["batch"]
        self.assertEqual(answer.json["added"], 2)
        log = self.printed("audit", "--batch", batch)
        self.assertEqual([(row["change"], row["who"], row["door"], row["note"]) for row in log],
                         [("add", "crm", "api", "from SES")] * 2)
        self.assertIn(f"event=api-import who=crm batch={batch} added=2", self.bounced.read_log())
        self.assertEqual(self.put_list("anna@example.org\nben@example.org\n", reason="complaint").json["changed"], 1)
        shown = self.roll_back(undo=batch).json
        self.assertEqual((shown["applied"], shown["goes"], shown["stays"]), (False, 1, 1))
        self.assertNotIn("batch", shown)
        self.assertEqual(len(self.subjects()), 2)
        done = self.roll_back(undo=batch, apply=True, note="the wrong list").json
        self.assertEqual((done["applied"], done["goes"]), (True, 1))
        self.assertEqual(self.subjects(), ["ben@example.org"])
        log = self.printed("audit", "--batch", done["batch"])
        self.assertEqual([(row["change"], row["who"], row["door"], row["note"]) for row in log],
                         [("remove", "crm", "api", f"undo of {batch}: the wrong list")])
        self.assertEqual(self.roll_back(undo=done["batch"]).status, 400)
        self.bounced.bouncectl("check-store")

    def test_dry_run(self):
        for value in ("", "true"):
            answer = self.put_list("anna@example.org\nANNA@example.org\nnobody\n", dry_run=value)
            self.assertEqual((answer.json["added"], answer.json["duplicates"], answer.json["rejected"]), (1, 1, 1))
            self.assertNotIn("batch", answer.json)
        self.assertEqual(self.subjects(), [])
        self.assertEqual(self.put_list("anna@example.org\n", dry_run="false").json["added"], 1)

    def test_protected(self):
        """Removed by hand, suppressed for longer, forgotten, and a public suffix: as everywhere."""
        self.bounced.bouncectl("add", "removed@example.org")
        self.bounced.bouncectl("remove", "removed@example.org", "--note", "asked")
        self.bounced.bouncectl("add", "forgotten@example.org")
        self.bounced.bouncectl("forget", "forgotten@example.org", "--apply", "--note", "asked")
        self.assertEqual(self.all.ask("PUT", ANNA).status, 201)
        text = "email,created\nremoved@example.org,2020-01-01\nforgotten@example.org,\nanna@example.org,\n@com,\n.co.uk,\n"
        told = self.put_list(text, until="2036-01-01").json
        self.assertEqual((told["added"], told["removed_by_hand"], told["longer_there"], told["already_there"], told["rejected"]),
                         (0, 1, 1, 1, 2))
        self.assertEqual(self.subjects(), ["anna@example.org"])
        self.assertEqual(self.put_list("removed@example.org\n", written="2020-01-01").json["removed_by_hand"], 1)
        self.assertEqual(self.put_list("removed@example.org\n").json["added"], 1)

    def test_rejects(self):
        """Their number is bounded, the others are counted; a row is cut within no character."""
        long = "a" + "\u00fc" * 150
        told = self.put_list("".join(f"{long}{i}\n" for i in range(250)) + "anna@example.org\n").json
        self.assertEqual((told["added"], told["rejected"], len(told["rejects"]), told["rejects_left_out"]), (1, 250, 100, 150))
        self.assertEqual(told["rejects"][99]["line"], 100)
        self.assertEqual(told["rejects"][0]["text"], "a" + "\u00fc" * 99)

    def test_refused(self):
        """Nothing of it is taken."""
        for arguments in ({"dryrun": ""}, {"dry_run": "yes"}, {"scope": "nowhere"}, {"scope": "stream=newslettr"},
                          {"reason": "spam_detected"}, {"reason": "x"}, {"until": "2020-01-01"}, {"batch": "a b"},
                          {"written": "soon"}, {"who": "ann"}):
            self.assertEqual(self.put_list("anna@example.org\n", **arguments).problem, "bad-request", arguments)
        for headers in ({"Content_Encoding": "gzip"}, {"Content_Type": "image/png"}):
            answer = self.all.ask("POST", "/v1/import", b"anna@example.org\n", **headers)
            self.assertEqual(answer.problem, "unsupported-type", headers)
        packed = subprocess.run(["gzip", "-c"], input=b"anna@example.org\n" * 100, capture_output=True, check=True).stdout
        self.assertEqual(self.put_list(packed).problem, "unsupported-type")
        self.assertIn("UTF-16", self.put_list("anna@example.org\n".encode("utf-16")).json["detail"])
        self.assertEqual(self.put_list("anna@example.org\n" * 2 + "x" * 70000).problem, "invalid-body")
        self.assertEqual(self.put_list("").json["added"], 0)
        self.assertEqual(self.subjects(), [])

    def test_too_large(self):
        """Far beyond the limit it is refused before it comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.putrequest("POST", "/v1/import")
        connection.putheader("Authorization", f"Bearer {self.all.token}")
        connection.putheader("Content-Length", str(300 << 20))
        connection.endheaders()
        self.assertEqual(connection.getresponse().status, 413)
        connection.close()

    def test_suffix(self):
        """One by one, too."""
        for subject in ("@com", ".co.uk", "@CO.UK"):
            path = f"/v1/suppressions/{subject}"
            self.assertEqual(self.all.ask("PUT", path, {}).problem, "invalid-address", subject)
            self.assertEqual(self.all.ask("PUT", path + "?force=false", {}).problem, "invalid-address", subject)
            self.assertEqual(self.all.ask("PUT", path + "?force=yes", {}).problem, "bad-request", subject)
        self.assertEqual(self.subjects(), [])
        self.assertEqual(self.all.ask("PUT", "/v1/suppressions/@com?force=true", {}).status, 201)
        self.assertEqual(self.all.ask("PUT", "/v1/suppressions/@example.com", {}).status, 201)


class Tenants(Case):
    def test_import(self):
        shop = self.api("shop", "--tenant", "shop")
        told = self.put_list("anna@example.org\n", shop).json
        self.assertEqual(told["added"], 1)
        self.assertEqual(self.put_list("ben@example.org\n", shop, scope="stream=newsletter").json["added"], 1)
        for scope in ("all", "tenant=bank", "stream=alerts", "stream=other"):
            self.assertEqual(self.put_list("eve@example.org\n", shop, scope=scope).problem, "forbidden", scope)
        others = ("eve%40example.org?scope=tenant%3Dbank", "kim%40example.org?scope=tenant%3Dshop", "leo%40example.org")
        for path in others:
            self.assertEqual(self.all.ask("PUT", f"/v1/suppressions/{path}", {}).status, 201)
        export = self.run_for("export", "--all-scopes", "--format", "csv").stdout
        for path in others:
            self.assertEqual(self.all.ask("DELETE", f"/v1/suppressions/{path}").status, 204)
        told = self.put_list(export, shop).json
        self.assertEqual((told["rejected"], {row["reason"] for row in told["rejects"]}),
                         (2, {"its scope is another tenant's"}))
        scopes = {row["recipient"]: row["scope"] for row in self.printed("list")}
        self.assertEqual({name: scopes[f"{name}@example.org"] for name in ("anna", "ben")},
                         {"anna": "tenant=shop", "ben": "stream=newsletter"})
        self.assertEqual(set(scopes.values()), {"tenant=shop", "stream=newsletter"})


class Trouble(Case):
    ROWS = 60000

    def body(self):
        return "".join(f"user{i:06}@example.org\n" for i in range(self.ROWS)).encode()

    def count(self):
        with contextlib.closing(sqlite3.connect(os.path.join(self.bounced.folder, "bounced.db"), timeout=30)) as database:
            return database.execute("SELECT count(*) FROM suppressions").fetchone()[0]

    def begin(self, batch):
        """Sends a list, and returns when a part of it is on the list."""
        connection = self.enterContext(contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)))
        connection.request("POST", f"/v1/import?batch={batch}", self.body(), {"Authorization": f"Bearer {self.all.token}"})
        while self.count() == 0:
            time.sleep(0.01)
        return connection

    def check_whole(self, batch):
        """The same again does the rest, and then nothing; all of it is one batch."""
        self.all = self.api("other")
        told = self.put_list(self.body(), batch=batch).json
        self.assertEqual(told["added"] + told["already_there"], self.ROWS)
        self.assertEqual(self.put_list(self.body(), batch=batch).json["already_there"], self.ROWS)
        self.assertEqual(self.count(), self.ROWS)
        self.assertEqual(len(self.printed("audit", "--batch", batch)), self.ROWS)
        self.bounced.bouncectl("check-store")

    def test_client_gone(self):
        """It is done all the same, and the log has it."""
        self.begin("gone").close()
        while "event=api-import who=crm batch=gone" not in self.bounced.read_log():
            time.sleep(0.05)
        self.assertIn(f"batch=gone added={self.ROWS}", self.bounced.read_log())
        self.assertEqual(self.count(), self.ROWS)

    def test_stop(self):
        """It ends between two transactions."""
        connection = self.begin("stopped")
        self.bounced.process.send_signal(signal.SIGTERM)
        try:
            answer = connection.getresponse()
            self.assertEqual(answer.status, 503)
            self.assertIn(b"as batch stopped: the same request does the rest", answer.read())
        except http.client.RemoteDisconnected:
            pass  # it was gone before
        self.assertEqual(self.bounced.process.wait(), 0)
        self.assertLess(self.count(), self.ROWS)
        self.assertEqual(self.count() % 1000, 0)
        self.start()
        self.check_whole("stopped")

    def test_crash(self):
        self.begin("crashed")
        self.bounced.kill()
        self.assertLess(self.count(), self.ROWS)
        self.assertEqual(self.count() % 1000, 0)
        self.start()
        self.check_whole("crashed")

    def test_reload(self):
        """Rules and policies that go meanwhile are not missed."""
        connection = self.begin("reloaded")
        for _ in range(3):
            self.bounced.bouncectl("reload")
        self.assertEqual(json.load(connection.getresponse())["added"], self.ROWS)

    def test_others_meanwhile(self):
        """Other writes have their turn, and a second list waits for the first."""
        connection = self.begin("first")
        self.assertEqual(self.all.ask("PUT", ANNA, {}).status, 201)
        self.assertEqual(self.all.ask("DELETE", ANNA).status, 204)
        self.assertLess(self.count(), self.ROWS, "they were answered before it ended")
        self.assertEqual(self.put_list("zoe@example.org\n", batch="second").json["added"], 1)
        self.assertEqual(json.load(connection.getresponse())["added"], self.ROWS)
        log = self.bounced.read_log()
        self.assertLess(log.index("batch=first"), log.index("batch=second"))

    def test_no_temporary_file(self):
        """Where none can be written the answer says so, and mail and other requests go on."""
        self.bounced.terminate()
        self.bounced.start({"TMPDIR": os.path.join(self.bounced.folder, "none")})
        self.port = self.bounced.find_port("api")
        self.all = self.api("later")
        answer = self.put_list("anna@example.org\n")
        self.assertEqual((answer.status, answer.json["detail"]), (503, "a temporary file cannot be written"))
        self.assertEqual(self.all.ask("PUT", ANNA, {}).status, 201)

    def test_locked(self):
        """Another process writes for long: it ends with what was done, and the same again does the rest."""
        connection = self.begin("locked")
        with contextlib.closing(sqlite3.connect(os.path.join(self.bounced.folder, "bounced.db"), timeout=30,
                                                isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            answer = connection.getresponse()
            self.assertEqual(answer.status, 503)
            self.assertIn(b"the database cannot be used now", answer.read())
            database.execute("ROLLBACK")
        self.check_whole("locked")


if __name__ == "__main__":
    unittest.main(verbosity=2)
