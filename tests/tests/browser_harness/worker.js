// Keeps the page for times without a network.
const KEPT = ['/', '/page.js'];
self.oninstall = event => event.waitUntil(
  caches.open('page').then(cache => cache.addAll(KEPT)).then(() => self.skipWaiting()));
self.onactivate = event => event.waitUntil(self.clients.claim());
self.onfetch = event => {
  const { pathname } = new URL(event.request.url);
  if (KEPT.includes(pathname)) event.respondWith(caches.match(pathname));
  if (pathname === '/through-worker') event.respondWith(fetch('/live').catch(() => new Response('cut')));
};
