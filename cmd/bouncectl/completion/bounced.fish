# fish completion for bounced: the options come from the program that is installed.
complete --command bounced --arguments '(bounced --help 2>/dev/null | string match --regex --all -- "--[a-z-]+")'
