#!/bin/sh
# Lists of addresses: bouncectl add, check and remove read them from files and from standard input.
. "$(dirname "$0")/support/bouncectl.sh"

# --- add: a line each, in any order, twice, with blanks and other line ends ---------------------------------------------
seq -f 'user%g@example.org' 2500 | shuf --random-source="$0" >list
printf 'USER7@EXAMPLE.ORG\r\n\n  #tag@example.org  \nlast@b\303\274cher.example' >>list
expect 0 add --file list --note 'from our old provider' --who ann
complains '^bouncectl: 2502 addresses put on the list$'
[ -s out ] && fail "add --file prints a line each"
expect 0 list --json
json 'len(rows) == 2502 and {row["note"] for row in rows} == {"from our old provider"}'
json '[row["recipient"] for row in rows if "#" in row["recipient"]] == ["#tag@example.org"]'
printf 'a@example.net\nb@example.net\n' | "$BUILD/bouncectl" --config bounced.conf add c@example.net - --json >out 2>err
[ $? -eq 0 ] || fail "add -"
json '[row["recipient"] for row in rows] == ["a@example.net", "b@example.net", "c@example.net"]'

# --- what is no address is named, and nothing was done --------------------------------------------------------------------
printf 'd@example.net\nnobody\n\ne@example.net\n<f@example.net\n' >bad
head -c 5000 /dev/zero | tr '\0' x >>bad
for subcommand in add remove; do
    expect 65 $subcommand --file bad --note x
    complains "^bouncectl: $subcommand: bad:2: \"nobody\" is not a mail address$"
    complains "^bouncectl: $subcommand: bad:6: a line of more than 1000 octets is not an address$"
    complains 'not a mail address; nothing was done$'
done
expect 0 check d@example.net
seq -f 'no address %g' 100 >bad
expect 65 add --file bad
[ "$(wc -l <err)" -eq 21 ] || fail "a hundred bad lines are told in $(wc -l <err) lines"
expect 66 add --file nowhere
expect 64 add
expect 64 add --file
expect 64 check
expect 64 remove --file list --domain example.org --note x
expect 0 add --file /dev/null
complains '^bouncectl: 0 addresses put on the list$'

# --- check: in the order of the list, and it goes on after a bad line ----------------------------------------------------
printf 'b@example.net\nnobody\nz@example.net\na@example.net\n' >list2
expect 65 check --file list2
[ "$(cut -d: -f1 out | tr '\n' ' ')" = 'b@example.net z@example.net a@example.net ' ] || fail "the order of check"
complains '^bouncectl: check: list2:2: "nobody" is not a mail address$'
grep -v nobody list2 >list3
expect 1 check --json --file list3
json '[row["suppressed"] for row in rows] == [True, False, True]'
expect 0 check --quiet --file /dev/null

# --- an entry that lasts longer stays, unless it is to be replaced ------------------------------------------------------------
expect 1 add user1@example.org new@example.org --for 1d
complains '^bouncectl: add: user1@example.org: left as it is, suppressed since .*, for good: .*; --replace makes it shorter$'
says '^new@example.org: suppressed since .*, until '
says_not '^user1@'
expect 1 add --file list --for 1d
complains '^bouncectl: 0 addresses put on the list, 2502 left as they were$'
[ "$(grep -c 'left as it is' err)" -eq 20 ] || fail "each entry that stays is told"
expect 0 add user1@example.org --for 1d --replace
says '^user1@example.org: suppressed since .*, until '
expect 0 add user1@example.org --for 2d
expect 1 add user1@example.org --for 1d
expect 0 add user1@example.org

# --- remove -----------------------------------------------------------------------------------------------------------------
expect 1 remove --file list3 --note x
complains '^bouncectl: 2 entries removed$'
complains '^bouncectl: 1 address was not on the list$'
expect 0 remove --like 'user1*@example.org' --note 'a wave'
complains '^bouncectl: 1111 entries removed$'
[ "$(wc -l <out)" -eq 1111 ] || fail "remove --like does not name what it removes"
"$BUILD/bouncectl" --config bounced.conf remove - --note x <list >out 2>err
[ $? -eq 1 ] || fail "remove -"
complains '^bouncectl: 1391 entries removed$'
complains '^bouncectl: 1111 addresses were not on the list$'
expect 0 list
[ "$(cut -f1 out | tr '\n' ' ')" = 'c@example.net new@example.org ' ] || fail "remove --file removes others"

finish
