#!/bin/bash
# The .deb in a fresh root: installed, used, upgraded under load, removed, purged. There is no systemd in here: what it would run is
# taken from the unit and run as it would be.
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/lib.sh"

package=$(echo /packages/*.deb)
apt-get -q update >/dev/null
check "the package installs, with what it depends on" apt-get -q install -y --no-install-recommends "$package"

settings() { stat -c '%a %U:%G' /etc/dewar/dewar.env /etc/dewar/secret.key /var/lib/dewar | paste -sd' '; }
check "settings and key are for root and dewar only" test "$(settings)" = '640 root:dewar 640 root:dewar 750 dewar:dewar'
check "the settings that are shipped hold no secret" bash -c "! grep -E '^[^#]*(SECRET_KEY|PASSWORD)=' /etc/dewar/dewar.env"
key=$(cat /etc/dewar/secret.key)
check "a second run of postinst changes nothing" /var/lib/dpkg/info/dewar.postinst configure ''
check "the key stayed" test "$key" = "$(cat /etc/dewar/secret.key)"
check "dpkg finds every file as it was packaged" bash -c "! dpkg --verify dewar | grep ."

cd /var/lib/dewar
as_dewar() { runuser -u dewar -- "$@"; }
lines_of() { sed -n "s/^$1=//p" /lib/systemd/system/dewar.service; }
check "the unit starts the program that was installed" bash -c "grep -x 'ExecStart=/usr/bin/manage runserver --supervise --config unix' /lib/systemd/system/dewar.service"
check "what the unit runs before the start" as_dewar bash -c "$(lines_of ExecStartPre)"
as_dewar bash -c "exec $(lines_of ExecStart)" >/tmp/server.log 2>&1 &
server=$!
check "what the unit starts serves" wait_for answers 5000 /readyz ''
check "an account, from the same folder" add_ann as_dewar manage
check "the API" answers 5000 /api/v1.1/posts/ '"items":'
check "the settings are those of /etc" bash -c "runuser -u dewar -- manage config | grep -F 'sqlite:///instance/dewar.sqlite'"

make_next "$package" /tmp/next.deb
requests_until /tmp/over >/tmp/requests 2>/tmp/answers &
load=$!
before=$(worker)
check "the upgrade installs while the old version serves" dpkg -i /tmp/next.deb
check "what the unit runs at a reload" as_dewar bash -c "set -e; $(lines_of ExecReload)"
after=$(worker)
touch /tmp/over
wait "$load"
read -r sent failed </tmp/requests
check "another process serves now ($before, then $after)" test -n "$before" -a -n "$after" -a "$before" != "$after"
check "the supervisor is the same process" kill -0 "$server"
check "no request was lost in $sent" test "$failed" = 0 -a "$sent" -gt 10
check "the settings survived the upgrade" test "$key" = "$(cat /etc/dewar/secret.key)"
check "stop" as_dewar manage stop
wait "$server"

apt-get -q install -y --no-install-recommends man-db bash-completion >/dev/null
check "man manage" bash -c "man manage | grep -q 'manage runserver'"
check "bash completes commands" bash -c "source /usr/share/bash-completion/bash_completion; _completion_loader manage || true; complete -p manage | grep _manage"

check "the package goes" dpkg --remove dewar
check "and leaves settings and data" test -e /etc/dewar/dewar.env -a -e /var/lib/dewar/instance/dewar.sqlite -a ! -e /usr/bin/manage
check "it comes back to them" dpkg -i "$package"
check "with its database" as_dewar manage user list
dpkg --purge dewar >/tmp/purged 2>&1
check "a purge takes settings, key and logs away" test ! -e /etc/dewar -a ! -e /var/log/dewar
check "and tells where the rows are" grep -F '/var/lib/dewar' /tmp/purged
check "it installs again" dpkg -i "$package"
rm -rf /var/lib/dewar/instance
check "without rows, a purge leaves nothing" bash -c "dpkg --purge dewar && ! getent passwd dewar && test ! -e /var/lib/dewar"
