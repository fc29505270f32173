#!/bin/sh
# kill -9 at random moments; crash.sh ROUNDS for more than 20.
cd "$(dirname "$0")" && exec python3 -B crash.py "$@"
