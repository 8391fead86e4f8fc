#!/usr/bin/env bash
# Makes public/img again from the source pictures: every landscape and product
# at up to 640 px wide in at most 52 KiB, and at 360 px in at most 12 KiB, so that
# a page's first view stays within its budget on a weak line; people as heads of
# 112 px.
#   scripts/pictures.sh <folder of .webp pictures, with licences/ beside them>
set -euo pipefail
from=$(realpath "${1:?usage: scripts/pictures.sh <source folder>}")
cd "$(dirname "$0")/.."
command -v cwebp >/dev/null || { echo "pictures: cwebp is missing (Debian package webp)" >&2; exit 1; }
# People are drawn as round heads of at most 56 CSS px: one size is enough.
avatars=" farmer_f farmer_m girl grandma grandpa man woman young "
most_large=$((52 * 1024))
most_small=$((12 * 1024))
out=public/img
width() { webpinfo "$1" | sed -n 's/^  *\(Canvas size\|Width:\) *\([0-9]*\).*/\2/p' | head -1; }

# fit <source> <width> <most bytes> <result>: the best quality that fits.
fit() {
  local quality
  for quality in 70 66 62 58 54 50 46 42 38 34 30 26 22 18 14 10; do
    cwebp -quiet -m 6 -q "$quality" -resize "$2" 0 "$1" -o "$4"
    [ "$(stat -c %s "$4")" -gt "$3" ] || return 0
  done
  echo "pictures: $1 does not fit $3 bytes" >&2
  return 1
}

for source in "$from"/*.webp; do
  name=$(basename "$source" .webp)
  if [[ $avatars == *" $name "* ]]; then
    cwebp -quiet -m 6 -q 80 -alpha_q 90 -resize 112 0 "$source" -o "$out/$name.webp"
    continue
  fi
  # Encoding a picture a second time loses detail: only where it must shrink.
  if [ "$(width "$source")" -le 640 ] && [ "$(stat -c %s "$source")" -le "$most_large" ]; then
    install -m 644 "$source" "$out/$name.webp"
  else
    fit "$source" 640 "$most_large" "$out/$name.webp"
  fi
  fit "$source" 360 "$most_small" "$out/$name-360.webp"
done
install -m 644 "$from"/licences/* "$out/licences/"
printf 'pictures: %s files, %s bytes\n' "$(find "$out" -name '*.webp' | wc -l)" "$(cat "$out"/*.webp | wc -c)"
