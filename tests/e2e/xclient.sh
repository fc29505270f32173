#!/bin/sh
# Behind a mail server that speaks for others: what xclient.py says.
cd "$(dirname "$0")" && exec python3 -B -m unittest -q xclient
