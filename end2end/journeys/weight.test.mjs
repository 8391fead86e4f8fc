// What pages weigh on a 360 px phone with an empty cache. The figures are the
// budgets of the design; the table shows how far from them each page is.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, person } from '../fixtures/browser.mjs';
import { publicPages } from '../fixtures/pages.mjs';
import { startServer } from '../fixtures/server.mjs';
import { table, traffic } from '../fixtures/traffic.mjs';
import { framesDecoded } from '../fixtures/video.mjs';

const KB = 1000;
const READING = ['home', 'product', 'story', 'trace'];
const BUDGET = { page: 20 * KB, view: 150 * KB, css: 25_000, live: 200 * KB };

let server, browser, pages;
const rows = [];

before(async () => {
  server = await startServer();
  browser = await openBrowser();
  pages = await publicPages(server.origin);
});
after(async () => {
  console.log(table(['page', 'html', 'css', 'html+css', 'js', 'wasm', 'images', 'other', 'first view', 'unscrolled'], rows));
  await browser?.close();
  await server?.stop();
});

async function weigh(name, settled) {
  const visitor = await person(browser, server.origin, { width: 360, height: 780 });
  const weight = await traffic(visitor.page, pages[name], { settled });
  await visitor.context.close();
  rows.push([name, weight.html, weight.css, weight.html + weight.css, weight.js, weight.wasm, weight.image, weight.other, weight.view, weight.total]);
  assert.equal(weight.status, 200);
  return weight;
}

for (const name of READING) {
  test(`${name}: no script, ${BUDGET.page} B of HTML and CSS, ${BUDGET.view} B before the first scroll`, async () => {
    const weight = await weigh(name);
    assert.deepEqual({ js: weight.js, wasm: weight.wasm }, { js: 0, wasm: 0 });
    assert.ok(weight.html > 0 && weight.css > 0, 'the network log saw the page and its style sheet');
    assert.ok(weight.html + weight.css <= BUDGET.page, `${weight.html + weight.css} B of HTML and CSS`);
    // All that comes before anybody scrolls: a browser asks early for pictures a little below the screen.
    assert.ok(weight.total <= BUDGET.view, `${weight.total} B before the first scroll`);
  });
}

test(`live: at most ${BUDGET.live} B of script and wasm, compressed`, async () => {
  const weight = await weigh('live', framesDecoded);
  assert.ok(weight.js > 0 && weight.wasm > 0, 'the live page is awake');
  assert.ok(weight.js + weight.wasm <= BUDGET.live, `${weight.js + weight.wasm} B`);
});

test(`what a reading page needs of styles is at most ${BUDGET.css} B before compression`, async () => {
  const html = await (await fetch(server.origin)).text();
  let all = 0;
  for (const [, href] of html.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)) {
    const response = await fetch(server.origin + href, { headers: { 'accept-encoding': 'identity' } });
    all += (await response.arrayBuffer()).byteLength;
  }
  console.log(`style sheets of a reading page: ${all} B`);
  assert.ok(all > 0 && all <= BUDGET.css, `${all} B`);
});
