# shellcheck shell=bash disable=SC1091,SC2218,SC2034  # what is sourced here is made here
# scripts/activate, sourced by the shell that runs this test: bash or zsh.
scripts=$(cd "$(dirname "$0")/../../scripts" && pwd)
source "$(dirname "$0")/check.sh"
set -u

mkdir -p "$tree/a/scripts" "$tree/b/scripts"
cp "$scripts/activate" "$tree/a/scripts"
cp "$scripts/activate" "$tree/b/scripts"
stand_in "$tree/a/build/release/manage" <<'STAND_IN'
case $1-$2 in
    completion-bash) echo '_manage() { COMPREPLY=(deploy); }; complete -F _manage manage' ;;
    completion-zsh) echo '_manage() { compadd deploy; }; compdef _manage manage' ;;
esac
STAND_IN

completion() {
    if [ -n "${ZSH_VERSION-}" ]; then
        # shellcheck disable=SC2154
        echo "${_comps[manage]-}"
    else
        complete -p manage 2>/dev/null
    fi
}

cd / || exit 1
PS1='$ '
old_path=$PATH

source "$tree/a/scripts/activate"
same "manage is found" "$tree/a/build/release/manage" "$(command -v manage)"
same "the prompt says so" '(dewar) $ ' "$PS1"
holds "the completion is loaded" "$(completion)" _manage
active_path=$PATH

source "$tree/a/scripts/activate"
same "sourcing twice changes nothing on PATH" "$active_path" "$PATH"
same "sourcing twice changes nothing in the prompt" '(dewar) $ ' "$PS1"

PATH=/added:$PATH
deactivate
same "PATH is as before, with what was added meanwhile" "/added:$old_path" "$PATH"
same "the prompt is as before" '$ ' "$PS1"
same "the completion is gone" '' "$(completion)"
same "deactivate is gone" '' "$(declare -f deactivate)"
PATH=$old_path

DEWAR_DISABLE_PROMPT=1
source "$tree/a/scripts/activate"
same "DEWAR_DISABLE_PROMPT leaves the prompt" '$ ' "$PS1"
deactivate
unset DEWAR_DISABLE_PROMPT

deactivate() { echo other; }
source "$tree/a/scripts/activate"
deactivate
same "another's deactivate comes back" other "$(deactivate)"
unset -f deactivate

source "$tree/a/scripts/activate"
source "$tree/b/scripts/activate" 2>"$tree/said"
same "another checkout takes the place of the first" "$tree/b/build/release:$old_path" "$PATH"
holds "a missing manage is named" "$(cat "$tree/said")" "$tree/b/build/release/manage is not built yet"
deactivate
same "and leaves PATH as it was" "$old_path" "$PATH"

for shell in bash zsh sh; do
    if ! command -v $shell >/dev/null; then continue; fi
    said=$($shell "$tree/a/scripts/activate" 2>&1)
    same "run by $shell instead of sourced: exit code" 2 $?
    holds "run by $shell instead of sourced: says how" "$said" "source scripts/activate"
done

exit $wrong
