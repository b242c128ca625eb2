# shellcheck shell=bash disable=SC2016  # stand-ins expand later
# Installing packages (scripts/lib.sh), with stand-ins for dpkg-query, apt-get and the like.
scripts=$(cd "$(dirname "$0")/../../scripts" && pwd)
source "$(dirname "$0")/check.sh"

mkdir -p "$tree/scripts"
cp "$scripts/lib.sh" "$tree/scripts"
cat >"$tree/scripts/packages.txt" <<'PACKAGES'
# a comment
[run]
here
absent
[test]
new-16 | new-19
also-absent
[full]
never-asked-for
PACKAGES
stand_in "$tree/bin/dpkg-query" <<'STAND_IN'
case ${*: -1} in here) echo -n installed ;; absent) echo -n config-files ;; *) exit 1 ;; esac
STAND_IN
stand_in "$tree/bin/apt-cache" <<'STAND_IN'
case $1-$2 in
    show-new-19 | show-absent=1.0-1) ;;
    policy-also-absent) echo '  Candidate: 2.0-7' ;;
    *) exit 100 ;;
esac
STAND_IN
stand_in "$tree/bin/apt-get" <<<'echo "apt-get $*" >>"$CALLS"; [[ $* != *"$BROKEN"* ]]'
export CALLS=$tree/calls BROKEN=nothing
PATH=$tree/bin:$PATH
export PATH

# Runs COMMAND... in a shell that has sourced lib.sh.
in_lib() { bash -c 'source "$0/scripts/lib.sh"; "$@"' "$tree" "$@" 2>&1; }

same "a section lists its entries" $'here\nabsent' "$(in_lib packages run)"
same "missing: not installed, removed, the version that exists" $'absent\nnew-19\nalso-absent' \
    "$(in_lib packages run test | in_lib missing_packages)"

if ((EUID == 0)); then
    in_lib install_packages run test >"$tree/said"
    holds "the step is named" "$(cat "$tree/said")" "Installing 3 packages ... ok"
    holds "the lists are updated first" "$(head -n 1 "$CALLS")" update
    holds "then only what is missing is installed" "$(tail -n 1 "$CALLS")" "install -y --no-install-recommends absent new-19 also-absent"

    section=$(in_lib distribution)
    printf '%s\n' '[other-1]' 'a==9  # absent 9-9' "$section" 'a==1.0  # absent 1.0-1 all' 'b==2.0  # also-absent 2.0-1' \
        >"$tree/requirements.lock"
    in_lib install_packages run test >"$tree/said"
    holds "the versions are the locked ones, where the archive has them" "$(tail -n 1 "$CALLS")" \
        "install -y --no-install-recommends absent=1.0-1 new-19 also-absent"
    same "one line tells where the archive has moved on" \
        "==> The archive has moved on from requirements.lock: also-absent 2.0-1 -> 2.0-7" "$(tail -n 1 "$tree/said")"
    BROKEN=absent=1.0-1 in_lib install_packages run test >"$tree/said"
    same "locked versions that cannot be installed are no failure" 0 $?
    holds "then it is what the archive has" "$(tail -n 1 "$CALLS")" "install -y --no-install-recommends absent new-19 also-absent"
    holds "which is told" "$(tail -n 1 "$tree/said")" "2.0-7; the locked versions do not go together with what is installed"
    rm "$tree/requirements.lock"

    BROKEN=install in_lib install_packages run >"$tree/said"
    same "a failure ends the script" 1 $?
    holds "and names the log" "$(cat "$tree/said")" "The whole log: $tree/build/log/packages.log"
fi

rm -f "$CALLS"
sed -i '/absent/d' "$tree/scripts/packages.txt"
same "when nothing is missing nothing is said" '' "$(in_lib install_packages run)"
same "and apt-get is not called" no "$([[ -e $CALLS ]] && echo yes || echo no)"

exit $wrong
