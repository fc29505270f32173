#!/usr/bin/env python3
"""Changes the list, on and on, until its standard input ends: adds, changes and removes addresses by bouncectl.

usage: list_writer.py BOUNCECTL CONFIG
"""

import itertools
import select
import subprocess
import sys

program, config = sys.argv[1:]
for step in itertools.count():
    if select.select([sys.stdin], [], [], 0)[0]:
        break
    names = [f"user{(step * 7 + i * 3) % 60}@example.org" for i in range(5)]
    order = ["remove", *names[:2]] if step % 3 == 2 else ["add", *names]
    if step % 2 == 1:
        order += ["--tenant", "shop"]
    order += ["--note", f"step {step}"]
    subprocess.run([program, "--config", config, *order], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
