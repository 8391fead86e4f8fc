// A phone that loses its network in the field: a page of ours says so, and the
// shop is back with the network.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, person } from '../fixtures/browser.mjs';
import { startServer } from '../fixtures/server.mjs';

let server, browser;
before(async () => {
  server = await startServer();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('without a network a page says so, and the way back works', async () => {
  const { page, context } = await person(browser, server.origin);
  await page.goto('/live/CHEN88');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await context.setOffline(true);
  await page.goto('/groups');
  await page.getByRole('heading', { name: '没网了' }).waitFor();
  const styled = await page.evaluate(() => getComputedStyle(document.querySelector('a.btn')).display);
  assert.notEqual(styled, 'inline', 'its style sheet was kept, too');
  await context.setOffline(false);
  await page.getByRole('link', { name: /再试|重试/ }).click();
  await page.getByRole('heading', { level: 1, name: '拼团' }).waitFor();
});
