// Lighthouse on its phone profile: home, product, story and trace page. Prints
// the four scores of each, and what keeps a page from its aim.
import lighthouse from 'lighthouse';
import { openBrowser } from './fixtures/browser.mjs';
import { publicPages } from './fixtures/pages.mjs';
import { freePort, startServer } from './fixtures/server.mjs';
import { table } from './fixtures/traffic.mjs';

const PAGES = ['home', 'product', 'story', 'trace'];
const AIMS = { performance: 95, accessibility: 100, 'best-practices': 100, seo: 100 };

/** The audits that cost a category its score. */
function shortfalls(report, category) {
  return report.categories[category].auditRefs
    .filter(({ weight, id }) => weight > 0 && report.audits[id].score !== null && report.audits[id].score < 1)
    .map(({ id }) => `${id} ${report.audits[id].displayValue ?? report.audits[id].title}`);
}

/** One page's report. A trace that went wrong gives scores of nothing: it is taken again, once. */
async function measure(url) {
  for (let attempt = 1; ; attempt++) {
    const { lhr } = await lighthouse(url, { port, logLevel: 'error', onlyCategories: Object.keys(AIMS) });
    const faults = Object.values(lhr.audits).filter(({ scoreDisplayMode }) => scoreDisplayMode === 'error');
    if (!faults.length) return lhr;
    for (const { id, errorMessage } of faults.slice(0, 3)) console.log(`${url}, ${id}: not measured: ${errorMessage}`);
    if (attempt === 2) return lhr;
  }
}

const server = await startServer();
const port = await freePort();
const browser = await openBrowser({ port });
let short = false;
try {
  const pages = await publicPages(server.origin);
  const rows = [];
  for (const name of PAGES) {
    const lhr = await measure(server.origin + pages[name]);
    rows.push([name, ...Object.keys(AIMS).map((category) => Math.round(lhr.categories[category].score * 100))]);
    for (const [category, aim] of Object.entries(AIMS)) {
      if (lhr.categories[category].score * 100 >= aim) continue;
      short = true;
      console.log(`${name}, ${category}: ${shortfalls(lhr, category).join('; ')}`);
    }
  }
  console.log(table(['page', ...Object.keys(AIMS)], rows));
} finally {
  await browser.close();
  await server.stop();
}
process.exitCode = short ? 1 : 0;
