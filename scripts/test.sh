#!/usr/bin/env bash
# Everything CI runs, in the order in which a mistake shows soonest.
#   scripts/test.sh                    all of it
#   scripts/test.sh check              format, lints, what the browser may see
#   scripts/test.sh rust               cargo test on both databases
#   scripts/test.sh api                Schemathesis against /api/v1
#   scripts/test.sh journeys [name]    the browser tests, or one file of them
set -euo pipefail
source "$(dirname "$0")/common.sh"
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-always}

part=${1:-all}
[[ $part == all || $part == check || $part == rust || $part == api || $part == journeys ]] || die "no such part: $part"
wants() { [[ $part == all || $part == "$1" ]]; }

# step <name> <command…>: runs it, says how long it took.
step() {
  local name=$1 began=$SECONDS
  shift
  say "$name"
  "$@" || die "$name failed after $((SECONDS - began)) s"
  printf '\033[32m✓ %s (%s s)\033[0m\n' "$name" $((SECONDS - began)) >&2
}

# No private address of a registry may enter a lock file.
locks_name_no_host() {
  ! grep -n '"resolved"' end2end/package-lock.json || return 1
  ! grep -n '^source' Cargo.lock | grep -v 'registry+https://github.com/rust-lang/crates.io-index"' || return 1
}

# The market without its storage must stay fit for the browser.
market_for_browsers() {
  wasm_cargo build --quiet -p market --no-default-features --target wasm32-unknown-unknown \
    --target-dir target/front --profile wasm-release
}

journeys() {
  local files=(end2end/journeys/*.test.mjs)
  if [ -n "${1:-}" ]; then files=("end2end/journeys/$1.test.mjs"); fi
  # One file at a time: two cores carry one server, one encoder, one browser.
  CHROMIUM=$(find_chromium) TIANTOU_BINARY=$PWD/target/debug/tiantou \
    node --test --test-concurrency=1 --test-reporter=spec "${files[@]}"
}

step "tools" scripts/install.sh test
if wants check; then
  step "locks" locks_name_no_host
  step "format" cargo fmt --all --check
  step "lints" cargo clippy --quiet --workspace --all-targets -- -D warnings
  step "market for browsers" market_for_browsers
  # Compiles the islands for wasm32 with their feature: nothing else need check it.
  step "site" scripts/build.sh --server-profile none
fi
if wants rust; then
  step "cargo test, both databases" scripts/postgres.sh run cargo test --quiet --workspace
fi
if wants api; then
  step "server for the API" scripts/build.sh --server-profile dev
  step "Schemathesis against /api/v1" scripts/api.sh
fi
if wants journeys; then
  step "server for journeys" scripts/build.sh --server-profile dev
  step "browser journeys and weights" journeys "${2:-}"
fi
