#!/usr/bin/env bash
# A throwaway PostgreSQL for tests, on a loopback port of its own.
#
#   tools/postgres.sh start FOLDER     makes it in FOLDER, or starts again what is there, on its
#                                      old port; the last line is its URL
#   tools/postgres.sh stop FOLDER      ends it; FOLDER stays
#   tools/postgres.sh with COMMAND...  runs the command with the URL of one made for it alone in
#                                      GINNEL_TEST_POSTGRES_URL; a URL that stands there is used
#
# Root, whom PostgreSQL refuses, starts it as the user postgres. A crash of the machine may lose
# what was written (fsync is off) unless GINNEL_TEST_POSTGRES_FSYNC=on when it is made. Where there
# is no PostgreSQL, it ends with status 77, in CI with 1.
set -euo pipefail

readonly NOT_HERE=77 START_LIMIT=60 STOP_LIMIT=20 TRIES=10  # a status, seconds twice, and starts

fail() {
  echo "postgres: $*" >&2
  exit 1
}

# The programs of the newest version.
find_programs() {
  bin="$(find /usr/lib/postgresql/*/bin -name pg_ctl 2>/dev/null | sort -V | tail -n 1 || true)"
  bin="$(dirname "${bin:-$(command -v pg_ctl || true)}")"
  [ -x "$bin/initdb" ] && return 0  # alone, `return` in a trap gives the status of what ended
  [ "${CI-}" != true ] || fail "there is no PostgreSQL, and CI wants it: tools/packages.txt"
  echo "postgres: there is no PostgreSQL on this machine; what tests with it is SKIPPED" >&2
  exit "$NOT_HERE"
}

as_owner() {
  if [ "$(id -u)" -eq 0 ]; then
    setpriv --reuid=postgres --regid=postgres --init-groups env HOME="$folder" "$@"
  else
    "$@"
  fi
}

# Whether the process of postmaster.pid is this server; after a crash its number may be another's.
is_running() {
  local pid
  pid="$(head -n 1 "$data/postmaster.pid" 2>/dev/null)" &&
    [ "$(readlink "/proc/$pid/cwd")" = "$data" ]
}

make_cluster() {
  [ "$(id -u)" -ne 0 ] || chown postgres: "$folder"
  as_owner test -x "$folder" || fail "the user postgres cannot pass to $folder"
  # Nobody else on this machine is to run programs as its owner, which a superuser can.
  od -An -N16 -tx1 /dev/urandom | tr -d ' \n' | as_owner sh -c "umask 077; cat >'$folder/password'"
  as_owner "$bin/initdb" -D "$data" -U postgres -A scram-sha-256 --pwfile="$folder/password" \
    -E UTF8 --locale=C --no-sync >/dev/null
  as_owner tee -a "$data/postgresql.conf" >/dev/null <<CONFIG
listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
fsync = ${GINNEL_TEST_POSTGRES_FSYNC:-off}
CONFIG
}

# Ports below those that the kernel gives to clients: nobody takes it before it is started again.
choose_port() {
  port=$((20000 + SRANDOM % 12000))
  echo "port = $port" | as_owner tee -a "$data/postgresql.conf" >/dev/null
}

# Again if the port is taken, or if children of a killed server have not yet ended.
start_server() {
  local made="$1" try
  for ((try = 0; try < TRIES; try++)); do
    "$made" || choose_port
    if as_owner "$bin/pg_ctl" start -s -w -t "$START_LIMIT" -D "$data" -l "$folder/log" 2>/dev/null
    then
      return 0
    fi
    sleep 0.3
  done
  tail -n 20 "$folder/log" >&2
  fail "it does not start; $folder/log says why"
}

start() {
  local made=false port url
  find_programs
  mkdir -p "$folder"
  if [ -e "$data" ]; then made=true; else make_cluster; fi
  is_running || start_server "$made"
  port="$(sed -n 's/^port = //p' "$data/postgresql.conf" | tail -n 1)"
  url="postgresql://postgres:$(<"$folder/password")@127.0.0.1:$port/postgres"
  PGCONNECT_TIMEOUT="$START_LIMIT" "$bin/psql" -XAtq -c 'SELECT 1' "$url" >/dev/null
  echo "$url"
}

stop() {
  is_running || return 0
  find_programs
  as_owner "$bin/pg_ctl" stop -s -w -t "$STOP_LIMIT" -m fast -D "$data" ||
    as_owner "$bin/pg_ctl" stop -s -w -t "$STOP_LIMIT" -m immediate -D "$data"
}

use_folder() {
  folder="$(realpath -m -- "$1")"
  data="$folder/data"
}

with() {
  [ -z "${GINNEL_TEST_POSTGRES_URL-}" ] || exec "$@"
  find_programs
  use_folder "$(mktemp -d /tmp/ginnel-postgres.XXXXXX)"
  trap 'stop; rm -rf "$folder"' EXIT
  trap 'exit 1' HUP INT TERM
  GINNEL_TEST_POSTGRES_URL="$(cd / && start | tail -n 1)"
  export GINNEL_TEST_POSTGRES_URL
  "$@"
}

case "${1-}:$#" in
  start:2 | stop:2)
    use_folder "$2"
    cd /  # the user postgres may not be allowed to stand where root stands
    "$1"
    ;;
  with:[2-9] | with:[1-9][0-9]*) "$@" ;;
  *) fail "usage: $0 start FOLDER | stop FOLDER | with COMMAND..." ;;
esac
