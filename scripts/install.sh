#!/usr/bin/env bash
# Installs what is missing, says what it does, and is silent when nothing is.
#   scripts/install.sh serve   what building and serving need
#   scripts/install.sh test    that, and a browser, PostgreSQL, fonts, a QR reader
set -euo pipefail
source "$(dirname "$0")/common.sh"
need=${1:-serve}
[[ $need == serve || $need == test ]] || die "usage: scripts/install.sh [serve|test]"

apt_updated=
# apt_install <packages>: by apt-get, as root or through sudo.
apt_install() {
  has apt-get || return 1
  local as=()
  if [ "$(id -u)" != 0 ]; then
    has sudo || { say "apt-get install $* needs root, and there is no sudo"; return 1; }
    as=(sudo)
  fi
  say "apt-get install $*"
  [ -n "$apt_updated" ] || "${as[@]}" apt-get update -qq >/dev/null || true
  apt_updated=yes
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

rust() {
  has cargo || die "Rust is missing: install it from https://rustup.rs, then run this again"
  if ! has cc; then apt_install build-essential || die "a C compiler is missing: install gcc or clang"; fi
}

# The wasm half: by rustup where it can be reached, else by Debian's compiler.
wasm() {
  have_wasm_target || have_debian_wasm || {
    say "rustup target add wasm32-unknown-unknown"
    if has rustup && timeout 180 rustup target add wasm32-unknown-unknown >&2 && have_wasm_target; then return; fi
    apt_install rustc-web cargo-web rust-web-src lld-19 || true
    have_debian_wasm || die "no wasm32 target: 'rustup target add wasm32-unknown-unknown' failed, and Debian's rustc-web, cargo-web, rust-web-src and lld-19 are not there"
  }
}

bindgen() {
  have_bindgen && return
  local version; version=$(bindgen_version)
  [ -n "$version" ] || die "Cargo.lock names no wasm-bindgen"
  say "cargo install wasm-bindgen-cli $version (a minute or two)"
  local install=(cargo install --quiet --root target/tools --target-dir target/tools/build wasm-bindgen-cli --version "$version")
  # Its own lock first. A registry mirror that lags behind may lack a crate the
  # lock names: then whatever fits will do, for the tool's version is what counts.
  "${install[@]}" --locked 2>/dev/null || "${install[@]}"
  have_bindgen || die "wasm-bindgen-cli $version was installed, but does not run"
  rm -rf target/tools/build
}

node_new_enough() { has node && has npm && node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 15) ? 0 : 1)'; }

# Debian 12's Node.js is 18. The npm registry holds newer ones as packages, one for
# each system; common.sh puts the folder first in the PATH.
newer_node() {
  has npm || return 1
  local cpu
  case "$(uname -s) $(uname -m)" in
    "Linux x86_64") cpu=linux-x64 ;;
    "Linux aarch64") cpu=linux-arm64 ;;
    *) return 1 ;;
  esac
  say "npm install node-$cpu@22: the Node.js here is too old"
  npm install --silent --no-save --prefix "$newer_node" "node-$cpu@22" >&2 || return 1
  ln -sfn "node_modules/node-$cpu/bin" "$newer_node/bin"
  PATH=$newer_node/bin:$PATH
}

# node_packages <serve|test>: the lock's packages; a stamp tells what is there.
node_packages() {
  node_new_enough || { has node && has npm; } || apt_install nodejs npm || true
  node_new_enough || newer_node || true
  node_new_enough || die "Node.js 20.15 or newer is missing: https://nodejs.org"
  local stamp=end2end/node_modules/.tiantou want omit=()
  want="$(cksum <end2end/package-lock.json)"
  # A full set serves the smaller need as well.
  [ -f $stamp ] && case "$(cat $stamp)" in "$1 $want" | "test $want") return ;; esac
  if [ "$1" = serve ]; then omit=(--omit=dev); fi
  say "npm ci in end2end ($1)"
  (cd end2end && npm ci --silent --ignore-scripts "${omit[@]}") || die "npm ci failed: run it in end2end to see why"
  echo "$1 $want" >$stamp
}

browser() {
  find_chromium >/dev/null || apt_install chromium || true
  find_chromium >/dev/null || die "no Chromium or Chrome found: install one, or name it in CHROMIUM"
}

# Without a Chinese font every sentence is a row of boxes, in the screenshots too.
fonts() {
  has fc-list || return 0
  [ -n "$(fc-list :lang=zh-cn family)" ] || apt_install fonts-noto-cjk || say "no Chinese font found: screenshots will show boxes"
}

postgres() {
  find_postgres >/dev/null || apt_install postgresql || true
  find_postgres >/dev/null || die "PostgreSQL's server programs are missing: install them, or name their folder in PG_BIN"
}

qr_reader() {
  has zbarimg || apt_install zbar-tools || true
  has zbarimg || die "zbarimg is missing (Debian: zbar-tools; Homebrew: zbar)"
}

# An authority that speaks ACME and misbehaves on purpose.
acme_authority() {
  has pebble && has pebble-challtestsrv || apt_install pebble || true
  has pebble && has pebble-challtestsrv || die "pebble is missing (Debian: pebble; else https://github.com/letsencrypt/pebble/releases)"
}

# Clients that nobody here wrote (end2end/clients), in an environment of their own.
other_clients() {
  local venv=target/tools/python want
  want=$(cksum <end2end/clients/requirements.txt)
  [ "$(cat $venv/tiantou 2>/dev/null)" = "$want" ] && return
  has python3 || apt_install python3 python3-venv || die "Python 3 is missing"
  say "pip install, into $venv: $(grep -v '^#' end2end/clients/requirements.txt | tr '\n' ' ')"
  rm -rf $venv
  python3 -m venv $venv 2>/dev/null || { apt_install python3-venv && rm -rf $venv && python3 -m venv $venv; } || die "python3 -m venv does not work"
  $venv/bin/pip install --quiet --disable-pip-version-check -r end2end/clients/requirements.txt || die "pip install failed: the journey other-clients needs it"
  echo "$want" >$venv/tiantou
}

rust
wasm
bindgen
node_packages "$need"
if [ "$need" = test ]; then
  browser
  fonts
  postgres
  qr_reader
  acme_authority
  other_clients
fi
