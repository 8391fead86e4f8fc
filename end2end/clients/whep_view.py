"""Watches a WHEP address with aiortc until enough has been decoded; prints one JSON object.

usage: whep_view.py URL VIDEO_FRAMES AUDIO_FRAMES DEADLINE_SECONDS

Counts are of decoded frames. Exit code 1 when the deadline passes first.
"""

import asyncio
import json
import sys
import time

import aiohttp
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError


async def count(track, seen, began):
    """Decodes what comes until the track ends."""
    try:
        while True:
            frame = await track.recv()
            seen[track.kind] += 1
            if track.kind == "video":
                seen.setdefault("first_frame_ms", round((time.monotonic() - began) * 1000))
                seen["width"], seen["height"] = frame.width, frame.height
                # A picture of one colour is no picture: the spread of its brightness.
                luma = bytes(frame.planes[0])
                seen["contrast"] = max(seen.get("contrast", 0), max(luma) - min(luma))
    except MediaStreamError:
        pass


async def main(url, video, audio, deadline):
    peer = RTCPeerConnection()
    seen = {"video": 0, "audio": 0}
    began = time.monotonic()
    tasks = []
    for kind in ("video", "audio"):
        peer.addTransceiver(kind, direction="recvonly")
    peer.on("track", lambda track: tasks.append(asyncio.ensure_future(count(track, seen, began))))
    await peer.setLocalDescription(await peer.createOffer())
    async with aiohttp.ClientSession() as http:
        headers = {"content-type": "application/sdp"}
        while True:
            async with http.post(url, data=peer.localDescription.sdp, headers=headers) as answer:
                seen["status"] = answer.status
                sdp = await answer.text()
                session = answer.headers.get("location")
                again = int(answer.headers.get("retry-after", 1))
            # Nobody publishes yet: the server says when to ask again.
            if seen["status"] != 409 or time.monotonic() - began > deadline:
                break
            await asyncio.sleep(again)
        if seen["status"] == 201:
            await peer.setRemoteDescription(RTCSessionDescription(sdp=sdp, type="answer"))
            while time.monotonic() - began < deadline and (seen["video"] < video or seen["audio"] < audio):
                await asyncio.sleep(0.05)
            async with http.delete(aiohttp.client.URL(url).join(aiohttp.client.URL(session))) as answer:
                seen["left"] = answer.status
    await peer.close()
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended
    print(json.dumps(seen))
    return 0 if seen["video"] >= video and seen["audio"] >= audio else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))))
