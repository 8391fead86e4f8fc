// A phone whose clock is wrong counts down by the server's: buyers with cheap
// phones must not see a sale end ten minutes early, or go on after its end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, person } from '../fixtures/browser.mjs';
import { livePicture } from '../fixtures/client.mjs';
import { liveOnAir } from '../fixtures/pages.mjs';
import { startServer } from '../fixtures/server.mjs';
import { until } from '../fixtures/until.mjs';

const MINUTE = 60_000;
/** The picture's age and the second that is being counted. */
const TOLERANCE_S = 2;

let server, browser;
before(async () => {
  server = await startServer();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** The seconds on the chips of the countdown, or nothing. */
const shown = (page) => page.evaluate(() => {
  const chips = [...document.querySelectorAll('.cd b')].map((chip) => Number(chip.textContent));
  return chips.length ? chips.reduce((seconds, chip) => seconds * 60 + chip, 0) : undefined;
});

for (const minutes of [-10, 10]) {
  test(`a phone whose clock is ${minutes} minutes off`, async () => {
    const live = await liveOnAir(server.origin);
    const viewer = await person(browser, server.origin);
    await viewer.context.addInitScript((off) => {
      const real = Date.now;
      const Real = Date;
      globalThis.Date = class extends Real {
        constructor(...at) {
          super(...(at.length ? at : [real() + off]));
        }
        static now() {
          return real() + off;
        }
      };
    }, minutes * MINUTE);
    await viewer.page.goto(live);
    const first = await until(() => shown(viewer.page), { what: 'a countdown' });
    // The island is awake, and ticks.
    await until(async () => (await shown(viewer.page)) < first, { what: 'the countdown to move' });
    const { sale } = await livePicture(server.origin, live.split('/').pop());
    const [seen, left] = [await shown(viewer.page), (sale.ends_at - server.now()) / 1000];
    console.log(`shown ${seen} s, by the server ${left.toFixed(1)} s`);
    assert.ok(Math.abs(seen - left) <= TOLERANCE_S, `${seen} s is shown, ${left.toFixed(1)} s are left`);
    assert.ok(Math.abs(await viewer.page.evaluate(() => Date.now()) - server.now()) > 9 * MINUTE, 'the phone’s clock is off');
    viewer.quiet();
    await viewer.context.close();
  });
}
