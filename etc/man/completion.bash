# bash completion for @PROGRAM@: words and options as the program's own --help lists them.
_@FUNCTION@() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} help each
    case $before in
    --config | --keys | --output | --to | --phone-from | --*-file | --*_file)
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
        ;;
    esac
    # The subcommands so far; asking one that does not exist gives nothing.
    local path=()
    for each in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        [[ $each == [a-z]* ]] && path+=("$each")
    done
    help=$("${COMP_WORDS[0]}" "${path[@]}" --help 2>/dev/null ||
        "${COMP_WORDS[0]}" "${path[0]}" --help 2>/dev/null)
    mapfile -t COMPREPLY < <(compgen -W "$(sed -nE \
        -e 's/^  (-[a-z],)?(--[a-z-]+).*/\2/p' \
        -e '/^Subcommands:/,/^$/ s/^  ([a-z-]+) .*/\1/p' <<<"$help")" -- "$word")
}
complete -F _@FUNCTION@ @PROGRAM@
