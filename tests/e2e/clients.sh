#!/bin/sh
# The clients that people have: what clients.py says.
cd "$(dirname "$0")" && exec python3 -B -m unittest -v clients
