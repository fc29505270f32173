#!/bin/bash
# Completion of bouncectl and bounced: the words themselves, and as a real bash, zsh and fish offer them.
. "$(dirname "$0")/support/bouncectl.sh"
PATH=$BUILD:$PATH
cat >>bounced.conf <<END
[return-path receipts]
domain = receipts.example.com
stream = receipts
END

# words EXPECTED WORD...: the words that are offered, in one line
words() {
    expected=$1
    shift
    got=$(bouncectl complete -- "$@" 2>&1 | paste -sd' ')
    [ "$got" = "$expected" ] || fail "complete $*: '$got', expected '$expected'"
}
words 'explain export events export-subject' e
words 'list' --config bounced.conf li
words '--reason' list --rea
words 'user_unknown' list --reason us
words 'user_unknown' list --reason = us
words '--reason=user_unknown' list --reason=us
words 'user_unknown' list -r us
words 'bounce' events --kind b
words 'csv json text texthash cdb lmdb opensmtpd rspamd sqlite' export --format ''
words 'newsletter' --config bounced.conf list --stream news
words 'newsletter receipts' --config bounced.conf list --stream ''
words 'today' events --since to
words '30d' add --for 3
words 'address,since address,stream address,scope' list --columns address,s
words 'check' rules ch
words 'show' config ''
words 'list' help lis
words '' add ''
words '' export --output ''
words '' nonsense --x

# --- bash ----------------------------------------------------------------------------------------------------------
source "$SOURCE/cmd/bouncectl/completion/bouncectl.bash"
in_bash() {
    expected=$1 function=$2
    shift 2
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    "$function" 2>/dev/null
    [ "${COMPREPLY[*]}" = "$expected" ] || fail "bash: $*: '${COMPREPLY[*]}', expected '$expected'"
}
in_bash 'user_unknown' _bouncectl bouncectl list --reason us
in_bash 'user_unknown' _bouncectl bouncectl list --reason = us
in_bash 'explain export export-subject' _bouncectl bouncectl ex
in_bash '--check-config' _bounced bounced --ch

# --- zsh, fish -----------------------------------------------------------------------------------------------------
if command -v zsh >/dev/null; then
    zsh -f -c '
        compadd() { print -r -- ${(P)2} }
        _files() { print files }
        service=bouncectl words=(bouncectl list --reason us) CURRENT=4
        source "$1"
        words=(bouncectl export --output x)
        source "$1"
        service=bounced words=(bounced --ch) CURRENT=2
        source "$1"' zsh "$SOURCE/cmd/bouncectl/completion/_bouncectl" >out 2>err
    says '^user_unknown$'
    says '^files$'
    says ' --check-config'
    [ -s err ] && fail "zsh complains"
else
    echo "not run: zsh is not installed"
fi
if command -v fish >/dev/null; then
    for program in bouncectl bounced; do
        cp "$SOURCE/cmd/bouncectl/completion/$program.fish" .
    done
    HOME=$dir fish --no-config -c 'source bouncectl.fish; source bounced.fish
        complete --do-complete "bouncectl list --reason us"
        complete --do-complete "bounced --ch"' >out 2>err
    says '^user_unknown$'
    says '^--check-config'
else
    echo "not run: fish is not installed"
fi
finish
