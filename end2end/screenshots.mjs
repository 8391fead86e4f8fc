// Pictures of every page at 390 and 1280 px, in both languages, whole length,
// into screenshots/<lang>/<width>/<name>.png: for people to look at.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, person } from './fixtures/browser.mjs';
import { signIn } from './fixtures/people.mjs';
import { ROOT, startServer } from './fixtures/server.mjs';
import { framesDecoded } from './fixtures/video.mjs';
import { everyPage, VISITORS } from './fixtures/visits.mjs';

const SIZES = [{ width: 390, height: 844 }, { width: 1280, height: 900 }];
const LANGS = ['zh-CN', 'en'];

/** Lazy pictures load when they are scrolled to; a picture of all needs all. */
async function settle(page, name) {
  if (name === 'live' || name === 'host-live') await framesDecoded(page, 5);
  await page.evaluate(async () => {
    for (const image of document.images) image.loading = 'eager';
    await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
    await document.fonts.ready;
  });
}

async function shoot(page, name, path, file) {
  await page.goto(path, { waitUntil: 'load' });
  await settle(page, name);
  await page.screenshot({ path: file, fullPage: true });
}

const server = await startServer();
const browser = await openBrowser({ camera: true });
let taken = 0;
try {
  const pages = await everyPage(server.origin, browser);
  for (const lang of LANGS) {
    for (const size of SIZES) {
      const folder = join(ROOT, 'screenshots', lang, String(size.width));
      mkdirSync(folder, { recursive: true });
      for (const [who, { signedIn, names }] of Object.entries(VISITORS)) {
        const { context, page } = await person(browser, server.origin, { lang, ...size, scale: size.width < 800 ? 2 : 1 });
        if (signedIn) await signIn(page, signedIn, '/me', lang);
        for (const name of names) {
          await shoot(page, name, pages[name], join(folder, `${who}-${name}.png`));
          taken += 1;
        }
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
console.log(`${taken} pictures in screenshots/`);
