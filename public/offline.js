// A service worker with one duty: without a network, a page that was asked for
// becomes the offline page, not the browser's own. It keeps nothing else and
// answers nothing else, so that what people see is never older than the shop.
const KEPT = 'offline-1';
const PAGE = '/offline';

/** The offline page and the style sheets it names. */
async function keep() {
  const cache = await caches.open(KEPT);
  const answer = await fetch(PAGE);
  const sheets = [...(await answer.clone().text()).matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map((found) => found[1]);
  await cache.put(PAGE, answer);
  await cache.addAll([...sheets, '/favicon.svg']);
}

self.addEventListener('install', (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  } else if (request.destination === 'style') {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request)) ?? Response.error()));
  }
});
