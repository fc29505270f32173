#!/bin/bash
# The unit as it is installed, started by a real systemd in a container that sees this machine's files and changes none:
# does bounced do its work inside the sandbox, and is the sandbox on?
set -euo pipefail

# The container's systemd runs this once bounced is up.
inside() {
    check() {
        "${@:2}" || { echo "failed: $1: ${*:2}"; exit 1; }
    }
    status() {
        sed -n "s/^$1:[[:space:]]*//p" "/proc/$(systemctl show --property=MainPID --value bounced)/status"
    }
    send() { # PROTOCOL SERVER RECIPIENT [OPTION...]
        swaks --silent 2 --protocol "$1" --$([[ $2 = /* ]] && echo socket || echo server) "$2" --from '<>' --to "news@bounces.example.com" "${@:4}" --data - <<MESSAGE
From: <MAILER-DAEMON@mta.example.net>
To: <news@bounces.example.com>
Subject: Undelivered mail
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

Your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mta.example.net

Final-Recipient: rfc822; $3
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b--
MESSAGE
    }
    until_so() { # COMMAND...: asks again and again, for a minute at most
        local end=$((SECONDS + 60))
        until "$@"; do
            [ $SECONDS -lt $end ] || return 1
            sleep 0.05
        done
    }
    fails() { ! "$@" 2>/dev/null; }
    is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
    is_forwarded() { [ "$(bouncectl outbox --state delivered | cut -f3)" = fbl@example.com ]; }
    /usr/sbin/smtp-sink -u nobody 127.0.0.1:587 10 &
    check 'a smart host' until_so is_open 587
    check 'its user' test "$(ps -o user= -p "$(systemctl show --property=MainPID --value bounced)")" = bounced
    check 'no new privileges' test "$(status NoNewPrivs)" = 1
    check 'a filter of system calls' test "$(status Seccomp)" = 2
    check 'CAP_NET_BIND_SERVICE alone' test "$(status CapEff)" = 0000000000000400
    check 'SMTP on port 25' send ESMTP 127.0.0.1:25 anna@example.org
    check 'STARTTLS' send ESMTP 127.0.0.1:25 ben@example.org --tls
    check 'LMTP on its socket' send LMTP /run/bounced/lmtp cleo@example.org
    check 'a reload' systemctl reload bounced
    check 'SMTP after it' send ESMTP 127.0.0.1:25 dora@example.org
    check 'mail for a person' swaks --silent 2 --server 127.0.0.1:25 --from ann@example.net --to fbl@example.com
    check 'mail through the smart host' until_so is_forwarded
    check 'the list' test "$(bouncectl export --format text | sort | tr '\n' ' ')" = \
        'anna@example.org ben@example.org cleo@example.org dora@example.org '
    check 'nothing it complained of' test -z "$(journalctl --quiet --unit bounced --priority warning --output cat)"
    check 'the config' bounced --check-config
    chown root:root /etc/bounced/return-path.keys
    check 'a key that the daemon may not read' fails bounced --check-config
    check 'a reload that is refused' fails systemctl reload bounced
    check 'a command that needs no key' bouncectl check --quiet nobody@example.org
    chgrp bounced /etc/bounced/return-path.keys
    check 'a reload afterwards' systemctl reload bounced
    check 'a stop' systemctl stop bounced
    check 'its end' test "$(systemctl show --property=Result --value bounced)" = success
    echo 'all is well'
}

# Before systemd starts: what an administrator would do.
prepare() {
    cmake --install "$BUILD" >/dev/null
    systemd-sysusers
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=mx.example.com -days 2 \
        -keyout /etc/bounced/key.pem -out /etc/bounced/chain.pem 2>/dev/null
    chown bounced /etc/bounced/key.pem
    cat >/etc/bounced/bounced.conf <<CONFIG
[server]
hostname = mx.example.com
[tls]
certificate = /etc/bounced/chain.pem
key = /etc/bounced/key.pem
[listen mx]
protocol = smtp
address = 127.0.0.1:25
tls = opportunistic
[listen lmtp]
protocol = lmtp
address = unix:/run/bounced/lmtp
[return-path news]
domain = bounces.example.com
unproven = suppress
[return-path signed]
domain = signed.example.com
scheme = signed
key-file = /etc/bounced/return-path.keys
[feedback]
address = fbl@example.com
forward = ann@example.org
[smart-host]
address = localhost:587
tls = none
CONFIG
    bouncectl return-path keys init
    cat >/etc/systemd/system/sandbox.service <<UNIT
[Unit]
Wants=bounced.service
After=bounced.service
FailureAction=exit
SuccessAction=exit
[Service]
Type=oneshot
StandardOutput=append:/mnt/result
StandardError=inherit
ExecStart=/bin/bash $SOURCE/tests/e2e/sandbox.sh inside
UNIT
    exec /lib/systemd/systemd --unit=sandbox.service
}

# COMMAND...: in a container whose root is this machine's, with all changes in memory.
contain() {
    timeout --signal=KILL 120 unshare --mount --propagation private bash -c '
        mount --bind / "$1/tree" && exec systemd-nspawn --quiet --directory="$1/tree" --volatile=overlay \
            --machine="${1##*/}" --register=no --keep-unit --private-network --link-journal=no --setenv=SOURCE \
            --setenv=BUILD --bind-ro="$SOURCE" --bind="$BUILD" --bind="$1:/mnt" "${@:2}"' - "$work" "$@"
}

case ${1:-} in
inside | prepare) "$1"; exit ;;
esac
if [ -n "${SANITIZE:-}" ]; then
    echo "skipped: a sanitizer's runtime needs what the sandbox forbids"
    exit 77
fi
work=$(mktemp -d /tmp/bounced-XXXXXX)
trap 'rm -rf --one-file-system "$work"; rmdir "/run/systemd/nspawn/propagate/${work##*/}" 2>/dev/null || true' EXIT
mkdir "$work/tree"
if ! contain true >"$work/log" 2>&1; then
    echo "skipped: this machine does not let us start a container (as root it may): $(tail -n 1 "$work/log")"
    exit 77
fi
contain /bin/bash "$SOURCE/tests/e2e/sandbox.sh" prepare >"$work/log" 2>&1 </dev/null || true
cat "$work/result" 2>/dev/null || tail -n 40 "$work/log"
tail -n 1 "$work/result" 2>/dev/null | grep -qx 'all is well'
