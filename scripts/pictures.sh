#!/usr/bin/env bash
# Makes public/img again from the source pictures: every landscape and product
# at up to 640 px wide, and at 360 px in at most 25 KB for a phone on a weak
# line; people as heads of 112 px.
#   scripts/pictures.sh <folder of .webp pictures, with licences/ beside them>
set -euo pipefail
from=$(realpath "${1:?usage: scripts/pictures.sh <source folder>}")
cd "$(dirname "$0")/.."
command -v cwebp >/dev/null || { echo "pictures: cwebp is missing (Debian package webp)" >&2; exit 1; }
# People are drawn as round heads of at most 56 CSS px: one size is enough.
avatars=" farmer_f farmer_m girl grandma grandpa man woman young "
most=$((25 * 1024))
out=public/img
width() { webpinfo "$1" | sed -n 's/^  *\(Canvas size\|Width:\) *\([0-9]*\).*/\2/p' | head -1; }
mkdir -p "$out/licences"

for source in "$from"/*.webp; do
  name=$(basename "$source" .webp)
  if [[ $avatars == *" $name "* ]]; then
    cwebp -quiet -m 6 -q 80 -alpha_q 90 -resize 112 0 "$source" -o "$out/$name.webp"
    continue
  fi
  # Encoding a picture a second time loses detail: only where it must shrink.
  if [ "$(width "$source")" -gt 640 ]; then
    cwebp -quiet -m 6 -q 76 -resize 640 0 "$source" -o "$out/$name.webp"
  else
    install -m 644 "$source" "$out/$name.webp"
  fi
  for quality in 76 70 64 58 52 46 40 34 28; do
    cwebp -quiet -m 6 -q "$quality" -resize 360 0 "$source" -o "$out/$name-360.webp"
    [ "$(stat -c %s "$out/$name-360.webp")" -gt "$most" ] || break
  done
  [ "$(stat -c %s "$out/$name-360.webp")" -le "$most" ] || { echo "pictures: $name does not fit $most bytes" >&2; exit 1; }
done
install -m 644 "$from"/licences/* "$out/licences/"
printf 'pictures: %s files, %s bytes\n' "$(find "$out" -name '*.webp' | wc -l)" "$(cat "$out"/*.webp | wc -c)"
