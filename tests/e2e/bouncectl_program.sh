#!/bin/sh
# bouncectl itself: help, wrong use, and what it says where there is no database and no daemon.
. "$(dirname "$0")/support/bouncectl.sh"

# --- the program ---------------------------------------------------------------------------------------------------
expect 0 --help
says '^  inspect '
expect 0 --version
says '^bouncectl [0-9]'
expect 64
complains '^Usage: bouncectl'
expect 64 inspekt
complains "bouncectl: there is no subcommand 'inspekt'; did you mean 'inspect'\?"
expect 64 list --nothing
complains '^bouncectl: list: there is no option --nothing'
expect 64 list --raeson user_unknown
complains 'there is no option --raeson; did you mean --reason\?'
expect 64 list argument
complains "^bouncectl: list: 'argument' is one argument too many"
expect 64 list --limit 0
expect 64 list --since sometime
complains "^bouncectl: list: --since: 'sometime' is not a time"
expect 64 list --since 2026-13-45
complains "^bouncectl: list: --since: there is no such day or time as '2026-13-45'"
expect 64 list --reason nonsense
for subcommand in $("$BUILD/bouncectl" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z-]*\) .*/\1/p'); do
    expect 0 "$subcommand" --help
    says "^Usage: bouncectl $subcommand"
    says "^  .*bouncectl $subcommand"
done
expect 0 help
says '^  inspect '
cp out helped
expect 0 --help
cmp -s out helped || fail "help and --help differ"
expect 0 list --help
cp out helped
expect 0 help list
cmp -s out helped || fail "help list and list --help differ"
expect 64 help inspekt
complains "there is no subcommand 'inspekt'; did you mean 'inspect'\?"
"$BUILD/bouncectl" --version >/dev/full 2>err
[ $? -eq 74 ] || fail "a full disk under standard output is not told"
printf '[nonsense]\n' >bad.conf
expect 78 list --config bad.conf
complains 'bad.conf:1: \[nonsense\]'

# --- no database ---------------------------------------------------------------------------------------------------
for subcommand in list events export report 'check a@example.org' 'explain a@example.org'; do
    # shellcheck disable=SC2086
    expect 66 $subcommand
    complains "cannot open the database $dir/bounced.db: No such file"
done

# --- reload: with a daemon in tests/e2e/reload.py -----------------------------------------------------------------
expect 69 reload
complains "^bouncectl: no bounced runs on $dir/bounced.db$"
expect 78 reload --config bad.conf

# reload tells a daemon, and no other process
sleep 300 &
other=$!
expect 69 reload --process $other
complains "process $other is no bounced$"
kill $other || fail "reload ended another process"

finish
