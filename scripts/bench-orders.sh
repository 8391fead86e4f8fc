#!/usr/bin/env bash
# Durable orders a second on SQLite and on a PostgreSQL that waits for its disk,
# each beside one transaction an order and the floor: all rows in one run.
#   scripts/bench-orders.sh [--json] [--quick] …    (see tiantou bench orders --help)
set -euo pipefail
source "$(dirname "$0")/common.sh"

[ -x target/release/tiantou ] || die "not built: run scripts/build.sh first"
# shellcheck disable=SC2016 # the address is set by postgres.sh
DURABLE=1 exec scripts/postgres.sh run bash -c \
  'exec target/release/tiantou bench orders --postgres "$TIANTOU_TEST_POSTGRES" "$@"' bench "$@"
