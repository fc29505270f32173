#!/bin/sh
# A database that is damaged, lost, or on a disk that is full or read-only, for real: in a mount namespace of its own.
cd "$(dirname "$0")"
for way in "unshare --mount" "unshare --mount --map-root-user"; do
    if $way sh -c 'mount -t tmpfs -o size=1M bounced /mnt && mount -o remount,ro /mnt' 2>/dev/null; then
        exec $way python3 -B -m unittest -v faults
    fi
done
echo "skipped: this machine does not let us mount a tmpfs and make it read-only (as root it may); without one:"
python3 -B -m unittest -v faults.File || exit
exit 77
