// Every page, in both languages, as whom it is for: its status, no violation
// of accessibility on a phone and on a wide screen, nothing wider than 360 px,
// every picture there, and a silent console.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { violations } from '../fixtures/axe.mjs';
import { openBrowser, person } from '../fixtures/browser.mjs';
import { signIn } from '../fixtures/people.mjs';
import { everyPage, VISITORS } from '../fixtures/visits.mjs';
import { startServer } from '../fixtures/server.mjs';

const MISSING = ['not-found'];

let server, browser, pages;
before(async () => {
  server = await startServer();
  browser = await openBrowser({ camera: true });
  pages = await everyPage(server.origin, browser);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** How far the page's content reaches beyond a screen of 360 px. */
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - 360);

/** Addresses of pictures on the page that the server does not have. */
async function brokenPictures(page) {
  const sources = await page.evaluate(() => [...new Set([...document.images].map((image) => image.currentSrc || image.src))]);
  const broken = [];
  for (const source of sources.filter((address) => address.startsWith('http'))) {
    if ((await page.request.get(source)).status() !== 200) broken.push(source);
  }
  return broken;
}

/** The browser itself complains when a page answers 404: that is the page's right answer. */
const ownStatus = (url) => (line) => line.startsWith(`${url}: Failed to load resource`) && line.includes('404');

async function inspect(visitor, name, path, lang) {
  const { page, noise } = visitor;
  noise.length = 0;
  await page.setViewportSize({ width: 390, height: 844 });
  const response = await page.goto(path, { waitUntil: 'load' });
  assert.equal(response.status(), MISSING.includes(name) ? 404 : 200, `status of ${path}`);
  assert.equal(await page.locator('html').getAttribute('lang'), lang);
  assert.ok((await page.title()).length >= 2, 'a title');
  assert.equal(await page.getByRole('main').count(), 1, 'one main part');
  assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1, 'one first heading');
  assert.deepEqual(await violations(page), [], 'axe at 390 px');
  await page.setViewportSize({ width: 360, height: 780 });
  assert.ok((await overflow(page)) <= 0, `${await overflow(page)} px too wide at 360 px`);
  await page.setViewportSize({ width: 1280, height: 900 });
  assert.deepEqual(await violations(page), [], 'axe at 1280 px');
  assert.deepEqual(await brokenPictures(page), [], 'pictures');
  assert.deepEqual(noise.filter((line) => !(MISSING.includes(name) && ownStatus(page.url())(line))), [], 'console');
}

for (const lang of ['zh-CN', 'en']) {
  for (const [who, { signedIn, names }] of Object.entries(VISITORS)) {
    describe(`${lang}, ${who}`, () => {
      let visitor;
      before(async () => {
        visitor = await person(browser, server.origin, { lang });
        if (signedIn) await signIn(visitor.page, signedIn, '/me', lang);
      });
      after(() => visitor.context.close());
      for (const name of names) test(name, () => inspect(visitor, name, pages[name], lang));
    });
  }
}

test('the language that was chosen is remembered', async () => {
  const reader = await person(browser, server.origin);
  await reader.page.goto('/about');
  await reader.page.getByRole('button', { name: 'English' }).first().click();
  await reader.page.waitForURL('**/about');
  assert.equal(await reader.page.locator('html').getAttribute('lang'), 'en');
  await reader.page.goto('/');
  assert.equal(await reader.page.locator('html').getAttribute('lang'), 'en');
  reader.quiet();
  await reader.context.close();
});
