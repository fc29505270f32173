#!/bin/sh
# A real Postfix that reports on mail of ours: what postfix.py says.
cd "$(dirname "$0")" && exec python3 -B postfix.py
