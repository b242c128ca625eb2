#!/bin/bash
# The .deb under a real systemd, with all that its unit forbids. Run twice: first in the fresh root, where it installs what the second
# time takes, then by systemd at its boot, which ends with the exit code of this.
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/lib.sh"

package=$(echo /packages/*.deb)
if [[ ! -d /run/systemd/system ]]; then
    apt-get -q update >/dev/null
    apt-get -q install -y --no-install-recommends systemd systemd-sysv dbus "$package"
    rm /usr/sbin/policy-rc.d
    make_next "$package" /root/next.deb
    cat >/etc/systemd/system/try.service <<'UNIT'
[Unit]
After=multi-user.target
SuccessAction=exit
SuccessActionExitStatus=0
FailureAction=exit
FailureActionExitStatus=1
[Service]
Type=oneshot
Environment=HOME=/root LANG=C.UTF-8
ExecStart=/bin/bash /src/tests/packages/service.sh
StandardOutput=append:/result
StandardError=append:/result
[Install]
WantedBy=default.target
UNIT
    systemctl enable try.service
    exit
fi

cd /var/lib/dewar
property() { systemctl show --property "$1" --value dewar; }
# The check that failed tells what the service said.
trap '[[ $? == 0 ]] || journalctl --no-pager --unit dewar --lines 30' EXIT

check "the service runs after the boot" systemctl is-active dewar
check "systemd knows what the service says of itself" test "$(property StatusText)" = 'serving http://127.0.0.1:5000/'
check "it serves" answers 5000 /readyz ''
check "an account, while it runs" add_ann runuser -u dewar -- manage
check "the API" answers 5000 /api/v1.1/posts/ '"items":'
check "its log is in the journal" bash -c "journalctl --unit dewar | grep -F 'serving http://127.0.0.1:5000/'"
check "where nobody is told what to type next" bash -c "journalctl --unit dewar | grep -F 'Deploying the config' && ! journalctl --unit dewar | grep -F 'What next'"

requests_until /tmp/over >/tmp/requests 2>/tmp/answers &
load=$!
main=$(property MainPID) first=$(worker)
check "systemctl reload" systemctl reload dewar
second=$(worker)
check "another process serves now ($first, then $second)" test -n "$first" -a -n "$second" -a "$first" != "$second"
check "the upgrade of the package" dpkg -i /root/next.deb
third=$(worker)
check "it reloads the service ($third)" test -n "$third" -a "$third" != "$second"
touch /tmp/over
wait "$load"
read -r sent failed </tmp/requests
check "no request was lost in $sent" test "$failed" = 0 -a "$sent" -gt 10
check "the main process stayed" test "$main" = "$(property MainPID)"

kill -9 "$third"
new_worker() { fourth=$(worker) && test -n "$fourth" -a "$fourth" != "$third" && answers 5000 /readyz ''; }
check "a worker that was killed is replaced by the supervisor" wait_for new_worker
kill -SEGV "$(worker)"
report() { grep -q '^#.* app::' instance/crash-*.txt; }
check "a crash leaves a report with the names of functions" wait_for report
check "and the service serves" wait_for answers 5000 /readyz ''
check "systemd had nothing to start again" test "$(property NRestarts)" = 0
kill -9 "$main"
new_main() { test "$(property MainPID)" != "$main" -a "$(property MainPID)" != 0 && answers 5000 /readyz ''; }
check "a supervisor that was killed is started again" wait_for new_main
check "and the service is active" systemctl is-active dewar

check "systemctl stop" systemctl stop dewar
check "leaves no process" bash -c '! grep -sl manage /proc/[0-9]*/comm | grep .'
echo 'APP_SERVER__PORT=http' >>/etc/dewar/dewar.env
check "with a setting that cannot be read it does not start" bash -c '! systemctl start dewar'
why() { journalctl --unit dewar | grep -F 'server.port must be'; }
check "and the journal says why" wait_for why
sed -i '$d' /etc/dewar/dewar.env
check "mended, it starts" bash -c 'systemctl reset-failed dewar; systemctl start dewar'
