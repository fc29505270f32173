#!/bin/sh
# SIGHUP: what reload.py says.
cd "$(dirname "$0")" && exec python3 -B -m unittest -q reload
