#!/bin/bash
# Caddy takes the Caddyfile of docs/DEPLOY.md. It is not started: it would ask for a certificate.
set -euo pipefail
apt-get -q install -y --no-install-recommends caddy >/dev/null
sed -n "/^cat >\/etc\/caddy\/Caddyfile/,/^END$/p" /src/docs/DEPLOY.md | sed '1d;$d' >/tmp/Caddyfile
grep -q reverse_proxy /tmp/Caddyfile
caddy adapt --config /tmp/Caddyfile --adapter caddyfile
