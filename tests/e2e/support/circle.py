"""The circle: mail goes out with our return path, fails and comes back, and the next one is refused by the mail server that
asks bounced."""

import os

from support.bounced_process import ASKED, HEAD
from support.peer import Peer

CONFIG = HEAD + ASKED + """
[listen context]
protocol = policy
address = unix:{folder}/context
stream-from = policy_context
[listen inet]
protocol = socketmap
address = 127.0.0.1:0
[listen api]
protocol = http
address = 127.0.0.1:0
serve = api
[socketmap]
text = not again: {{reason}}
[return-path signed]
domain = bounces.example.com
scheme = signed
key-file = {folder}/keys
"""

with open(os.path.join(os.environ["SOURCE"], "README.md"), encoding="utf-8") as readme:
    README = readme.read()


def start(bounced, config=CONFIG):
    os.chmod(bounced.folder, 0o755)
    with open(os.path.join(bounced.folder, "keys"), "w", encoding="utf-8") as keys:
        keys.write("a secret for this test\n")
    os.chmod(keys.name, 0o600)
    bounced.write_config(config.format(folder=bounced.folder))
    return bounced.start()


def read_recipe(language, has):
    """The block of README in that language that holds these words."""
    blocks = README.split(f"```{language}\n")[1:]
    found = [block.partition("```")[0] for block in blocks if has in block.partition("```")[0]]
    if len(found) != 1:
        raise AssertionError(f"README has {len(found)} blocks with {has!r}")
    return found[0]


def send(port, sender, recipient):
    """The mail server's reply to the recipient; the mail goes out if it takes them."""
    with Peer(port) as peer:
        line = peer.line()
        while line.startswith("220-"):
            line = peer.line()
        peer.ask("HELO test.example")
        peer.ask(f"MAIL FROM:<{sender}>")
        reply = peer.ask(f"RCPT TO:<{recipient}>")
        if reply.startswith("250"):
            peer.ask("DATA")
            peer.ask(f"From: news@example.com\r\nTo: {recipient}\r\nSubject: News\r\n\r\nHello\r\n.")
    return reply
