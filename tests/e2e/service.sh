#!/bin/sh
# Sockets that it is given, and restarts: what service.py says.
cd "$(dirname "$0")" && exec python3 -B -m unittest -q service
