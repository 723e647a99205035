#!/usr/bin/env bash
# Starts Elasticsearch in its container with the accounts that the other containers use.
# In: one password a file under /run/secrets; out: accounts of the file realm, then the server. The accounts are written
# anew at each start: a changed password is in force after a restart.
set -euo pipefail
home=${ES_HOME:-/usr/share/elasticsearch}
config=${ES_PATH_CONF:-$home/config}
secrets=${SECRETS:-/run/secrets}

: >"$config/users"
: >"$config/users_roles"

account() {
  "$home/bin/elasticsearch-users" useradd "$1" -p "$(cat "$secrets/$1")" -r "$2"
}

# May do everything; for people who maintain the server, and for importing the dashboard.
account operator superuser
account kibana_server kibana_system
# The worker makes its indices at the first start, hence granska_setup; take that role away afterwards if you like.
account granska_worker granska_setup,granska_worker
# Searches through the program. Without granska_reader_forbidden, findings of class forbidden are not shown.
account granska_search granska_reader,granska_reader_forbidden
# Looks at findings of class questionable in Kibana.
account granska_analyst granska_reader,granska_kibana

exec "${START:-/usr/local/bin/docker-entrypoint.sh}" "${@:-eswrapper}"
