#!/usr/bin/env bash
# Makes what compose.yaml mounts as secrets: a password each, and a CA with the certificate of Elasticsearch.
# In: nothing; out: files in deploy/secrets (or in the folder that is named). Invariant: what exists is never
# overwritten, so it can be run again after an update; remove a password or a .crt to have it made anew.
# Needs openssl. Example: `deploy/prepare.sh`, then `docker compose up -d`.
set -euo pipefail

folder=${1:-$(dirname "$0")/secrets}
# The folder is closed to everybody else. Its files are open: a container sees only those that it was given, and runs
# under an account that the host does not know.
umask 077
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"

# One account each (deploy/elasticsearch.sh gives it its roles), and the key that Kibana's sessions are sealed with.
for name in operator kibana_server granska_worker granska_search granska_analyst kibana_session_key; do
  [ -s "$name" ] && continue
  openssl rand -hex 24 | tr -d '\n' >"$name"
  echo "made the password $name"
done

subject=/O=Granska
if [ ! -e ca.crt ]; then
  rm -f ca.key
  openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj "$subject/CN=Granska CA" \
    -addext 'keyUsage=critical,keyCertSign,cRLSign' -keyout ca.key -out ca.crt 2>/dev/null
  echo "made the authority ca.crt; ca.key signs for it and belongs to no container"
fi
if [ ! -e elasticsearch.crt ]; then
  rm -f elasticsearch.key
  openssl req -newkey rsa:3072 -nodes -subj "$subject/CN=elasticsearch" \
    -keyout elasticsearch.key -out elasticsearch.csr 2>/dev/null
  printf 'subjectAltName=DNS:elasticsearch,DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n' \
    >elasticsearch.ext
  openssl x509 -req -in elasticsearch.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 825 \
    -extfile elasticsearch.ext -out elasticsearch.crt 2>/dev/null
  rm -f elasticsearch.csr elasticsearch.ext ca.srl
  echo "made the certificate elasticsearch.crt, good for 825 days"
fi

chmod 444 -- *
chmod 400 ca.key
