#!/bin/sh
# Every testdata/NAME.eml, with LF, CRLF and CR line ends, against what NAME.json says it reports.
set -eu
if ! command -v python3 >/dev/null; then
    echo "skipped: python3 is not installed"
    exit 77
fi
exec python3 "$SOURCE/tests/corpus/corpus.py" "$BUILD/bouncectl" "$SOURCE/testdata"
