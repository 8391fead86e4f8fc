# Sourced by the other scripts: where the project is, which tools it uses.
# Nothing here installs anything.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools=$PWD/target/tools/bin
node_bin=$PWD/end2end/node_modules/.bin
# A Node.js that install.sh fetched, where the machine's own is too old.
newer_node=$PWD/target/tools/node
if [ -x "$newer_node/bin/node" ]; then PATH=$newer_node/bin:$PATH; fi

# say <sentence>: what is being done, on the error channel, so that a caller
# may read a script's result from its output.
say() { printf '\033[2m· %s\033[0m\n' "$*" >&2; }

# die <sentence>: the reason, then the end.
die() { printf '\033[31m✗ %s\033[0m\n' "$*" >&2; exit 1; }

has() { command -v "$1" >/dev/null 2>&1; }

# The version of wasm-bindgen that Cargo.lock holds: the command must be equal.
bindgen_version() { sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock; }

have_bindgen() {
  [ "$("$tools/wasm-bindgen" --version 2>/dev/null | cut -d' ' -f2)" = "$(bindgen_version)" ]
}

# Does the toolchain in use hold a standard library for wasm32?
have_wasm_target() {
  ls "$(rustc --print sysroot)"/lib/rustlib/wasm32-unknown-unknown/lib/libstd-*.rlib >/dev/null 2>&1
}

# Debian's compiler beside its standard library's source, from which the wasm
# half is built where no rustup target can be fetched.
debian_linker() {
  local linker
  for linker in wasm-ld-19 wasm-ld-18 wasm-ld-17 wasm-ld-16 wasm-ld; do
    if has "$linker"; then echo "$linker"; return; fi
  done
  return 1
}
have_debian_wasm() {
  [ -x /usr/bin/cargo ] && [ -d /usr/lib/rustlib/src/rust/library ] && debian_linker >/dev/null
}

# wasm_cargo <arguments>: cargo, able to build for wasm32-unknown-unknown.
wasm_cargo() {
  if have_wasm_target; then
    cargo "$@"
  elif have_debian_wasm; then
    env PATH="/usr/bin:$PATH" RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_BUILD_STD=std,panic_abort \
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="$(debian_linker)" /usr/bin/cargo "$@"
  else
    die "no standard library for wasm32: run scripts/install.sh serve"
  fi
}

# The browser for the journeys: what CHROMIUM names, else one that is installed.
find_chromium() {
  local name
  if [ -n "${CHROMIUM:-}" ]; then echo "$CHROMIUM"; return; fi
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if has "$name"; then command -v "$name"; return; fi
  done
  for name in "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
    "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
    if [ -x "$name" ]; then echo "$name"; return; fi
  done
  return 1
}

# The folder that holds initdb and postgres: what PG_BIN names, the PATH, or
# the newest of Debian's.
find_postgres() {
  local folder
  if [ -n "${PG_BIN:-}" ]; then echo "$PG_BIN"; return; fi
  if has initdb && has postgres; then dirname "$(command -v initdb)"; return; fi
  for folder in $(ls -d /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin 2>/dev/null | sort -V -r); do
    if [ -x "$folder/initdb" ]; then echo "$folder"; return; fi
  done
  return 1
}
