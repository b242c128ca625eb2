# shellcheck shell=bash disable=SC2016  # stand-ins expand later
# scripts/components and scripts/lock, with stand-ins for dpkg-query and apt-cache.
scripts=$(cd "$(dirname "$0")/../../scripts" && pwd)
source "$(dirname "$0")/check.sh"

mkdir -p "$tree/scripts"
cp "$scripts"/{components,lock,lib.sh} "$tree/scripts"
printf '%s\n' '[run]' '# libraries' libssl-dev g++ libz-dev zlib-tools covr gone '[test]' ccache >"$tree/scripts/packages.txt"
stand_in "$tree/bin/dpkg-query" <<'STAND_IN'
if [[ $* != *source:Package* ]]; then echo -n installed; exit; fi
case ${*: -1} in
    libssl-dev) echo 'installed libssl-dev 3.0.22-1~deb12u2 amd64 openssl' ;;
    g++) echo 'installed g++ 4:12.2.0-3 amd64 gcc-defaults' ;;
    libz-dev) echo 'installed libz-dev 1:1.3.dfsg+really1.3.1-1+b1 amd64 zlib' ;;
    zlib-tools) echo 'installed zlib-tools 1:1.3.dfsg+really1.3.1-1+b1 amd64 zlib' ;;
    covr) echo 'installed covr 7.2+really-1.1 all covr' ;;
    ccache) echo 'installed ccache 0~2017+ds1-1 all ccache' ;;
    gone) echo 'config-files gone 1-1 all gone' ;;
esac
STAND_IN
stand_in "$tree/bin/apt-cache" <<'STAND_IN'
[[ $* == *libssl-dev=3.0.22-1~deb12u2* ]] && printf 'Package: libssl-dev\nVersion: 3.0.22-1~deb12u2\nSHA256: abc\n'
exit 100
STAND_IN
export PATH=$tree/bin:$PATH
heading=$(bash -c 'source "$0/scripts/lib.sh"; distribution' "$tree")

expected="$heading
covr==7.2  # covr 7.2+really-1.1 all
gcc==12.2.0  # g++ 4:12.2.0-3 amd64
openssl==3.0.22  # libssl-dev 3.0.22-1~deb12u2 amd64 sha256:abc
zlib==1.3.1  # libz-dev 1:1.3.dfsg+really1.3.1-1+b1 amd64"
same "one sorted line for each source, with upstream's version, and the hash where apt knows it" \
    "$expected" "$("$tree/scripts/components" run)"

"$tree/scripts/components" --output "$tree/made" run
same "--output writes the same" "$expected" "$(cat "$tree/made")"
touch -d 2001-01-01 "$tree/made"
"$tree/scripts/components" --output "$tree/made" run
same "a file that says so already stays untouched" 2001 "$(date -r "$tree/made" +%Y)"

lock=$tree/requirements.lock
printf '%s\n' '# what this is' '' '[aaa-1]' 'a==1' '' "$heading" 'old==1' '' '[zzz-1]' 'z==1' >"$lock"
"$tree/scripts/lock" >"$tree/said"
holds "scripts/lock says what it wrote" "$(cat "$tree/said")" "Wrote section $heading"
same "this distribution's section is replaced, the others stay" "# what this is

[aaa-1]
a==1

$heading
ccache==2017  # ccache 0~2017+ds1-1 all
${expected#*$'\n'}

[zzz-1]
z==1" "$(cat "$lock")"

exit $wrong
