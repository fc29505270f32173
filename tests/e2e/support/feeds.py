"""Tests of feeds wait for these."""

import json

from support.postfix_process import wait_until


def states(bounced):
    """The feeds by their names, as `bouncectl feeds --json` has them."""
    rows = map(json.loads, bounced.bouncectl("feeds", "--json").splitlines())
    return {row["feed"]: row for row in rows}


def wait_for_feeds(bounced, *names):
    """Until the feeds have their rows: a feed begins with what comes after that."""
    wait_until(lambda: set(names) <= set(states(bounced)), lambda: f"{names}; the log: {bounced.read_log()}")


def wait_for_end(bounced, name):
    """Until the feed has told all that there is."""
    def is_through():
        state = states(bounced)[name]
        return state["events"] == 0 and state["changes"] == 0 and state["state"] == "good"
    wait_until(is_through, lambda: f"the end of {name}: {states(bounced)}; the log: {bounced.read_log()}")


def wait_for_log(bounced, text):
    wait_until(lambda: text in bounced.read_log(), lambda: f"{text}; the log: {bounced.read_log()[-3000:]}")
