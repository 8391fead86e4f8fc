#!/usr/bin/env bash
# Feeds every parser that sees the network what libFuzzer finds (server/live/fuzz).
#   scripts/fuzz.sh [seconds] [target…]    by default two minutes each, all of them
# What is found stays in server/live/fuzz/artifacts; new inputs gather in target/fuzz
# and go into the repository's corpus with scripts/fuzz.sh keep.
set -euo pipefail
source "$(dirname "$0")/common.sh"
fuzz=$PWD/server/live/fuzz
gathered=$PWD/target/fuzz
host=$(rustc -vV | sed -n 's/^host: //p')
# Bounds of what is kept of each target.
most_files=60 most_bytes=4096

targets() { sed -n 's/^name = "\(.*\)"$/\1/p' "$fuzz/Cargo.toml" | grep -v live-fuzz; }
binary() { echo "$fuzz/target/$host/release/$1"; }

build() {
  has cargo-fuzz || [ -x target/tools/bin/cargo-fuzz ] || {
    say "cargo install cargo-fuzz (a minute)"
    cargo install --quiet --locked --root target/tools cargo-fuzz
  }
  # libFuzzer's instrumentation is an unstable flag; the stable compiler has it too.
  (cd server/live && PATH=$PATH:$OLDPWD/target/tools/bin RUSTC_BOOTSTRAP=1 cargo fuzz build --fuzz-dir fuzz)
}

keep() {
  local target
  for target in $(targets); do
    [ -d "$gathered/$target" ] || continue
    say "keeping of $target what covers something new"
    "$(binary "$target")" -merge=1 -max_len=$most_bytes "$fuzz/corpus/$target" "$gathered/$target" 2>/dev/null
    # the largest go first: small inputs say more clearly what they are about
    ls -S "$fuzz/corpus/$target" | grep -v '^good-' | head -n -$most_files | sed "s|^|$fuzz/corpus/$target/|" | xargs -r rm
  done
}

run() {
  local seconds=$1 target; shift
  for target in "$@"; do
    say "fuzzing $target for $seconds s"
    mkdir -p "$gathered/$target" "$fuzz/artifacts/$target"
    nice "$(binary "$target")" "$gathered/$target" "$fuzz/corpus/$target" -max_total_time="$seconds" \
      -max_len=8192 -rss_limit_mb=2048 -timeout=20 -print_final_stats=1 -artifact_prefix="$fuzz/artifacts/$target/"
  done
}

build
if [ "${1:-}" = keep ]; then keep; exit; fi
seconds=${1:-120}
shift || true
[ $# -gt 0 ] || set -- $(targets)
run "$seconds" "$@"
