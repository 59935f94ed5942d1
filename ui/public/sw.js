// The service worker: without the server the interface opens all the same and shows that it is away.
// Only the page is kept here: built files never change under their names, so the browser keeps them itself.

const CACHE = 'marge-2';

self.addEventListener('install', (event) => {
  self.skipWaiting();
  // Where the browser can: nothing but the page passes through here, and nothing waits until this file runs.
  event
    .addRoutes?.([
      { condition: { not: { requestMode: 'navigate' } }, source: 'network' },
      { condition: { requestMode: 'navigate', requestMethod: 'GET' }, source: 'race-network-and-fetch-handler' },
    ])
    .catch(() => undefined); // a browser that knows routes, but not these
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

async function page(request) {
  const cache = await caches.open(CACHE);
  try {
    const reply = await fetch(request);
    if (reply.ok && reply.headers.get('content-type')?.includes('text/html')) await cache.put('/', reply.clone());
    return reply;
  } catch (problem) {
    const kept = await cache.match('/');
    if (kept) return kept;
    throw problem;
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || request.mode !== 'navigate' || url.origin !== self.location.origin) return;
  // Whatever belongs to the API, to log-ins or to media is never touched.
  if (!/^\/(api|auth|media|local|static|metrics|\.well-known)(\/|$)/.test(url.pathname)) event.respondWith(page(request));
});
