#!/bin/bash
# The places where `cmake --install` puts files; a second one leaves the operator's config alone.
set -euo pipefail

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
config=$root/etc/bounced/bounced.conf

DESTDIR=$root cmake --install "$BUILD" >/dev/null
for file in usr/sbin/bounced usr/bin/bouncectl etc/bounced/bounced.conf etc/bounced/bounced.conf.example \
    usr/lib/systemd/system/bounced.service usr/lib/systemd/system/bounced.socket usr/lib/sysusers.d/bounced.conf \
    usr/share/man/man8/bounced.8 usr/share/man/man1/bouncectl.1 usr/share/man/man5/bounced.conf.5 \
    usr/share/man/man5/bounced.rules.5; do
    [ -s "$root/$file" ] || { echo "not installed: $file" >&2; exit 1; }
done
grep -qx 'path = /var/lib/bounced/bounced.db' "$config" || { echo "$config names no database" >&2; exit 1; }
"$root/usr/sbin/bounced" --config "$config" --check-config
echo '# the operator was here' >>"$config"
DESTDIR=$root cmake --install "$BUILD" >/dev/null
tail -1 "$config" | grep -qx '# the operator was here' || { echo "the second install overwrote $config" >&2; exit 1; }
