#!/bin/sh
# The daemon as a process: what daemon.py says.
cd "$(dirname "$0")" && exec python3 -B -m unittest -q daemon
