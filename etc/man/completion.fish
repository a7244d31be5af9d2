# fish completion for @PROGRAM@: words and options as the program's own --help lists them.
function __@FUNCTION@_choices
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    # The subcommands so far; asking one that does not exist gives nothing.
    set -l typed
    for each in $words[2..]
        string match --quiet --regex '^[a-z]' -- $each
        and set --append typed $each
    end
    set -l help (command $words[1] $typed --help 2>/dev/null; or command $words[1] $typed[1] --help 2>/dev/null)
    # What the option before this word takes: nothing, a file, or something that nobody can guess.
    set -l operand
    if string match --quiet -- '--*' $words[-1]
        set operand (printf '%s\n' $help | sed -nE "s/^  (-[a-z],)?$words[-1] ([^ ]+).*/\2/p")
    end
    if test -n "$operand"
        string match --quiet --regex -- '=FILE|-file=TEXT|--(json|html|record|keep|programs)=TEXT' $words[-1]=$operand
        and __fish_complete_path (commandline --current-token)
        return
    end
    printf '%s\n' $help | sed -nE \
        -e 's/^  (-[a-z],)?(--[a-z-]+) *([^ ].*)?/\2\t\3/p' \
        -e '/^Subcommands:/,/^$/ s/^  ([a-z-]+) +(.*)/\1\t\2/p'
end
complete --command @PROGRAM@ --no-files --arguments '(__@FUNCTION@_choices)'
