#!/bin/sh
# Messages that are made to hurt: the parser takes linear time and bounded memory for each.
set -eu
if ! command -v python3 >/dev/null; then
    echo "skipped: python3 is not installed"
    exit 77
fi
limits=memory
if [ -n "${SANITIZE:-}" ]; then
    limits= # sanitizers take memory of their own
fi
exec python3 "$SOURCE/tests/hostile/parser.py" "$BUILD/fuzz_message" $limits
