# source scripts/activate.fish
# Puts build/release on PATH, so that `manage` works from anywhere, with its completion; the prompt says (dewar) unless
# DEWAR_DISABLE_PROMPT is set. `deactivate` undoes all that. The same for bash and zsh: scripts/activate.

if not status stack-trace | string match -q '*from sourcing file*'
    echo "scripts/activate.fish changes the shell that reads it; type: source scripts/activate.fish" >&2
    exit 2
end

# Activated before, from here or from another checkout: start anew.
if set -q _dewar_folder
    deactivate
end

set -g _dewar_folder (path resolve (status dirname)/..)/build/release
# What others have under these names comes back with deactivate.
if functions -q deactivate
    functions -c deactivate _dewar_other_deactivate
end
if not set -q DEWAR_DISABLE_PROMPT; and functions -q fish_prompt
    functions -c fish_prompt _dewar_other_prompt
    function fish_prompt
        echo -n '(dewar) '
        _dewar_other_prompt
    end
end

function deactivate -d 'Undo source scripts/activate.fish'
    # PATH may have changed meanwhile: only what was added is taken away.
    if set -l index (contains -i -- $_dewar_folder $PATH)
        set -e PATH[$index]
    end
    if functions -q _dewar_other_prompt
        functions -e fish_prompt
        functions -c _dewar_other_prompt fish_prompt
        functions -e _dewar_other_prompt
    end
    complete -e -c manage
    set -e _dewar_folder
    functions -e deactivate
    if functions -q _dewar_other_deactivate
        functions -c _dewar_other_deactivate deactivate
        functions -e _dewar_other_deactivate
    end
end

set -gx PATH $_dewar_folder $PATH
if test -x $_dewar_folder/manage
    $_dewar_folder/manage completion fish | source
else
    echo "$_dewar_folder/manage is not built yet: scripts/run does that" >&2
end
