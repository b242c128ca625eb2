# shellcheck shell=bash disable=SC2016  # stand-ins expand later
# scripts/run, with stand-ins for dpkg-query (everything is installed), cmake (everything builds) and manage.
scripts=$(cd "$(dirname "$0")/../../scripts" && pwd)
source "$(dirname "$0")/check.sh"

mkdir -p "$tree/scripts"
cp "$scripts"/{run,lib.sh,packages.txt} "$tree/scripts"
stand_in "$tree/bin/dpkg-query" <<<'echo -n installed'
stand_in "$tree/bin/cmake" <<<'[[ $* != *"$BROKEN"* ]] || { echo "FAILED: x.o"; echo "g++ long line"; echo "x.cpp:1: error: oops"; exit 1; }'
stand_in "$tree/build/release/manage" <<<'echo "manage $* in $PWD"'
export BROKEN=nothing PATH=$tree/bin:$PATH
cd / || exit 1

said=$("$tree/scripts/run" --workers 2 2>&1)
holds "the database is prepared" "$(cat "$tree/build/log/deploy.log")" "manage deploy in $tree"
holds "the server serves all addresses on port 5000 and gets the arguments" "$said" \
    "manage runserver --host 0.0.0.0 --port 5000 --workers 2 in $tree"
holds "it says where to look" "$said" "http://localhost:5000/"
holds "and how to make an account, from any folder" "$said" \
    "cd $tree && build/release/manage user add you@example.com --username you"

said=$("$tree/scripts/run" --port=8080 --host 127.0.0.1 2>&1)
holds "a given port and host replace the usual ones" "$said" "manage runserver --host 127.0.0.1 --port 8080 in"
holds "also where it says where to look" "$said" "http://127.0.0.1:8080/"

said=$(BROKEN=manage_command "$tree/scripts/run" 2>&1)
same "a failed build ends with 1" 1 $?
holds "and shows the error" "$said" "x.cpp:1: error: oops"
case $said in *"long line"* | *runserver*) same "and neither the command nor a server" '' "$said" ;; esac

exit $wrong
