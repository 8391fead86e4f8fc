// Time to the first decoded frame: late viewers, one after the other, each with
// an empty cache, open the demonstration's live; from the start of navigation
// to the browser's own callback for the first frame. Prints median and spread.
import { pathToFileURL } from 'node:url';
import { openBrowser, person } from './fixtures/browser.mjs';
import { liveOnAir } from './fixtures/pages.mjs';
import { startServer } from './fixtures/server.mjs';
import { WATCH_FIRST_FRAME } from './fixtures/video.mjs';

/** Milliseconds to the first frame for each of `viewers`, in order of size. */
export async function firstFrames(origin, browser, viewers = 20) {
  const path = await liveOnAir(origin);
  const times = [];
  for (let viewer = 0; viewer < viewers; viewer++) {
    const { context, page } = await person(browser, origin);
    await context.addInitScript(WATCH_FIRST_FRAME);
    await page.goto(path, { waitUntil: 'commit' });
    const shown = await page.waitForFunction(() => globalThis.firstFrame, null, { timeout: 20_000 });
    times.push(await shown.jsonValue());
    await context.close();
  }
  return times.sort((a, b) => a - b);
}

/** "median 612 ms, fastest 540, slowest 1,002 (20 viewers)". */
export function describe(times) {
  const ms = (value) => Math.round(value).toLocaleString('en');
  const middle = (times[Math.floor((times.length - 1) / 2)] + times[Math.ceil((times.length - 1) / 2)]) / 2;
  return `first frame: median ${ms(middle)} ms, fastest ${ms(times[0])}, slowest ${ms(times.at(-1))} (${times.length} viewers; the aim is a median of 1,000)`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const server = await startServer();
  const browser = await openBrowser();
  try {
    console.log(describe(await firstFrames(server.origin, browser)));
  } finally {
    await browser.close();
    await server.stop();
  }
}
