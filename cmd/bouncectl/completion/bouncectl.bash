# bash completion for bouncectl: subcommands and options come from its own --help, so they are always those of the
# program that is installed.

_bouncectl() {
    local word=${COMP_WORDS[COMP_CWORD]} subcommand= i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        --config) ((i++)) ;;
        -*) ;;
        *) subcommand=${COMP_WORDS[i]} && break ;;
        esac
    done
    if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "$(bouncectl --help $subcommand 2>/dev/null | grep -oE -- '^ +(-., )?--[a-z-]+' |
            grep -oE -- '--[a-z-]+')" -- "$word"))
    elif [[ -z $subcommand && ${COMP_WORDS[COMP_CWORD - 1]} != --config ]]; then
        COMPREPLY=($(compgen -W "$(bouncectl --help 2>/dev/null | sed -n '/^Subcommands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')" \
            -- "$word"))
    else
        COMPREPLY=($(compgen -f -- "$word"))
    fi
}
complete -o filenames -F _bouncectl bouncectl
