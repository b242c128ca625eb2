# scripts/activate.fish, sourced by fish.
set scripts (path resolve (status dirname)/../../scripts)
set -g tree (mktemp -d)
set -g wrong 0
function same -a what expected actual
    if test "$expected" != "$actual"
        printf 'WRONG: %s\n  expected: %s\n  but got:  %s\n' $what $expected $actual
        set wrong (math $wrong + 1)
    end
end

mkdir -p $tree/scripts $tree/build/release
cp $scripts/activate.fish $tree/scripts
printf '#!/bin/sh\necho "complete -c manage -f -a deploy"\n' >$tree/build/release/manage
chmod +x $tree/build/release/manage

cd /
function fish_prompt
    echo -n '$ '
end
set old_path "$PATH"

source $tree/scripts/activate.fish
source $tree/scripts/activate.fish
same "manage is found" $tree/build/release/manage (command -v manage)
same "the prompt says so, once" '(dewar) $ ' (fish_prompt)
same "the completion is loaded" deploy (complete -C 'manage dep')

deactivate
same "PATH is as before" "$old_path" "$PATH"
same "the prompt is as before" '$ ' (fish_prompt)
same "deactivate is gone" no (functions -q deactivate; and echo yes; or echo no)

fish $tree/scripts/activate.fish 2>/dev/null
same "run instead of sourced: exit code" 2 $status

rm -rf $tree
exit $wrong
