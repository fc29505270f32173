# bash completion for bouncectl and bounced: the words come from the programs that are installed, and so are always theirs.

_bouncectl() {
    local word=${COMP_WORDS[COMP_CWORD]}
    local candidate
    COMPREPLY=()
    # compgen -W would expand them, and a stream's name may be anything
    while IFS= read -r candidate; do
        [[ $candidate == "${word#=}"* ]] && COMPREPLY+=("$(printf %q "$candidate")")
    done < <(bouncectl complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    # a list of columns goes on behind its comma
    [[ ${COMPREPLY[0]-} == *, ]] && compopt -o nospace
}
complete -o bashdefault -o default -F _bouncectl bouncectl

_bounced() {
    [[ ${COMP_WORDS[COMP_CWORD]} == -* ]] || return
    mapfile -t COMPREPLY < <(compgen -W "$(bounced --help 2>/dev/null | grep -oE -- '--[a-z-]+')" -- "${COMP_WORDS[COMP_CWORD]}")
}
complete -o bashdefault -o default -F _bounced bounced
