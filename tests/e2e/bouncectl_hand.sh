#!/bin/sh
# bouncectl add and remove, by hand and in bulk.
. "$(dirname "$0")/support/bouncectl.sh"

ingest_mail

# --- add, remove: who and why are kept -----------------------------------------------------------------------------
expect 0 add five@example.org --note 'asked by phone' --for 90d --who alice
says '^five@example.org: suppressed since .*, until .*: put there by hand$'
expect 0 explain five@example.org
says '^  note        asked by phone$'
says 'add.*by alice'
expect 64 add nobody@example.org --note "$(printf 'two\nlines')"
complains '[-]-note: it has control characters; expected one line of text'
expect 64 add nobody@example.org --note "$(printf '\033[31mred')"
expect 64 add nobody@example.org --note "$(printf '%4097d' 0)"
complains '[-]-note: it has more than 4096 octets; expected one line of text'
expect 64 add nobody@example.org --who ''
expect 64 remove one@example.org --note ' '
complains '[-]-note: it is empty'
expect 0 add old@example.org --note plain
python3 -c 'import sqlite3
with sqlite3.connect("bounced.db") as db:
    db.execute("update causes set note = ? where id = (select cause from suppressions where subject = ?)", ("\033[31mred\n\tline", "old@example.org"))'
expect 0 explain old@example.org
says '^  note        [?]\[31mred  line$'
expect 0 remove old@example.org --note x
expect 0 explain one@example.org
says '^  policy      1: at the first failure, for good$'
expect 65 add nobody@example.org not-an-address
complains '^bouncectl: add: "not-an-address" is not a mail address; nothing was done$'
[ -s out ] && fail "add prints before it has seen all addresses"
expect 65 add @com
complains '^bouncectl: add: "@com" is a public suffix, and nobody.s domain; --force takes it all the same; nothing was done$'
expect 65 add .co.uk
expect 0 add @com --force
expect 0 remove @com --note 'a mistake'
expect 0 check nobody@example.org
expect 65 remove one@example.org not-an-address --note x
expect 1 check one@example.org
expect 64 remove five@example.org
complains 'expected --note'
expect 64 remove --note x
expect 64 remove five@example.org --domain example.org --note x
expect 0 add six@example.org --json
json 'rows[0]["recipient"] == "six@example.org" and "until" not in rows[0]'
expect 0 remove six@example.org --note 'a mistake' --json
json 'rows == [{"recipient": "six@example.org", "removed": True, "suppressed": False, "entries": [], "closed": []}]'
expect 0 remove five@example.org --note 'has changed their mind' --who bob
says '^five@example.org: removed$'
expect 0 explain five@example.org
says 'remove.*by bob'
says '^  note        has changed their mind$'
expect 1 remove five@example.org --note again
says '^five@example.org: was not on the list$'

# --- what another entry stops yet is named, and how to lift it --------------------------------------------------------
expect 0 add covered@example.net @example.net
expect 0 add covered@example.net --stream newsletter
expect 0 remove covered@example.net --note x
says '^covered@example.net: removed$'
rest='^bouncectl: covered@example.net is still suppressed'
complains "$rest by the entry of @example.net for all: bouncectl remove @example.net --note WHY\$"
complains "$rest for stream=newsletter; bouncectl explain tells why\$"
expect 1 remove covered@example.net --note x
says '^covered@example.net: was not on the list$'
complains "$rest by the entry of @example.net for all"
expect 0 add covered@example.net
expect 0 remove covered@example.net --stream newsletter --note x
complains "$rest by the entry of covered@example.net for all: bouncectl remove covered@example.net --note WHY\$"
expect 0 remove covered@example.net --note x --json
json 'rows[0]["removed"] and rows[0]["suppressed"] and rows[0]["closed"] == []'
json '[entry["recipient"] for entry in rows[0]["entries"]] == ["@example.net"]'
echo covered@example.net >covered.txt
expect 1 remove --file covered.txt --note x
complains '^bouncectl: 1 of the addresses is still suppressed by other entries, which bouncectl explain tells$'
expect 0 remove @example.net --note x
[ -s err ] && fail "something is told of a domain"

# --- how long: each change tells its span, the old end, and that an entry expired ------------------------------------
expect 0 add span@example.org --for 2d
expect 0 add span@example.org --for 90d
expect 1 add span@example.org --for 1d
expect 0 add span@example.org
expect 0 explain span@example.org
says '  add, by [^,]*, until 20.* \(for 2d\)$'
says '  update, by [^,]*, until 20.* \(for 90d\); it was until 20'
says '  update, by [^,]*, for good; it was until 20'
[ "$(grep -c '  update, ' out)" -eq 2 ] || fail "an entry that was left as it is has a change"
expect 0 remove span@example.org --note x
expect 0 explain span@example.org
says '  remove, by [^,]*; it was for good$'
says '^span@example.org is not suppressed: .* took it off the list on 20'
expect 0 add over@example.org --for 1h
python3 -c 'import sqlite3
with sqlite3.connect("bounced.db") as db:
    db.execute("drop trigger changes_update")
    for table, own in (("suppressions", "since"), ("changes", "at")):
        db.execute(f"update {table} set until = until - 86400, {own} = {own} - 86400 where subject = ?",
                   ("over@example.org",))'
expect 0 explain over@example.org
says '^over@example.org is not suppressed: its entry expired on 20.*[.]$'
says '^20[-0-9]* [0-9:]*  expired$'
expect 0 explain over@example.org --json
json '"expired" in rows[0] and not rows[0]["suppressed"]'
expect 0 add over@example.org --for 1h
expect 0 remove over@example.org --note x
expect 0 explain over@example.org
says '^over@example.org is not suppressed: .* took it off the list on 20'
says '  expire, by .*; it was until 20'

# --- an entry that a wave holds is told, and not in force -------------------------------------------------------------
expect 0 add held@example.org --note x
python3 -c 'import sqlite3
with sqlite3.connect("bounced.db") as db:
    db.execute("update suppressions set wave = 7 where subject = ?", ("held@example.org",))'
expect 0 explain held@example.org
says '^held@example.org is not suppressed[.]$'
says '^An entry is held, and not in force, for all mail since 20.*, for good[.]$'
says '^  next        Mail goes to it meanwhile[.] .* [(]bouncectl waves show 7[)][.]$'
expect 0 explain held@example.org --json
json 'not rows[0]["suppressed"] and len(rows[0]["entries"]) == 1'
python3 -c 'import sqlite3
with sqlite3.connect("bounced.db") as db:
    db.execute("update suppressions set wave = null")'
expect 0 remove held@example.org --note x

# --- what selects nothing is an error, and so is what cannot be --------------------------------------------------------------
expect 64 add long@example.org --for 100000y
complains "is more than 1000y"
expect 0 add long@example.org --for 1000y
says 'until 30'
expect 0 remove long@example.org --note x
local=$(printf 'a%.0s' $(seq 64))
expect 65 add "${local}a@example.org"
complains 'has a local part of more than the 64 octets'
expect 0 add "$local@example.org"
expect 0 remove "$local@example.org" --note x
expect 65 add "x@${local}a.example.org"
expect 1 remove "${local}a@example.org" --note 'a report may have named it'
expect 65 list --domain "${local}a.example.org"
for subcommand in list events export audit outbox unclassified; do
    expect 64 $subcommand --since 2200-01-01
    complains 'that time is still to come'
    expect 64 $subcommand --since 2026-11-20 --until 2026-11-20
    complains '[-]-since is not before --until'
done
expect 64 reclassify --since 2200-01-01
expect 64 remove --since 2200-01-01 --dry-run
expect 64 report --date 2200-01-01
expect 0 list --since 2026-11-20 --until 2200-01-01
for subcommand in list events export 'remove --dry-run'; do
    # shellcheck disable=SC2086
    expect 64 $subcommand --stream newslettre
    complains "neither the config nor a report names the stream 'newslettre'; did you mean 'newsletter'[?]$"
done
expect 0 events --stream newsletter
sed 's/^stream = newsletter/stream = letters/' bounced.conf >letters.conf
expect 0 events --stream newsletter --config letters.conf
expect 0 events --stream letters --config letters.conf

# --- remove in bulk ------------------------------------------------------------------------------------------------
expect 0 remove --domain example.org --dry-run
[ "$(wc -l <out)" -eq 2 ] || fail "remove --dry-run does not show two lines"
complains '^bouncectl: 2 entries would be removed$'
expect 0 list
[ "$(wc -l <out)" -eq 3 ] || fail "remove --dry-run removes"
for way in --dry-run "--note x"; do
    # shellcheck disable=SC2086
    expect 1 remove --like 'nobody@*' $way
    complains '^bouncectl: no entry matches$'
    # shellcheck disable=SC2086
    expect 1 remove --domain nowhere.example $way
done
expect 0 add 'Seven@bücher.example'
expect 0 remove --like 'sEVEn@Bücher.example' --note 'a mistake'
complains '^bouncectl: 1 entry removed$'
expect 0 remove --like 'T*@Example.*' --note 'their directory was broken'
[ "$(wc -l <out)" -eq 2 ] || fail "remove --like does not remove two"
complains '^bouncectl: 2 entries removed$'
expect 0 list
[ "$(cut -f1 out)" = one@example.org ] || fail "remove --like removes others"

# --- audit: every change, who made it, when and why -----------------------------------------------------------------
expect 0 audit --recipient five@example.org
says 'Z\tadd\tfive@example.org\t\t20..-..-..T.*Z\talice\tasked by phone\t\t[0-9]+\tall\tcli\t$'
expect 0 audit --json
json 'len(rows) > 3 and [row["sequence"] for row in rows] == sorted(row["sequence"] for row in rows)'
json 'all(row["change"] in ("add", "update", "remove", "expire") and row["at"] and row["who"] for row in rows)'
last=$(python3 -c 'import json; print(json.loads(open("out").readlines()[-1])["sequence"])')
expect 0 add audited@example.org --note why --who bob
expect 0 audit --after "$last"
says '\tadd\taudited@example.org\t.*\tbob\twhy\t'
[ "$(wc -l <out)" -eq 1 ] || fail "audit --after $last"
expect 64 audit --after 0

finish
