# shellcheck shell=bash disable=SC2016  # stand-ins expand later
# scripts/test: its counting and its last line, with stand-ins for everything it starts.
scripts=$(cd "$(dirname "$0")/../../scripts" && pwd)
source "$(dirname "$0")/check.sh"

mkdir -p "$tree/scripts"
cp "$scripts"/{test,lib.sh,packages.txt,count_tests.awk} "$tree/scripts"
stand_in "$tree/bin/dpkg-query" <<<'echo -n installed'
stand_in "$tree/bin/cmake" <<<'echo "cmake $*" >>"$CALLS"; [[ $* != *"$BROKEN"* ]] || { echo "x.cpp:1: error: oops"; exit 1; }'
stand_in "$tree/bin/ninja" <<<'printf "test_unit_db: phony\ntest_unit_web: phony\nall: phony\n"'
stand_in "$tree/bin/ctest" <<'STAND_IN'
if [[ $* == *--show-only* ]]; then
    [[ $* == *nothing_fits* ]] || printf '  Test  #2: unit/db\nTotal Tests: 1\n'
    exit
fi
cat "$RESULTS"
! grep -q '\*\*\*[FET]' "$RESULTS"
STAND_IN
stand_in "$tree/build/release/manage" <<'STAND_IN'
echo "manage $*" >>"$CALLS"
case $1 in
    freeze-deps)
        echo 'warning: the archive has moved on'
        [[ -z $LOCK_DIFFERS ]] || { echo '-openssl==3.0.21'; exit 1; }
        ;;
    shell)
        [[ -n $NO_REPORT ]] || printf 'signal     SIGSEGV\n#0  manage::shell::run\n' >"$APP_LOG__CRASH_FOLDER/crash-1.txt"
        kill -SEGV $$
        ;;
esac
STAND_IN
export LOCK_DIFFERS='' NO_REPORT='' CALLS=$tree/calls RESULTS=$tree/results BROKEN=nothing PATH=$tree/bin:$PATH

cat >"$RESULTS" <<'RESULTS'
1: [doctest] test cases:  3 |  3 passed | 0 failed | 1 skipped
1/3 Test #1: unit/web .................   Passed    0.01 sec
2/3 Test #2: compile_fail/route .......   Passed    0.02 sec
3/3 Test #3: scripts/other ............***Skipped   0.00 sec
RESULTS
said=$("$tree/scripts/test" 2>&1)
same "all passed: exit code" 0 $?
same "cases and other tests are summed over asan and tsan, the skipped are not; the lock is one, and so is the crash" "10 passed, 0 failed" "${said##*$'\n'}"
holds "that archives moved on is told" "$said" $'\nwarning: the archive has moved on\n'
holds "the release is held against the lock" "$(cat "$CALLS")" "manage freeze-deps --check"
holds "manage is built as released" "$(cat "$CALLS")" "cmake --build build/release"

said=$(LOCK_DIFFERS=yes "$tree/scripts/test" 2>&1)
same "another version than the lock's fails" "9 passed, 1 failed" "${said##*$'\n'}"
holds "and is shown" "$said" "-openssl==3.0.21"

said=$(NO_REPORT=yes "$tree/scripts/test" 2>&1)
same "a crash without a report fails" "9 passed, 1 failed" "${said##*$'\n'}"
holds "and is named" "$said" "Failed: crash"

cat >"$RESULTS" <<'RESULTS'
 1: x_test.cpp:7: ERROR: CHECK( one == two ) is NOT correct!
 1: [doctest] test cases:  3 |  1 passed | 2 failed | 0 skipped
 1/4 Test  #1: unit/web .................***Failed    0.01 sec
 2: [doctest] test cases:  5 |  5 passed | 0 failed | 0 skipped
 2: ERROR: LeakSanitizer: detected memory leaks
 2/4 Test  #2: unit/db ..................***Failed    0.02 sec
 3/4 Test  #3: unit/http ................***Exception: SegFault  0.02 sec
 4/4 Test #10: unit/base ................***Timeout 300.02 sec
RESULTS
said=$("$tree/scripts/test" 2>&1)
same "some failed: exit code" 1 $?
same "failed cases count, a leak or a crash counts one" "14 passed, 10 failed" "${said##*$'\n'}"
holds "what a failed test said is shown" "$said" "ERROR: CHECK( one == two ) is NOT correct!"
holds "the failed ones are listed" "$said" "Failed: asan:unit/web asan:unit/db asan:unit/http asan:unit/base tsan:unit/web"

said=$(BROKEN="--build build/asan" "$tree/scripts/test" 2>&1)
same "a failed build: exit code" 1 $?
same "a failed build: last line" "0 passed, 1 failed" "${said##*$'\n'}"
holds "a failed build: the error" "$said" "x.cpp:1: error: oops"

: >"$RESULTS"
said=$("$tree/scripts/test" -k nothing_fits 2>&1)
same "a pattern that fits nothing fails" "0 passed, 1 failed" "${said##*$'\n'}"

: >"$CALLS"
"$tree/scripts/test" db >/dev/null 2>&1
holds "with a pattern only the programs of the tests that fit are built" "$(cat "$CALLS")" "--target test_unit_db"
case $(cat "$CALLS") in *"build/release"* | *freeze-deps*) same "and no release" '' "$(cat "$CALLS")" ;; esac

exit $wrong
