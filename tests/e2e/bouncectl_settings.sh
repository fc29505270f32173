#!/bin/sh
# bouncectl config show and policy show; and that people's words for a reason are as good as ours.
. "$(dirname "$0")/support/bouncectl.sh"

# --- what holds, and where it is said ------------------------------------------------------------------------------
expect 0 config show
says "^store\\tpath\\t$dir/bounced.db\\tbounced.conf:2$"
says '^store\tkeep-events\t2y\tdefault$'
says '^return-path news\tscheme\tverp\tbounced.conf:6$'
says '^policy\tmailbox_full\t5 in 30d, for 90d\tdefault$'
says_not '\ttls\tkey'
expect 0 config show --json
json '{"section": "store", "key": "path", "value": rows[0]["value"], "file": "bounced.conf", "line": 2} == rows[0]'
json 'all("line" in row or "file" not in row for row in rows)'
cp out shown
"$BUILD/bounced" --config bounced.conf --show-config >out 2>err || fail "bounced --show-config"
says "^bounced.conf:2: \[store\] path = $dir/bounced.db$"
says '^default: \[store\] keep-events = 2y$'
[ "$(wc -l <out)" -eq "$(wc -l <shown)" ] || fail "the two programs show other settings"
expect 64 config
expect 64 config shw
complains "config: expected show, not 'shw'"
# of a secret its file
printf '0123456789abcdef-secret\n' >keys && chmod 600 keys
sed "s|scheme = verp|scheme = signed\nkey-file = $dir/keys|" bounced.conf >signed.conf
for program in 'bouncectl config show' 'bounced --show-config'; do
    # shellcheck disable=SC2086
    "$BUILD"/$program --config signed.conf >out 2>err || fail "$program with keys"
    says "key-file.*$dir/keys"
    says_not secret
done

# --- policies ------------------------------------------------------------------------------------------------------
cat >>bounced.conf <<END
[policy]
complaint = 2 in 1d
[policy newsletter]
opt-out = never
preset = careful
END
expect 0 policy show
says '^user_unknown\t1\tat the first failure, for good\trecipient\tdefault\tall$'
says '^mailbox_full\t5 in 30d, for 90d\tat 5 failures in 30d, for 90d\trecipient\tdefault\tall$'
says '^feedback\t2 in 1d\t.*\thuman\tbounced.conf:'
says '^blocked\tnever\t\tsender\tdefault\t$'
expect 0 policy show --stream newsletter
says '^unsubscribe\tnever\t\thuman\tbounced.conf:'
says '^feedback\t1\tat the first failure, for good\thuman\tbounced.conf:[0-9]*: careful\ttenant$'
says '^mailbox_full\t8 in 90d on 8 days, for 30d, then 90d\tat 8 failures in 90d on 8 days, for 30d, then 90d\t'
expect 0 config show
says '^policy\tpreset\tstandard\tdefault$'
says '^policy newsletter\tmailbox_full\t8 in 90d on 8 days, for 30d, then 90d\tdefault$'
expect 64 policy show --stream newsleter
complains "no \[return-path\] and no \[feedback\] of the config has the stream 'newsleter'"
expect 0 policy show --json
json 'rows[0]["reason"] == "user_unknown" and rows[0]["policy"] == "1"'

# --- words ---------------------------------------------------------------------------------------------------------
ingest_mail
for words in '--reason complaint' '--kind complaint' '--reason opt-out' '--kind opt-out' '--kind feedback'; do
    # shellcheck disable=SC2086
    expect 0 events $words
done
expect 64 events --kind complant
complains "did you mean|is not one of"

finish
