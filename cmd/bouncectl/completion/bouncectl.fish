# fish completion for bouncectl: the words come from the program that is installed.
function __bouncectl_words
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    bouncectl complete -- $words[2..-1] (commandline --current-token --cut-at-cursor) 2>/dev/null
end
complete --command bouncectl --arguments '(__bouncectl_words)'
