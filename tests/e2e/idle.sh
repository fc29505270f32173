#!/bin/sh
# Many sessions that are idle or slow: what idle.py says.
cd "$(dirname "$0")" && exec python3 -B -m unittest -v idle
