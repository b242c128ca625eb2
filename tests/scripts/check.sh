# shellcheck shell=bash
# What the tests of the scripts share (bash and zsh): a temporary folder $tree and one way to state what is expected.
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
wrong=0

# same WHAT EXPECTED ACTUAL
same() {
    if [ "$2" = "$3" ]; then return; fi
    printf 'WRONG: %s\n  expected: %s\n  but got:  %s\n' "$1" "$2" "$3"
    wrong=$((wrong + 1))
}

# holds WHAT TEXT PART: PART occurs in TEXT.
holds() {
    case $2 in *"$3"*) return ;; esac
    same "$1" "...$3..." "$2"
}

# stand_in FILE: an executable bash script, its lines from standard input.
stand_in() {
    mkdir -p "$(dirname "$1")"
    { echo '#!/bin/bash' && cat; } >"$1"
    chmod +x "$1"
}
