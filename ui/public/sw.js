// The service worker: the interface opens at once, and without the server shows that it is away.
// Built files never change under their names, so they are kept; the page is asked for first and kept as a spare.
// Whatever belongs to the API, to log-ins or to media is never touched.

const CACHE = 'marge-1';
const KEPT = 300;

self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

async function asset(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const reply = await fetch(request);
  if (reply.ok) {
    await cache.put(request, reply.clone());
    const keys = await cache.keys();
    for (const old of keys.slice(0, Math.max(0, keys.length - KEPT))) await cache.delete(old);
  }
  return reply;
}

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
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (/^\/(api|auth|media|local|static|metrics|\.well-known)(\/|$)/.test(url.pathname)) return;
  if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request));
  else if (request.mode === 'navigate') event.respondWith(page(request));
});
