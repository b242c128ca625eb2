#!/bin/bash
# docs/DEPLOY.md in a fresh root: its ```sh blocks, one after the other, as somebody would type them. A comment before a block says
# what is otherwise: <!-- test: skip: WHY -->, <!-- test: instead: COMMAND -->, <!-- test: may fail, WHY -->. In the place of systemd, which no chroot
# has, stands tests/packages/systemctl. At the end, what only shows with a real nginx in front.
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/lib.sh"

cp /packages/*.deb /tmp/
echo '127.0.0.1 blog.example.com' >>/etc/hosts
install -m 755 /src/tests/packages/systemctl /usr/local/bin/systemctl
export PATH=/usr/local/bin:$PATH
apt-get -q update >/dev/null

# The blocks as files /tmp/blocks/01, 02, ..., and what was said of each as 01.test.
mkdir /tmp/blocks
awk '
    /^<!-- test: / { sub(/^<!-- test: /, ""); sub(/ -->$/, ""); said = $0; next }
    /^```sh$/ { name = sprintf("/tmp/blocks/%02d", ++count); print said >(name ".test"); said = ""; inside = 1; next }
    /^```/ { inside = 0 }
    inside { print >name }
    /./ && !inside && !/^```/ { said = "" }' /src/docs/DEPLOY.md

run_block() {
    local said
    said=$(cat "$1.test")
    case $said in
        'skip: '*) return ;;
        'instead: '*) printf '%s\n' "${said#instead: }" >"$1" ;;
    esac
    printf '\n----- %s: %s\n' "${1##*/}" "$(head -n 1 "$1")"
    # One shell each, as in one terminal but for the folder, which is kept.
    if ! (cd "$(cat /tmp/folder)" && { echo 'set -e'; cat "$1"; printf '\npwd >/tmp/folder\n'; } >/tmp/block && bash /tmp/block) </dev/null; then
        [[ $said == 'may fail'* ]] || fail "the block ${1##*/} of docs/DEPLOY.md: $(head -n 1 "$1")"
    fi
}
echo / >/tmp/folder
blocks=0
for block in /tmp/blocks/[0-9][0-9]; do
    run_block "$block"
    blocks=$((blocks + 1))
done
check "the page has its blocks ($blocks)" test "$blocks" -ge 15

url=https://blog.example.com
check "http leads to https" bash -c "curl -s -o /dev/null -w '%{http_code} %{redirect_url}' http://blog.example.com/a?b=c | grep -x '301 $url/a?b=c'"
check "forms' cookies are for https only" bash -c "curl -sf -D - -o /dev/null $url/auth/resend-confirmation | grep -i '^set-cookie: __Host-.*; Secure'"
curl -s -o /dev/null --interface 127.0.0.9 -H 'X-Forwarded-For: 203.0.113.7' "$url/whose-address"
its_line() { grep /whose-address /var/log/dewar.service.log; }
wait_for its_line
its_address() { its_line | grep -F 127.0.0.9 | grep -vF 203.0.113.7; }
check "a client's address is the one that nginx saw, not the one that the client claims" its_address
head -c 5000000 /dev/zero >/tmp/json
head -c 17000000 /dev/zero >/tmp/body
status() { curl -s -o /tmp/answer -w '%{http_code}' -H 'Expect:' -H 'Content-Type: application/json' --data-binary "@$1" "${@:2}" "$url/api/v1.1/posts/"; }
ann=(-u 'ann@example.com:correct horse battery')
printf '{"body": "%s"}' "$(head -c 1000000 /dev/zero | tr '\0' x)" >/tmp/post
check "a long body comes through" test "$(status /tmp/post "${ann[@]}")" = 201
check "one over Dewar's limit is 413" test "$(status /tmp/json "${ann[@]}")" = 413
check "one over nginx's limit is 413" test "$(status /tmp/body)" = 413
check "metrics are not for the world" test "$(curl -s -o /dev/null -w '%{http_code}' $url/metrics)" = 404
# 64 requests through nginx, some of them at a time, come over the few connections that nginx keeps.
seq 64 | xargs -P 8 -I{} curl -sf -o /dev/null "$url/healthz?{}"
kept() { awk '$2 ~ /:1388$/ && $4 == "01"' /proc/net/tcp | grep .; } # port 5000, established
check "nginx keeps connections to Dewar" kept

# The program of the .tar.gz has its own ways to sign in to MariaDB; only here is a server that asks for one.
mkdir /srv/portable
tar -xzf /packages/*.tar.gz -C /srv/portable --strip-components=1
mariadb -e "INSTALL SONAME 'auth_ed25519'; CREATE USER ed@localhost IDENTIFIED VIA ed25519 USING PASSWORD('secret');
    CREATE DATABASE ed CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; GRANT ALL ON ed.* TO ed@localhost"
sign_in() {
    local url='mysql://ed:secret@/ed?socket=/run/mysqld/mysqld.sock'
    (cd / && LD_DEBUG=files DATABASE_URL=$url /srv/portable/bin/manage deploy --config production) >/tmp/signed_in 2>&1
}
check "the program of the .tar.gz signs in by ed25519" sign_in
check "with the plugin that it brought along" grep -F 'calling init: /srv/portable/lib/dewar/mariadb/client_ed25519.so' /tmp/signed_in
