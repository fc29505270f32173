#!/bin/sh
# The unit's sandbox, as systemd judges it: 0 is safest, 10 unsafe; below 2.0 is asked for.
set -eu
if ! command -v systemd-analyze >/dev/null; then
    echo "skipped: there is no systemd-analyze here"
    exit 77
fi
verdict=$(systemd-analyze security --offline=true --no-pager "$BUILD/bounced.service" | tail -n 1)
echo "$verdict"
exposure=$(echo "$verdict" | sed -n 's/.*: \([0-9]*\)\.\([0-9]\).*/\1\2/p')
[ "$exposure" -lt 20 ]
