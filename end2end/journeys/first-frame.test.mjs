// Late viewers see the picture: twenty of them, each with an empty cache. The
// median is printed, and held to a bound that a slow machine keeps too: how
// fast it is on the release build, `make first-frame` tells.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBrowser, person } from '../fixtures/browser.mjs';
import { liveOnAir } from '../fixtures/pages.mjs';
import { startServer } from '../fixtures/server.mjs';
import { framesDecoded, pictureHasDetail } from '../fixtures/video.mjs';
import { describe, firstFrames } from '../first-frame.mjs';

const VIEWERS = 20;
const BOUND_MS = 5_000;

test('late viewers see the picture that is on air', async () => {
  const server = await startServer();
  const browser = await openBrowser();
  try {
    const times = await firstFrames(server.origin, browser, VIEWERS);
    console.log(describe(times));
    assert.equal(times.length, VIEWERS);
    assert.ok(times[VIEWERS / 2] < BOUND_MS, `half of them waited ${Math.round(times[VIEWERS / 2])} ms or longer`);

    const viewer = await person(browser, server.origin);
    await viewer.page.goto(await liveOnAir(server.origin));
    await framesDecoded(viewer.page, 30);
    assert.ok(await pictureHasDetail(viewer.page), 'the picture is one colour');
    viewer.quiet();
  } finally {
    await browser.close();
    await server.stop();
  }
});
