#!/bin/sh
# The metrics by HTTP: what metrics.py says.
cd "$(dirname "$0")" && exec python3 -B -m unittest -q metrics
