#!/bin/sh
# [store] keep-raw: which messages are kept themselves.
. "$(dirname "$0")/support/bouncectl.sh"

printf 'a secret of the test, long enough\n' >keys
chmod 600 keys
cat >>bounced.conf <<END
[return-path shop]
domain = shop.example.com
scheme = signed
key-file = $dir/keys
stream = shop
END
config=$(cat bounced.conf)
expect 0 return-path one@example.org --stream shop
dsn failed 5.1.1 one@example.org '550 5.1.1 User unknown' | sed "s/^To: bounce@.*/To: $(cat out)/" >signed.eml

digest_of() {
    python3 -c 'import json, sys
print(*[row["digest"] for row in map(json.loads, open("events")) if row["evidence"] == sys.argv[1]])' "$1"
}
kept() {
    digest=$(digest_of "$1")
    expect 0 message "$digest"
    says '^Subject: Delivery report'
}
gone() {
    digest=$(digest_of "$1")
    expect 66 message "$digest"
    complains "message $digest is not kept, or not any more \(keep-raw and retention, bounced.conf\(5\)\)"
}
# ingest_with VALUE: both messages; their events and the list do not depend on it.
ingest_with() {
    rm -f bounced.db*
    printf '%s\n' "$config" | sed "s/^\[store\]/&\nkeep-raw = $1/" >bounced.conf
    expect 0 ingest signed.eml mail/2.eml
    expect 0 explain one@example.org
    says 'User unknown'
    expect 1 check one@example.org two@example.org
    expect 0 check-store
    expect 0 events --json
    json '{row["evidence"] for row in rows} == {"signed", "unproven"}'
    mv out events
}
ingest_with all
kept signed
kept unproven
ingest_with unproven-only
gone signed
kept unproven
ingest_with no
gone signed
gone unproven

printf '[store]\nkeep-raw = some\n' >bounced.conf
expect 78 list
complains 'bounced.conf:2: \[store\] keep-raw'

finish
