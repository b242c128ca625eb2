#!/bin/bash
# A certificate where certbot would put one, by an authority that this root trusts.
set -euo pipefail
folder=/etc/letsencrypt/live/blog.example.com
mkdir -p "$folder"
apt-get -q install -y openssl >/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=blog.example.com \
    -addext subjectAltName=DNS:blog.example.com -keyout "$folder/privkey.pem" -out "$folder/fullchain.pem"
cp "$folder/fullchain.pem" /usr/local/share/ca-certificates/blog.crt
update-ca-certificates
