#!/usr/bin/env bash
# Schemathesis (PyPI) against /api/v1 of a server of its own with the demonstration village: requests
# made from the description, good and bad, one by one and in chains, and every check it knows.
#   scripts/api.sh [more of `st run`'s flags]
# The seed is fixed and so are the examples for each operation: two runs ask the same. Whatever it
# finds fails; so does its absence. TIANTOU_BINARY names another program than target/debug/tiantou.
set -euo pipefail
source "$(dirname "$0")/common.sh"

version=4.32.5
venv=$PWD/target/tools/schemathesis
binary=${TIANTOU_BINARY:-$PWD/target/debug/tiantou}
examples=${API_EXAMPLES:-100}
patience=170 # seconds, for the whole run

install_schemathesis() {
  [ "$("$venv/bin/st" --version 2>/dev/null)" = "st, version $version" ] && return
  has python3 || die "python3 is missing: Schemathesis needs 3.10 or newer"
  say "pip install schemathesis $version into target/tools"
  rm -rf "$venv"
  python3 -m venv "$venv" || die "python3 cannot make a virtual environment (Debian: python3-venv)"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version" ||
    die "schemathesis $version could not be installed: is PyPI reachable?"
  "$venv/bin/st" --version >/dev/null || die "schemathesis was installed, but does not run"
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

install_schemathesis
[ -x "$binary" ] || die "$binary is missing: run scripts/build.sh --server-profile dev"
folder=$(mktemp -d "${TMPDIR:-/tmp}/tiantou-api.XXXXXX")
server=
finish() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

export DATABASE_URL=sqlite:$folder/tiantou.db TIANTOU_SECRET=of-a-test
origin=http://127.0.0.1:$(free_port)
"$binary" serve --demo --log-json --listen "${origin#http://}" --api-requests-per-minute 1000000 \
  >"$folder/log" 2>&1 &
server=$!
for ((tries = 0; ; tries++)); do
  curl -fsS "$origin/healthz" >/dev/null 2>&1 && break
  kill -0 "$server" 2>/dev/null || { cat "$folder/log" >&2; die "the server did not start"; }
  ((tries < 300)) || die "the server does not answer"
  sleep 0.1
done
# a leader's program with every scope: it may open groups as well
scopes=(catalog:read lives:read groups:write orders:read orders:write)
TIANTOU_API_TOKEN=$("$binary" api-token create --phone 13800000011 --name schemathesis "${scopes[@]/#/--scope=}")
export TIANTOU_API_TOKEN

# field <path> <python>: a value out of the answer to GET <path>, read as `it`
field() {
  curl -fsS -H "Authorization: Bearer $TIANTOU_API_TOKEN" "$origin/api/v1$1" |
    python3 -c "import json, sys; it = json.load(sys.stdin); print($2)"
}
group=$(field "/groups?state=open&limit=1" 'it["items"][0]["code"]')
fill=(
  -e "s/@FARM@/$(field "/farms?limit=1" 'it["items"][0]["slug"]')/"
  -e "s/@LIVE@/$(field "/lives?state=live&limit=1" 'it["items"][0]["code"]')/"
  -e "s/@GROUP@/$group/g"
  -e "s/@GROUP_PRICE@/$(field "/groups/$group" 'it["price_fen"]')/"
  -e "s/@POINT@/$(field "/groups/$group" 'it["pickup_point"]["id"]')/"
  -e "s/@PACK@/$(field /products/strawberry 'it["variants"][0]["id"]')/"
  -e "s/@PACK_PRICE@/$(field /products/strawberry 'it["variants"][0]["price_fen"]')/"
)
sed "${fill[@]}" scripts/schemathesis.toml >"$folder/schemathesis.toml"

timeout "$patience" "$venv/bin/st" --config-file "$folder/schemathesis.toml" run "$origin/api/v1/openapi.json" \
  --checks all --seed 1 --max-examples "$examples" --workers 2 "$@" ||
  die "schemathesis found something, or did not end within $patience s"
orders=$(field "/orders?limit=100" 'len(it["items"])')
((orders > 0)) || die "no order was ever placed: the requests are not what they should be"
say "orders placed on the way (at most 100 counted): $orders"
! grep -E '"level":"ERROR"|panicked at' "$folder/log" >&2 || die "the server logged a fault"
