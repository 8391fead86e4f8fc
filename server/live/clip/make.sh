#!/usr/bin/env bash
# Renders the virtual farmer's clip from a still picture: a slow pan and zoom
# that closes on itself, a running stopwatch, and wind.
# Usage: clip/make.sh <picture, portrait> ; needs ffmpeg, fontconfig, a CJK font.
set -euo pipefail
picture=${1:?which picture?}
here=$(cd "$(dirname "$0")" && pwd)
font=$(fc-match -f '%{file}' 'Noto Sans CJK SC:bold')
seconds=12
fps=15
frames=$((seconds * fps))
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The stopwatch stands where a tall phone does not crop it and the page has no
# bars. The path closes after $frames frames: the loop has no seam. The picture is
# enlarged first, because zoompan moves by whole pixels of its input.
turn="2*PI*on/$frames"
zoom="1.16-0.10*cos($turn)"
x="(iw-iw/zoom)*(0.5+0.38*sin($turn))"
y="(ih-ih/zoom)*(0.30+0.25*sin($turn+1))"
ffmpeg -nostdin -y -loglevel error -loop 1 -i "$picture" -frames:v "$frames" -r "$fps" -vf "
  crop=720:1280:0:120, scale=2160:3840:flags=lanczos, format=yuv420p,
  zoompan=z='$zoom':x='$x':y='$y':d=1:s=360x640:fps=$fps,
  drawbox=x=112:y=96:w=136:h=30:color=black@0.45:t=fill,
  drawbox=x=120:y=107:w=8:h=8:color=0xff4d3d:t=fill:enable='lt(mod(t,1),0.6)',
  drawtext=fontfile='$font':fontcolor=white:fontsize=17:x=134:y=101:text='演示 %{eif\:t\:d\:2}.%{eif\:10*mod(t,1)\:d} 秒',
  format=yuv420p" "$work/%04d.png"

ffmpeg -nostdin -y -loglevel error -framerate "$fps" -i "$work/%04d.png" \
  -c:v libvpx -b:v 620k -maxrate 750k -bufsize 750k -qmin 8 -qmax 45 \
  -g 8 -keyint_min 8 -auto-alt-ref 0 -lag-in-frames 0 -error-resilient 1 \
  -deadline good -cpu-used 0 -bitexact "$here/farm.ivf"

# Wind: brown noise, low, swelling twice a loop, fading at the seam.
ffmpeg -nostdin -y -loglevel error -f lavfi \
  -i "anoisesrc=color=brown:amplitude=0.5:duration=$seconds:sample_rate=48000:seed=7" \
  -af "lowpass=f=900,highpass=f=80,volume='0.22+0.10*sin(2*PI*t/6)':eval=frame,
       afade=t=in:d=0.3,afade=t=out:st=$((seconds - 1)).7:d=0.3" \
  -ac 1 -c:a libopus -b:a 24k -frame_duration 20 -application audio -bitexact "$here/farm.ogg"
ls -l "$here"/farm.*
