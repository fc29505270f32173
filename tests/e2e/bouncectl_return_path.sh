#!/bin/sh
# bouncectl return-path.
. "$(dirname "$0")/support/bouncectl.sh"

# --- return-path ---------------------------------------------------------------------------------------------------
expect 0 return-path user@example.org --stream newsletter
says '^[^@]*\+user=example.org@bounces.example.com$'
expect 0 return-path user@example.org --json
json 'rows[0]["return_path"].endswith("+user=example.org@bounces.example.com")'
expect 78 return-path user@example.org --stream receipts
complains 'for the stream receipts in the config, only for: newsletter$'
expect 0 return-path '"a b"@example.com' User@Bücher.example
says '^"bounces\+a b=example.com"@bounces.example.com$'
says '^bounces\+User=xn--bcher-kva.example@bounces.example.com$'
expect 65 return-path 'bücher@example.org'
complains 'not ASCII'
expect 65 return-path user@example.org not-an-address
[ -s out ] && fail "return-path prints before it has seen all addresses"
{
    cat bounced.conf
    printf '[return-path unnamed]\ndomain = b.example.com\nscheme = verp\n'
} >several.conf
expect 64 return-path user@example.org --config several.conf
complains 'say which with --stream: newsletter, unnamed$'
expect 0 return-path user@example.org --config several.conf --stream unnamed
says '@b.example.com$'
expect 65 return-path "$(printf 'a%.0s' $(seq 64))@example.org"

# --- --check -------------------------------------------------------------------------------------------------------
printf '0123456789abcdef\n' >keys
chmod 600 keys
printf '[return-path s]\ndomain = s.example.com\nscheme = signed\nkey-file = %s/keys\nstream = news\n' "$dir" >signed.conf
expect 0 return-path anna@example.org --config signed.conf --now 2026-11-28T10:00:00Z
made=$(cat out)
expect 0 return-path anna@example.org --config signed.conf --now 2026-11-28T10:00:00Z --json
json 'rows[0]["day"] == "2026-11-28" and rows[0]["until"] == "2026-12-29"'
expect 0 return-path --check "$made" --config signed.conf --now 2026-12-28
says "^anna@example.org	signed	2026-11-28	2026-12-29$"
expect 0 return-path --check "$made" --config signed.conf --now 2026-12-29 --json
json 'rows[0]["evidence"] == "unproven" and rows[0]["recipient"] == "anna@example.org" and "day" not in rows[0]'
expect 1 return-path --check anna@example.org --config signed.conf
complains 'is none of the return paths in the config$'

# --- keys ----------------------------------------------------------------------------------------------------------
printf '[return-path k]\ndomain = k.example.com\nscheme = signed\nkey-file = %s/made\n' "$dir" >made.conf
expect 78 return-path user@example.org --config made.conf
expect 0 return-path keys init --config made.conf
says "^$dir/made: holds a new key; "
grep -qxE '[0-9a-f]{64}' made || fail "keys init makes no key"
group=$(getent passwd bounced | cut -d: -f4)
if [ "$(id -u)" -eq 0 ] && [ -n "$group" ]; then right="640 0 $group"; else right="600 $(id -u) $(id -g)"; fi
[ "$(stat -c '%a %u %g' made)" = "$right" ] || fail "the key file is $(stat -c '%a %u %g' made)"
expect 0 return-path user@example.org --config made.conf
before=$(cat out)
cp made first
expect 73 return-path keys init --config made.conf
complains 'keys rotate'
cmp -s made first || fail "keys init replaces keys"
chmod 640 made
expect 0 return-path keys rotate --config made.conf --stream k
[ "$(stat -c '%a %u %g' made)" = "$right" ] || fail "the key file is $(stat -c '%a %u %g' made) after keys rotate"
[ "$(tail -n 2 made)" = "$(cat first)" ] || fail "keys rotate loses the old key"
[ "$(grep -cE '^[0-9a-f]{64}$' made)" -eq 2 ] || fail "keys rotate makes no key"
expect 0 return-path user@example.org --config made.conf
after=$(cat out)
[ "$after" != "$before" ] || fail "the new key does not sign"
expect 0 return-path --check "$before" "$after" --config made.conf
[ "$(grep -c signed out)" -eq 2 ] || fail "the old key does not verify"
expect 78 return-path keys init --config made.conf --stream other
expect 78 return-path keys init
expect 64 return-path keys --config made.conf
expect 64 return-path keys destroy --config made.conf
printf '[return-path k]\ndomain = k.example.com\nscheme = signed\nkey-file = %s/none/made\n' "$dir" >none.conf
expect 66 return-path keys init --config none.conf
expect 78 return-path keys rotate --config none.conf
[ -z "$(find . -name 'made.??????')" ] || fail "keys leaves a temporary file"

finish
