"""Mail goes out with our return path, fails, and comes back as a report; the next one to that address is refused by the
mail server itself, which asks bounced, until the address is removed: a real Postfix in each way in which it can ask, a
real Exim, Sendmail and Haraka, with the recipes of README."""

import os
import re
import signal
import sys
import unittest

from support import exim_process, haraka_process, sendmail_process
from support.bounced_process import Bounced
from support.circle import README, read_recipe, send, start
from support.postfix_process import Postfix, find_port, find_problem, wait_until

# Each way in which Postfix may ask, as a restriction.
RESTRICTIONS = {
    "socketmap": "check_recipient_access socketmap:unix:{folder}/socketmap:suppress",
    "stream": "check_recipient_access socketmap:unix:{folder}/socketmap:suppress/news",
    "policy": "check_policy_service unix:{folder}/policy",
    "context": "check_policy_service {{{{ unix:{folder}/context, policy_context=receipts, default_action=DUNNO }}}}",
    "tcp": "check_recipient_access tcp:127.0.0.1:{tcp}",
}

ENTRANCE = """127.0.0.1:{port} inet n - n - - smtpd
    -o smtpd_reject_unlisted_recipient=no
    -o {{{{ smtpd_recipient_restrictions = {restriction}, permit_mynetworks, reject }}}}
"""


class AskingPostfix(Postfix):
    """It has another smtpd a restriction, for those who send."""

    def __init__(self, transport, restrictions):
        super().__init__(transport)
        self.entrances = {way: find_port() for way in restrictions}
        self.master = Postfix.master + "".join(ENTRANCE.format(port=self.entrances[way], restriction=restriction)
                                               for way, restriction in restrictions.items())


class Circle(unittest.TestCase):
    def run_circle(self, bounced, mta, port, refusal, gone="gone@dest.example", fetch=lambda: None):
        """`refusal` is the reply to the recipient once bounced knows, and the mail server has called fetch()."""
        def describe():
            return f"the report; mail server: {mta.read_log()}; bounced: {bounced.read_log()}"

        sender = bounced.bouncectl("return-path", gone).strip()
        self.assertRegex(send(port, sender, gone), "^250 ", mta.read_log())
        wait_until(lambda: gone in bounced.bouncectl("export", "--format", "text"), describe)
        fetch()
        self.assertRegex(send(port, sender, gone), refusal, mta.read_log())
        self.assertRegex(send(port, sender, gone.upper()), refusal, mta.read_log())
        self.assertRegex(send(port, sender, "anna@dest.example"), "^250 ")
        bounced.bouncectl("remove", gone, "--note", "has a mailbox now")
        fetch()
        self.assertRegex(send(port, sender, gone), "^250 ")
        # It went out: its report is the next one.
        wait_until(lambda: len(bounced.bouncectl("events", "--json", "--recipient", gone).splitlines()) == 2, describe)

    def test_postfix(self):
        with start(Bounced()) as bounced:
            restrictions = {way: text.format(folder=bounced.folder, tcp=bounced.find_port("tcp"))
                            for way, text in RESTRICTIONS.items()}
            with AskingPostfix(f"smtp:[127.0.0.1]:{bounced.port}", restrictions) as postfix:
                for way, port in postfix.entrances.items():
                    with self.subTest(way):
                        self.run_circle(bounced, postfix, port, "^550 5.1.1 .*not again: user_unknown", f"{way}@dest.example")

    def test_exim(self):
        """With a Postfix as the other side, as of those that follow."""
        self.require(exim_process)
        with start(Bounced()) as bounced, Postfix() as theirs:
            exim = exim_process.Exim("smtp", bounced.port)
            exim.theirs = theirs.port
            exim.acl = read_recipe("exim", "readsocket").replace("/run/bounced/ask", os.path.join(bounced.folder, "readsocket"))
            with exim:
                self.run_circle(bounced, exim, exim.port, "^550 suppressed: not again: user_unknown$")

    def test_sendmail(self):
        """Debian's has no socketmap: by the map that README gives for it."""
        self.require(sendmail_process)
        line, = re.findall("`(Ksuppress hash /etc/mail/suppressed)`", README)
        command, = re.findall("^bouncectl (export --format texthash) [|] makemap hash /etc/mail/suppressed$", README, re.M)
        with start(Bounced()) as bounced, Postfix() as theirs:
            sendmail = sendmail_process.Sendmail("smtp", bounced.port)
            table = os.path.join(sendmail.folder, "suppressed")

            def fetch():
                config = os.path.join(sendmail.folder, "sendmail.cf")
                made = sendmail.packages.run("makemap", "-C", config, "hash", table, text=bounced.bouncectl(*command.split()))
                self.assertEqual(made.returncode, 0, made.stdout)

            sendmail.theirs = theirs.port
            sendmail.rules = re.sub("^Ksuppress .*", line.replace("/etc/mail/suppressed", table), read_recipe("m4", "socketmap"),
                                    flags=re.M)
            with sendmail:
                fetch()
                self.run_circle(bounced, sendmail, sendmail.port, "^550 5.1.1 .*not again: ?user_unknown", fetch=fetch)

    def test_haraka(self):
        self.require(haraka_process)
        with start(Bounced()) as bounced, Postfix() as theirs:
            token = bounced.bouncectl("token", "add", "haraka", "--scope", "read").split()[-1]
            haraka = haraka_process.Haraka(bounced.port, theirs.port)
            haraka.plugin = read_recipe("js", "hook_rcpt").replace("8025", str(bounced.find_port("api")))
            haraka.plugin = re.sub("process.env.BOUNCED_TOKEN", f"'{token}'", haraka.plugin)
            with haraka:
                self.run_circle(bounced, haraka, haraka.port, "^550 .*suppressed: user_unknown")

    def require(self, process):
        problem = process.find_problem()
        if problem is not None:
            self.skipTest(problem)


if __name__ == "__main__":
    problem = find_problem()
    if problem is not None:
        print(f"skipped: {problem}")
        sys.exit(77)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an end that cleans up
    unittest.main()
