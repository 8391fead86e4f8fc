#!/usr/bin/env bash
# One command from a fresh machine to a served village: installs what is
# missing, builds what changed, serves. Honours TIANTOU_LISTEN, DATABASE_URL and
# every other setting of `tiantou serve --help`.
set -euo pipefail
source "$(dirname "$0")/common.sh"

scripts/install.sh serve
scripts/build.sh --server-profile release
mkdir -p data
exec target/release/tiantou serve --demo "$@"
