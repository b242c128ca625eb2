# shellcheck shell=bash
# What the scripts share: steps with a log and a time, installing packages, building, counting tests.
# Sourced, never run. It changes to the root of the repository, so every path below is relative to that.
set -euo pipefail

# shellcheck disable=SC2034  # for scripts/run
called_from=$PWD
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
cd "$root"
logs=build/log

bold='' red='' green='' plain='' line_start=''
if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
    bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
fi
if [[ -t 1 ]]; then line_start=$'\r\e[K'; fi

# say TEXT: one line about what happens; on standard output like all the rest, so that the order is kept.
say() { printf '%s==>%s %s\n' "$bold" "$plain" "$*"; }

# die TEXT...: one line per argument, then exit 1.
die() {
    printf '%s\n' "$@"
    exit 1
}

# usage: prints the comment at the head of the running script and exits 0.
usage() {
    sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"
    exit 0
}

# attempt TITLE LOG COMMAND...: runs COMMAND, which reads nothing, with its output in build/log/LOG.log; prints
# "==> TITLE ... ok 12 s", or "failed" and returns 1. On a terminal the line also shows how far ninja or ctest is.
attempt() {
    local title=$1 log=$logs/$2.log started=$SECONDS head
    shift 2
    head="$bold==>$plain $title ..."
    mkdir -p "$logs"
    printf '%s' "$head"
    if "$@" </dev/null 2>&1 | record "$head" "$log"; then
        printf '%s%s %sok%s %d s\n' "$line_start" "${line_start:+$head}" "$green" "$plain" $((SECONDS - started))
    else
        printf '%s%s %sfailed%s %d s\n' "$line_start" "${line_start:+$head}" "$red" "$plain" $((SECONDS - started))
        return 1
    fi
}

# step TITLE LOG COMMAND...: as attempt, but a failure shows the end of the log and ends the script.
step() {
    attempt "$@" && return
    explain "$logs/$2.log"
    exit 1
}

# record HEAD FILE: copies standard input to FILE; on a terminal shows the "[12/340]" of its lines behind HEAD.
record() {
    if [[ ! -t 1 ]]; then
        cat >"$2"
        return
    fi
    local line progress='^(\[| *)([0-9]+/[0-9]+)(\]| Test)'
    while IFS= read -r line; do
        printf '%s\n' "$line" >&3
        if [[ $line =~ $progress ]]; then printf '%s%s %s' "$line_start" "$1" "${BASH_REMATCH[2]}"; fi
    done 3>"$2"
}

# explain LOG: what a failed step said: a build's errors from the first one on (without the command line that failed), of
# anything else the last 30 lines; of long lines the beginning.
explain() {
    printf '\n'
    if grep -q '^FAILED: ' "$1"; then
        awk '/^FAILED: / { seen = 1; print; skip = 1; next } skip { skip = 0; next } seen && ++lines <= 60' "$1"
    else
        tail -n 30 "$1"
    fi | cut -c 1-400
    printf '\nThe whole log: %s\n' "$root/$1"
}

# packages SECTION...: the entries of those sections of packages.txt, one per line.
packages() {
    local section
    for section; do
        awk -v section="[$section]" '/^\[/ { inside = $0 == section; next } inside && /^[^#]/' scripts/packages.txt
    done
}

# distribution: the heading of this distribution's section of requirements.lock: "[debian-12]".
distribution() {
    local ID=linux VERSION_ID=unknown
    if [[ -r /etc/os-release ]]; then source /etc/os-release; fi
    printf '[%s-%s]\n' "$ID" "$VERSION_ID"
}

# missing_packages: reads entries of packages.txt, prints for each that is not installed the package to install.
missing_packages() {
    local entry name known
    while IFS= read -r entry; do
        known=''
        for name in ${entry//|/ }; do
            if [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]]; then continue 2; fi
            if [[ -z $known && $entry == *'|'* ]] && apt-cache show "$name" >/dev/null 2>&1; then known=$name; fi
        done
        printf '%s\n' "${known:-$name}"
    done
}

# install_packages SECTION...: installs what is missing, as root or through sudo; who may do neither reads the line to type.
install_packages() {
    command -v dpkg-query >/dev/null || {
        say "This is not Debian: see to it that there is what scripts/packages.txt names"
        return
    }
    local missing as_root=()
    mapfile -t missing < <(packages "$@" | missing_packages)
    if ((${#missing[@]} == 0)); then return; fi
    if ((EUID != 0)); then
        may_sudo || die "${#missing[@]} Debian packages are missing, and only root may install them. Type this, then try again:" "" \
            "$(how_to_install "${missing[*]}")" ""
        as_root=(sudo -n)
    fi
    step "Installing ${#missing[@]} packages" packages apt_install "$@"
    tell_moves
}

# may_sudo: whether sudo works here; on a terminal it may ask for the password.
may_sudo() { command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [[ -t 0 && -t 1 ]] && sudo -v; }; }; }

# how_to_install PACKAGES: the one line that an ordinary user types, with sudo where there is one.
how_to_install() {
    if command -v sudo >/dev/null; then
        printf 'sudo apt-get update && sudo apt-get install -y --no-install-recommends %s' "$1"
    else
        printf "su -c 'apt-get update && apt-get install -y --no-install-recommends %s'" "$1"
    fi
}

# apt_install SECTION...: the step itself. What is missing is asked again after the update, which tells which of `a | b` exists. The
# versions are those of requirements.lock, as far as the archive has them; what is otherwise is written to $logs/moved.
apt_install() {
    local missing pinned apt_get=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
    "${apt_get[@]}" update || return
    mapfile -t missing < <(packages "$@" | missing_packages)
    mapfile -t pinned < <(pin "${missing[@]}" 2>"$logs/moved")
    "${apt_get[@]}" install -y --no-install-recommends "${pinned[@]}" && return
    if [[ ${pinned[*]} == "${missing[*]}" ]]; then return 1; fi
    printf 'the locked versions do not go together with what is installed\n' >>"$logs/moved"
    "${apt_get[@]}" install -y --no-install-recommends "${missing[@]}"
}

# pin PACKAGE...: package=version for each whose version of requirements.lock is in apt's lists; else the package, and on standard
# error which version there is instead.
pin() {
    local name version
    for name; do
        version=$(locked_version "$name")
        if [[ -n $version ]] && apt-cache show "$name=$version" >/dev/null 2>&1; then
            printf '%s=%s\n' "$name" "$version"
        else
            printf '%s\n' "$name"
            if [[ -n $version ]]; then printf '%s %s -> %s\n' "$name" "$version" "$(candidate "$name")" >&2; fi
        fi
    done
}

# locked_version PACKAGE: its version in this distribution's section of requirements.lock, if it has one there.
locked_version() {
    if [[ ! -r requirements.lock ]]; then return; fi
    awk -v section="$(distribution)" -v name="$1" \
        '/^\[/ { inside = $0 == section } inside && $2 == "#" && $3 == name { print $4 }' requirements.lock
}

# candidate PACKAGE: the version that apt-get would install.
candidate() { apt-cache policy "$1" 2>/dev/null | awk '$1 == "Candidate:" { print $2 }'; }

# tell_moves: in one line what was not installed as requirements.lock has it.
tell_moves() {
    if [[ ! -s $logs/moved ]]; then return; fi
    say "The archive has moved on from requirements.lock: $(paste -sd ';' "$logs/moved" | sed 's/;/; /g')"
}

# configure FOLDER ARGUMENTS...: runs cmake for build/FOLDER; a build folder that came from elsewhere is made anew.
configure() {
    local cache=build/$1/CMakeCache.txt
    if [[ -f $cache ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache"; then rm -rf "build/$1"; fi
    cmake -B "build/$1" "${@:2}"
}

# build FOLDER TARGET...: builds in build/FOLDER, which is configured; "all" is everything.
build() { cmake --build "build/$1" --parallel "$(nproc)" --target "${@:2}"; }

# build_release: `manage` as it is released, build/release/manage.
build_release() {
    step "Configuring release" release-configure configure release --preset release
    step "Building release" release-build build release manage_command
}

# clang: the compiler of packages.txt that is installed.
clang() { command -v clang++-16 || command -v clang++-19 || die "clang++-16 or clang++-19 is not installed" >&2; }
