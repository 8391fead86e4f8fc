#!/usr/bin/env bash
# A throw-away PostgreSQL for tests: its own folder, a free port of loopback,
# no durability (with DURABLE=1 as it ships: for measuring). Never a database
# that holds anything.
#   scripts/postgres.sh start            starts it, prints the line to export
#   scripts/postgres.sh stop             ends it and removes its folder
#   scripts/postgres.sh run <command…>   runs the command with
#                                        TIANTOU_TEST_POSTGRES set, then stops it
set -euo pipefail
source "$(dirname "$0")/common.sh"

state=$PWD/target/postgres # which folder a started server lives in

# PostgreSQL refuses to run as root: then the user "postgres" (or "nobody") runs it.
as_owner() {
  if [ "$(id -u)" != 0 ]; then "$@"; return; fi
  local owner=postgres
  id $owner >/dev/null 2>&1 || owner=nobody
  (cd / && setpriv --reuid "$owner" --regid "$(id -g "$owner")" --clear-groups "$@")
}

free_port() {
  node -e 'const s=require("net").createServer();s.listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'
}

# start: leaves the folder's name in $folder and the address in $url.
start() {
  local bin port hurry="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
  [ -z "${DURABLE:-}" ] || hurry=
  bin=$(find_postgres) || die "PostgreSQL is missing: run scripts/install.sh test"
  folder=$(mktemp -d "${TMPDIR:-/tmp}/tiantou-postgres.XXXXXX")
  if [ "$(id -u)" = 0 ]; then chown "$(as_owner id -u):$(as_owner id -g)" "$folder"; fi
  as_owner "$bin/initdb" -D "$folder/data" -U tiantou -A trust -E UTF8 --locale=C --no-sync >/dev/null
  port=$(free_port)
  as_owner "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 start >/dev/null -o "-p $port \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c max_connections=300 $hurry" || { cat "$folder/log" >&2; die "PostgreSQL did not start"; }
  url="postgres://tiantou@127.0.0.1:$port/postgres"
}

# stop <folder>: ends the server in it, waits for its end, removes the folder.
stop() {
  local bin; bin=$(find_postgres)
  as_owner "$bin/pg_ctl" -D "$1/data" -m immediate -w stop >/dev/null || true
  rm -rf "$1"
}

case ${1:-} in
  start)
    [ ! -f "$state" ] || die "already started: $(sed -n 2p "$state") (scripts/postgres.sh stop)"
    start
    mkdir -p target
    printf '%s\n%s\n' "$folder" "$url" >"$state"
    echo "export TIANTOU_TEST_POSTGRES=$url"
    ;;
  stop)
    [ -f "$state" ] || exit 0
    stop "$(sed -n 1p "$state")"
    rm -f "$state"
    ;;
  run)
    shift
    [ $# -gt 0 ] || die "usage: scripts/postgres.sh run <command…>"
    start
    trap 'stop "$folder"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    TIANTOU_TEST_POSTGRES=$url "$@"
    ;;
  *) die "usage: scripts/postgres.sh start | stop | run <command…>" ;;
esac
