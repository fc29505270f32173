#!/bin/sh
# kill -9 at random moments; crash.sh ROUNDS for another number than 100.
cd "$(dirname "$0")" && exec python3 -B crash.py "$@"
