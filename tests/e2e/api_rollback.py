"""Rollbacks by the API: they do what the command line does, and a tenant's token undoes its own batches alone."""

import glob
import os
import unittest

from support.bounced_process import report
from support.bulk_case import Case


class Rollbacks(Case):
    def fill(self):
        folder = os.path.join(self.bounced.folder, "mail")
        os.mkdir(folder)
        for i in range(450):
            with open(os.path.join(folder, f"{i}.eml"), "wb") as file:
                file.write(report(i, diagnostic="550 5.1.1 The Wave"))
        done = self.bounced.bouncectl("ingest", "--unproven", "suppress", folder)
        return next(line.partition(": ")[2] for line in done.splitlines() if line.startswith("batch: "))

    def test_filter(self):
        self.fill()
        before = self.run_for("export", "--format", "json").stdout
        shown = self.roll_back(diagnostic="the wave").json
        self.assertEqual((shown["events"], shown["goes"], shown["applied"], len(shown["entries"])), (450, 450, False, 450))
        self.assertEqual(self.run_for("export", "--format", "json").stdout, before)
        self.assertEqual(self.roll_back(diagnostic="the wave", apply=True).problem, "invalid-body")
        done = self.roll_back(diagnostic="the wave", apply=True, note="their fault").json
        self.assertEqual((done["goes"], done["applied"]), (450, True))
        self.assertEqual(self.subjects(), [])
        log = self.printed("audit", "--batch", done["batch"])
        self.assertEqual({(row["change"], row["who"], row["door"], row["note"]) for row in log},
                         {("remove", "crm", "api", "rollback: their fault")})
        self.assertIn(f"event=api-rollback who=crm batch={done['batch']} entries=450 status=200", self.bounced.read_log())
        again = self.roll_back(diagnostic="the wave", apply=True, note="their fault").json
        self.assertEqual(again["events"], 0)
        self.assertNotIn("batch", again)
        back = self.roll_back(undo=done["batch"], apply=True, note="it was right").json
        self.assertEqual((back["returns"], back["events"]), (450, 450))
        self.assertEqual(self.run_for("export", "--format", "json").stdout, before)
        self.assertEqual(self.roll_back(undo=done["batch"], apply=True, note="again").json["returns"], 0)
        self.bounced.bouncectl("check-store")

    def test_run(self):
        batch = self.fill()
        self.assertEqual(self.roll_back(undo=batch).status, 404)
        done = self.roll_back(batch=batch, apply=True, note="the wrong folder").json
        self.assertEqual(done["goes"], 450)
        log = self.printed("audit", "--batch", done["batch"])
        self.assertEqual({row["note"] for row in log}, {f"rollback of {batch}: the wrong folder"})

    def test_refused(self):
        for members, status in (({}, 400), ({"batch": "nothing"}, 404), ({"undo": "nothing"}, 404), ({"kind": "x"}, 400),
                                ({"stream": "none"}, 400), ({"recipient": "nobody"}, 400), ({"domain": "a@b"}, 400),
                                ({"since": "2999-01-01"}, 400), ({"undo": "x", "reason": "user_unknown"}, 400),
                                ({"reason": "user_unknown", "aply": True}, 400)):
            self.assertEqual(self.roll_back(**members).status, status, members)

    def test_twins(self):
        """A preview is what the command line prints."""
        self.run_for("ingest", "--unproven", "suppress",
                     *glob.glob(os.path.join(os.environ["SOURCE"], "testdata", "[a-f]*.eml")))
        for options, members in ((("--reason", "user_unknown"), {"reason": "user_unknown"}),
                                 (("--diagnostic", "USER"), {"diagnostic": "USER"}),
                                 (("--kind", "feedback"), {"kind": "feedback"}),
                                 (("--since", "2020-01-01", "--include-complaints"),
                                  {"since": "2020-01-01", "include_complaints": True})):
            rows = self.printed("rollback", *options)
            told = self.roll_back(**members).json
            self.assertEqual(told["reasons"] + told["entries"], rows[:-1], options)
            self.assertEqual({key: told[key] for key in rows[-1]}, rows[-1])
            self.assertGreater(told["events"], 0, options)

    def test_tenant(self):
        shop = self.api("shop", "--tenant", "shop")
        own = self.put_list("anna@example.org\nben@example.org\n", shop).json["batch"]
        others = self.put_list("eve@example.org\n").json["batch"]
        mixed = self.put_list("kim@example.org\n", shop, batch=others).json["batch"]
        self.assertEqual(mixed, others)
        self.assertEqual(self.roll_back(shop, reason="user_unknown").problem, "forbidden")
        self.assertEqual(self.roll_back(shop, undo=others, apply=True, note="x").problem, "forbidden")
        self.assertEqual(len(self.subjects()), 4)
        self.assertEqual(self.roll_back(shop, undo=own).json["goes"], 2)
        self.assertEqual(self.roll_back(shop, undo=own, apply=True, note="x").json["goes"], 2)
        self.assertEqual(len(self.subjects()), 2)
        self.assertEqual(self.roll_back(undo=others, apply=True, note="x").json["goes"], 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
