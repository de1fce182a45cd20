/* Keeps Relais' own files, so that it opens without a network: what all programs share on every device, and each program
   on the devices where it has run. It knows nothing of documents, sync or sessions.
   The build writes its version and the lists of files into this file, each with what its hash begins with: one version,
   one cache, and an update is noticed because these bytes change.

   Messages: {type: "install-update"}                  the person agrees to this version
             {type: "keep-program", program: "office"} it runs here; answered on the port that comes along once it is kept
   Message to pages: {type: "wake"}                    sending may work now */
"use strict";

const CACHE = "relais-@VERSION@";
const { shared, programs } = "@FILES@";
const BY_PATH = { ignoreVary: true, ignoreSearch: true };
/* What only the server can answer. These requests pass as if no worker were here. */
const SERVER_ONLY = /^\/(sync|api|healthz|readyz|metrics|service_worker\.js)(\/|$)/;
const TYPES = {
  "": /^text\/html/, js: /javascript/, css: /^text\/css/, wasm: /^application\/wasm/, json: /^application\/json/,
  webmanifest: /json/, svg: /^image\/svg/, png: /^image\/png/,
};

self.addEventListener("install", (event) => event.waitUntil(install()));

self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("message", (event) => {
  const { type, program } = event.data ?? {};
  if (type === "install-update") self.skipWaiting();
  if (type === "keep-program") event.waitUntil(keep_program(program, event.ports[0]));
});

self.addEventListener("sync", (event) => event.waitUntil(wake()));

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin || SERVER_ONLY.test(pathname)) return;
  event.respondWith(answer(event.request, mode === "navigate" ? "/" : pathname));
});

async function answer(request, path) {
  try {
    const kept = await (await caches.open(CACHE)).match(path, BY_PATH);
    if (kept) return kept;
  } catch {
    // A browser whose cache is damaged can still reach the server.
  }
  return fetch(request);
}

async function install() {
  await put(shared);
  // Whoever had a program before an update has it after.
  for (const [program, files] of Object.entries(programs)) {
    if (await was_kept(program)) await put(files);
  }
}

async function keep_program(program, port) {
  await put(programs[program]);
  port?.postMessage({ type: "program-kept", program });
}

async function was_kept(program) {
  for (const name of await caches.keys()) {
    const kept = await (await caches.open(name)).keys();
    if (kept.some((request) => new URL(request.url).pathname.startsWith(`/${program}-`))) return true;
  }
  return false;
}

/* One file after the other: what was cut goes on where it stopped. */
async function put(files) {
  const cache = await caches.open(CACHE);
  for (const [url, hash] of files) {
    if (await cache.match(url, BY_PATH)) continue;
    await cache.put(url, (await kept(url, hash)) ?? (await fetched(url, hash)));
  }
}

/* A file that did not change since an earlier version is not paid for again. */
async function kept(url, hash) {
  for (const name of await caches.keys()) {
    const found = await (await caches.open(name)).match(url, BY_PATH);
    if (found && (await matches(hash, found))) return found;
  }
}

/* What the page has just loaded is in the browser's own cache; the hash says whether that copy will do. */
async function fetched(url, hash) {
  for (const cache of ["default", "reload"]) {
    const response = await ask(url, cache);
    if (await matches(hash, response)) return response;
  }
  throw new Error(`${url} is not the file that was built`);
}

/* A captive portal answers 200 too: only an answer that can be ours passes. */
async function ask(url, cache) {
  const response = await fetch(url, { cache, redirect: "error" });
  const ending = /\.(\w+)$/.exec(url)?.[1] ?? "";
  const type = response.headers.get("content-type") ?? "";
  const ours = response.status === 200 && response.type === "basic" && !response.redirected;
  if (!ours || !(TYPES[ending] ?? /./).test(type)) throw new Error(`${url}: ${response.status} ${type}`);
  return response;
}

async function matches(hash, response) {
  const digest = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.startsWith(hash);
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith("relais-") && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

async function wake() {
  for (const client of await self.clients.matchAll()) client.postMessage({ type: "wake" });
}
