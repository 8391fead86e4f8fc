#!/usr/bin/env bash
# Builds both halves: the site (wasm, its glue, styles, pictures) into
# target/site, then the server. A half whose inputs did not change is skipped.
#   scripts/build.sh [--server-profile dev|release|none]
set -euo pipefail
source "$(dirname "$0")/common.sh"

profile=release
while [ $# -gt 0 ]; do
  case $1 in
    --server-profile) profile=${2:?dev, release or none}; shift 2 ;;
    *) die "usage: scripts/build.sh [--server-profile dev|release|none]" ;;
  esac
done
[[ $profile == dev || $profile == release || $profile == none ]] || die "no such profile: $profile"

front=target/front
site=target/site

# digest <paths>: one hash over the names and contents of all files below them.
digest() {
  find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 cksum | cksum | cut -d' ' -f1
}

# fresh <stamp file> <digest> <result>: was the result made from these inputs?
fresh() { [ -e "$3" ] && [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# The browser's half. Always by the one optimised profile, so that a journey
# runs what is served; without debug sections a build takes seconds.
build_wasm() {
  local inputs; inputs=$(digest Cargo.toml Cargo.lock app server/market scripts/build.sh scripts/common.sh)
  local stamp=$front/wasm.stamp glue=$front/bindgen
  fresh $stamp "$inputs" $glue/tiantou_bg.wasm && return
  have_bindgen || die "wasm-bindgen $(bindgen_version) is missing: run scripts/install.sh serve"
  say "wasm: compiling the islands"
  rm -f $stamp
  wasm_cargo build --quiet -p app --lib --no-default-features --features hydrate \
    --target wasm32-unknown-unknown --target-dir $front --profile wasm-release
  rm -rf $glue
  "$tools/wasm-bindgen" --target web --no-typescript --out-name tiantou --out-dir $glue \
    $front/wasm32-unknown-unknown/wasm-release/app.wasm
  # Debian's own binaryen 108 exports the wrong table, silently: take npm's.
  "$node_bin/wasm-opt" -Oz --enable-bulk-memory --enable-sign-ext --enable-mutable-globals \
    --enable-nontrapping-float-to-int --enable-reference-types --enable-multivalue \
    $glue/tiantou_bg.wasm -o $glue/tiantou_bg.opt.wasm
  mv $glue/tiantou_bg.opt.wasm $glue/tiantou_bg.wasm
  echo "$inputs" >$stamp
}

# target/site: hashed names, compressed copies, assets.json.
build_site() {
  local inputs; inputs=$(digest $front/bindgen app/boot.js style public scripts/site.mjs end2end/package-lock.json)
  local stamp=$front/site.stamp
  fresh $stamp "$inputs" $site/assets.json && return
  rm -f $stamp
  node scripts/site.mjs --glue $front/bindgen --style style --boot app/boot.js \
    --public public --out $site >&2
  echo "$inputs" >$stamp
}

build_server() {
  [ "$profile" = none ] && return
  say "server: cargo build, profile $profile (the first time takes minutes)"
  cargo build --quiet -p server --profile "$profile"
}

build_wasm
build_site
build_server
