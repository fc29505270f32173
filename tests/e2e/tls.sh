#!/bin/sh
# STARTTLS: what tls.py says.
cd "$(dirname "$0")" && exec python3 -B -m unittest -q tls
