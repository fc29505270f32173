#!/bin/sh
# Each room includes itself, the rooms on its left and its own libraries, and nothing else. The rooms that do no I/O
# include no header of the system beyond the C language's own.
set -eu
cd "$SOURCE"

# room | rooms it may include | libraries it may include | other headers (an extended regular expression)
language='(string|stdbool|stddef|stdint|stdarg|limits|inttypes|errno|math)\.h'
table="
parser|parser|gmime idn2|$language
classifier|parser classifier|pcre2|$language
store|parser classifier store|sqlite3 zstd|.*
reports|parser classifier store reports|jansson|.*
cmd|parser classifier store reports cmd|zstd openssl|.*
cmd/bounced|parser classifier store reports cmd cmd/bounced|event2 openssl curl systemd|.*
cmd/bouncectl|parser classifier store reports cmd cmd/bouncectl|libsmartcols jansson|.*
"
# The session is in cmd/bounced, and as strict as the parser; <arpa/inet.h> is for inet_pton(), which computes.
session='chunk command data dialogue parameter path proxy session transaction xclient xtext'
libraries='gmime idn2 pcre2 sqlite3 zstd jansson event2 openssl curl systemd libsmartcols'

# The name of the library that a header in angle brackets belongs to; nothing when it is the system's.
library_of() {
    for library in $libraries; do
        case $1 in "$library"/* | "$library".h) echo "$library" ;; esac
    done
}

bad=0
complain() {
    echo "$1 includes $2, and may not"
    bad=1
}

check_file() { # file, rooms, libraries, other headers
    for header in $(sed -n 's/^#include "\(.*\)".*/\1/p' "$1"); do
        case " $2 " in *" $(dirname "$header") "*) ;; *) complain "$1" "\"$header\"" ;; esac
    done
    for header in $(sed -n 's/^#include <\(.*\)>.*/\1/p' "$1"); do
        library=$(library_of "$header")
        case $header in glib.h | glib/* | glib-unix.h | gio/*) continue ;; esac
        if [ -n "$library" ]; then
            case " $3 " in *" $library "*) ;; *) complain "$1" "<$header>" ;; esac
        elif ! echo "$header" | grep -qxE "$4"; then
            complain "$1" "<$header>"
        fi
    done
}

count=0
for row in $(echo "$table" | tr ' ' '+'); do
    room=$(echo "$row" | cut -d'|' -f1)
    rooms=$(echo "$row" | cut -d'|' -f2 | tr '+' ' ')
    allowed=$(echo "$row" | cut -d'|' -f3 | tr '+' ' ')
    other=$(echo "$row" | cut -d'|' -f4-)
    for file in "$room"/*.[ch]; do
        check_file "$file" "$rooms" "$allowed" "$other"
        count=$((count + 1))
    done
done
for noun in $session; do
    for file in cmd/bounced/"$noun".[ch]; do
        check_file "$file" "parser cmd cmd/bounced" "" "$language|arpa/inet\.h"
        for header in $(sed -n 's/^#include "cmd\/\(.*\)\.h".*/\1/p' "$file"); do
            case " config network counters $session " in *" ${header#bounced/} "*) ;; *) complain "$file" "\"cmd/$header.h\"" ;; esac
        done
    done
done
echo "$count files looked at"
exit $bad
