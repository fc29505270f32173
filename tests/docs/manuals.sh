#!/bin/sh
# The manual pages against the programs: bounced --help and bounced.8 name the same options, and mandoc finds no fault.
# (The tables of bouncectl and of the config are checked by unit/bouncectl_manual and unit/cmd_manual.)
set -u
fail=0

# Words --like-this on standard input, one a line.
options() {
    grep -oE -- '(^|[^[:alnum:]-])--[a-z][a-z-]*' | grep -oE -- '--[a-z-]+' | sort -u
}

"$BUILD/bounced" --help | options >manuals.help.$$
sed -n 's/Fl -\([a-z-]*\)/--\1/gp; s/^\.It Fl \([a-zA-Z]\) , -\([a-z-]*\)/--\2/p' "$SOURCE/cmd/bounced/bounced.8" | options \
    >manuals.page.$$
if [ ! -s manuals.help.$$ ]; then
    echo "bounced --help names no options"
    fail=1
elif ! diff manuals.help.$$ manuals.page.$$; then
    echo "bounced --help (<) and bounced.8 (>) differ"
    fail=1
fi
rm -f manuals.help.$$ manuals.page.$$

if command -v mandoc >/dev/null; then
    for page in cmd/bouncectl/bouncectl.1 cmd/bounced/bounced.8 cmd/bounced.conf.5 \
        classifier/bounced.rules.5; do
        mandoc -T lint -W warning "$SOURCE/$page" || fail=1
    done
else
    echo "mandoc is not installed: the pages were not linted"
fi
exit $fail
