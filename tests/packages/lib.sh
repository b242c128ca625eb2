# shellcheck shell=bash
# What the scripts that run in a fresh root share: checks with a sentence, and requests without any program but the shell.
export SHELL=/bin/bash

fail() {
    printf 'FAILED: %s\n' "$*"
    exit 1
}

# check SENTENCE COMMAND...: the command succeeds.
check() {
    local sentence=$1
    shift
    if "$@" >/tmp/check 2>&1; then
        printf 'ok: %s\n' "$sentence"
    else
        cat /tmp/check
        fail "$sentence"
    fi
}

# request PORT PATH: the answer to a GET, with its head. Ann asks, once she has an account: see add_ann.
request() {
    exec {connection}<>"/dev/tcp/127.0.0.1/$1" || return
    printf 'GET %s HTTP/1.1\r\nHost: localhost\r\n%sConnection: close\r\n\r\n' "$2" "${authorization-}" >&"$connection"
    cat <&"$connection"
    exec {connection}>&-
}

# add_ann COMMAND...: makes her account by a `manage` that is called so.
add_ann() {
    authorization=$(printf 'Authorization: Basic %s\r\n.' "$(printf 'ann@example.com:a long password' | base64)")
    authorization=${authorization%.}
    "$@" user add ann@example.com --username ann --password-stdin <<<'a long password'
}

# answers PORT PATH TEXT: whether the answer is 200 and holds the text.
answers() {
    local answer
    answer=$(request "$1" "$2" | tr -d '\r\0') || return
    if [[ $answer == "HTTP/1.1 200 "* && $answer == *"$3"* ]]; then return; fi
    printf '%s\n' "$answer"
    return 1
}

# wait_for COMMAND...: tries it until it succeeds, for up to a minute.
wait_for() {
    local end=$((SECONDS + 60))
    until "$@" >/tmp/waited 2>&1; do
        if ((SECONDS > end)); then
            cat /tmp/waited
            return 1
        fi
        sleep 0.1
    done
}

# make_next PACKAGE FILE: the next version of it: the same one with a higher number.
make_next() {
    local folder
    folder=$(mktemp -d) || return
    dpkg-deb -R "$1" "$folder"
    sed -i 's/^Version: .*/Version: 99.0-1/' "$folder/DEBIAN/control"
    chmod 755 "$folder" "$folder/DEBIAN"
    dpkg-deb -b --root-owner-group "$folder" "$2" >/dev/null
}

# requests_until FILE: requests without a pause, each on a connection of its own, until the file is there; then their number and that of
# the failed.
requests_until() {
    local sent=0 failed=0
    while [[ ! -e $1 ]]; do
        sent=$((sent + 1))
        answers 5000 /healthz '' >&2 || failed=$((failed + 1))
    done
    printf '%d %d\n' "$sent" "$failed"
}

# worker: the process that serves, as its user is told.
worker() { runuser -u dewar -- manage status --json | sed -n 's/.*"worker": *\([0-9]*\).*/\1/p'; }
