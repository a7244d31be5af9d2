# bash completion for @PROGRAM@: words and options as the program's own --help lists them.
_@FUNCTION@() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} help each operand=
    # The subcommands so far; asking one that does not exist gives nothing.
    local path=()
    for each in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        [[ $each == [a-z]* ]] && path+=("$each")
    done
    help=$("${COMP_WORDS[0]}" "${path[@]}" --help 2>/dev/null ||
        "${COMP_WORDS[0]}" "${path[0]}" --help 2>/dev/null)
    # What the option before this word takes: nothing, a file, or something that nobody can guess.
    [[ $before == --* ]] && operand=$(sed -nE "s/^  (-[a-z],)?$before ([^ ]+).*/\2/p" <<<"$help")
    case $before=$operand in
    --*=FILE | --*-file=TEXT | --json=TEXT | --html=TEXT | --record=TEXT | --keep=TEXT | --programs=TEXT)
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    esac
    [[ -z $operand ]] || return 0
    mapfile -t COMPREPLY < <(compgen -W "$(sed -nE \
        -e 's/^  (-[a-z],)?(--[a-z-]+).*/\2/p' \
        -e '/^Subcommands:/,/^$/ s/^  ([a-z-]+) .*/\1/p' <<<"$help")" -- "$word")
}
complete -F _@FUNCTION@ @PROGRAM@
