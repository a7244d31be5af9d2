#compdef @PROGRAM@
# zsh completion for @PROGRAM@: words and options as the program's own --help lists them.
local before=${words[CURRENT - 1]} help each operand=
# The subcommands so far; asking one that does not exist gives nothing.
local -a typed choices
for each in ${words[2,CURRENT - 1]}; do
    [[ $each == [a-z]* ]] && typed+=($each)
done
help=$($words[1] $typed --help 2>/dev/null || $words[1] ${typed[1]} --help 2>/dev/null)
# What the option before this word takes: nothing, a file, or something that nobody can guess.
[[ $before == --* ]] && operand=$(sed -nE "s/^  (-[a-z],)?$before ([^ ]+).*/\2/p" <<<"$help")
case $before=$operand in
    --*=FILE | --*-file=TEXT | --json=TEXT | --html=TEXT | --record=TEXT | --keep=TEXT | --programs=TEXT)
        _files
        return
        ;;
esac
[[ -z $operand ]] || return 1
choices=(${(f)"$(sed -nE \
    -e 's/^  (-[a-z],)?(--[a-z-]+).*/\2/p' \
    -e '/^Subcommands:/,/^$/ s/^  ([a-z-]+) .*/\1/p' <<<"$help")"})
compadd -a choices
