#!/usr/bin/env bash
# Starts Kibana in its container; its password and session key go from /run/secrets into its keystore, since Kibana
# reads no secret from a file.
set -euo pipefail
home=${KIBANA_HOME:-/usr/share/kibana}

[ -e "$home/config/kibana.keystore" ] || "$home/bin/kibana-keystore" create >/dev/null
keep() {
  "$home/bin/kibana-keystore" add "$1" --stdin --force <"/run/secrets/$2" >/dev/null
}
keep elasticsearch.password kibana_server
keep xpack.security.encryptionKey kibana_session_key

exec /usr/local/bin/kibana-docker
