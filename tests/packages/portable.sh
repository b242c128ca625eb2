#!/bin/bash
# The .tar.gz in a fresh root: nothing is installed, and `manage deploy && manage runserver` serve.
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/lib.sh"

mkdir -p /srv/elsewhere /srv/blog
tar -xzf /packages/*.tar.gz -C /srv/elsewhere --strip-components=1
export PATH=/srv/elsewhere/bin:$PATH
cd /srv/blog

check "manage starts where it was unpacked" manage version
# /proc tells what the program really took, which ldd only supposes. What is left are the parts of glibc.
libraries() { LD_TRACE_LOADED_OBJECTS=1 manage | awk '$3 ~ "^/" { print $3 }'; }
others() { libraries | grep -v '^/srv/elsewhere/bin/\.\./lib/dewar/' | grep -vE '/(libc|libm|libresolv|libpthread|libdl|librt|ld-linux[^/]*)\.so'; }
check "it needs no library of the system but glibc" bash -c "! { $(declare -f libraries others); others; }"
for plugin in /srv/elsewhere/lib/dewar/mariadb/*.so; do
    # Those of a plugin are found by way of the program that loads it.
    check "the plugin ${plugin##*/} has its libraries" bash -c "! LD_LIBRARY_PATH=/srv/elsewhere/lib/dewar /lib64/ld-linux-x86-64.so.2 --list $plugin | grep 'not found'"
done
# By what lies in it: /src/ alone, say, stands in many a library. DEPLOY.md names the place where it is tested.
built_in=()
for name in CMakeLists.txt app/ build/ config/ docs/ manage/ scripts/ tests/; do built_in+=(-e "$BUILT_IN/$name"); done
is_moved() { ! grep -rlaF --exclude=DEPLOY.md "${built_in[@]}" /srv/elsewhere; }
check "nothing of the folder that it was built in is in it" is_moved
check "the licence of each library is there" test -s /srv/elsewhere/share/doc/dewar/licences/libmariadb3

printf 'APP_CONFIG=standalone\nSECRET_KEY=%s\n' "$(manage secret-key)" >.env
check "deploy makes the database" manage deploy
manage runserver --port 5001 >server.log 2>&1 &
server=$!
check "runserver serves: /healthz" wait_for answers 5001 /healthz ''
check "the blog's page" answers 5001 / '<html'
check "an account" add_ann manage
check "the API" answers 5001 /api/v1.1/posts/ '"items":'
check "what it has loaded is from its own folder" bash -c "! awk '\$6 ~ /\\.so/ { print \$6 }' /proc/$server/maps | grep -v '^/srv/elsewhere/lib/dewar/' |
    grep -vE '/(libc|libm|libresolv|libpthread|libdl|librt|libnss_[a-z]*|ld-linux[^/]*)\.so'"
kill "$server"
wait "$server"
check "install-service names this place" bash -c "manage install-service --print | grep -x 'ExecStart=/srv/elsewhere/bin/manage runserver --supervise --config standalone'"
check "the man page and the completions are there" test -s /srv/elsewhere/share/man/man1/manage.1 -a -s /srv/elsewhere/share/bash-completion/completions/manage \
    -a -s /srv/elsewhere/share/zsh/site-functions/_manage -a -s /srv/elsewhere/share/fish/vendor_completions.d/manage.fish
