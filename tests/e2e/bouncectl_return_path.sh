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

finish
