#!/usr/bin/env bash
# Runs one of end2end's programs that look at the pages and judge nothing.
#   scripts/browse.sh [--release] <program.mjs> [arguments]
set -euo pipefail
source "$(dirname "$0")/common.sh"

profile=dev folder=debug
if [ "${1:-}" = --release ]; then profile=release folder=release; shift; fi
program=${1:?usage: scripts/browse.sh [--release] <program.mjs>}
shift
scripts/install.sh test
scripts/build.sh --server-profile "$profile"
CHROMIUM=$(find_chromium) TIANTOU_BINARY=$PWD/target/$folder/tiantou exec node "end2end/$program" "$@"
