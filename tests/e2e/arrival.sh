#!/bin/sh
# Connections until they are greeted, and their rates: what arrival.py says.
cd "$(dirname "$0")" && exec python3 -B -m unittest -q arrival
