// The service worker: pages of the kiosk and of the form open without a network, and what waits in the outbox is sent
// when there is one again. Pages come out of the cache at once and are fetched anew behind that; static files have a
// hash of their content in their name and are kept as they are, and so do the questions that a kiosk reads aloud.
// Nothing else is touched: no POST, no API, no page of the staff.
import { openOutbox } from "./outbox.js";

const CACHE = "sipas-%VERSION%"; // of all static files together
const TURN = "/turn"; // in the cache of each version: which one in turn it was
const PAGE = /^\/[sk]\/[^/]+$/;
const STATIC = /\/static\/[\w./@-]+\.[0-9a-f]{8}\.\w+/g;
const SOUNDS = "sounds"; // of any version: the recordings that the kiosk's kit names
const SOUND = /^\/audio\/.+\.[0-9a-f]{8}\.\w+$/;
const LATER = 1500; // ms until a page is fetched anew: its paint comes first

/** The caches of other versions, {name, turn}, the last one first. The turn is 0 where a version was never whole. It is
 *  written down, since a version may come back whose cache is still there. */
async function others() {
  const list = [];
  for (const name of await caches.keys()) {
    if (name === CACHE || !name.startsWith("sipas-")) continue;
    list.push({ name, turn: Number(await (await (await caches.open(name)).match(TURN))?.text()) || 0 });
  }
  return list.sort((a, b) => b.turn - a.turn);
}

/** Keeps a static file and, of a script or style sheet, those that it names. */
async function keepFile(cache, path) {
  if (await cache.match(path)) return;
  const res = await fetch(path);
  if (!res.ok) throw new Error(`${path}: ${res.status}`);
  const names = /\.(js|css)$/.test(path) ? ((await res.clone().text()).match(STATIC) ?? []) : [];
  await cache.put(path, res);
  for (const name of names) if (!/\/vendor\/|proof/.test(name)) await keepFile(cache, name);
}

/** Keeps a page with its files, so that what is kept is whole. Marks it: its id and its time were for one visit. */
async function keepPage(cache, url, res) {
  if (res.status === 404 || res.status === 410) return cache.delete(url);
  if (!res.ok || res.redirected) return;
  const text = await res.text();
  for (const path of new Set(text.match(STATIC))) await keepFile(cache, path);
  await cache.put(url, new Response(text.replace("<html", "<html data-cached"), { headers: res.headers }));
}

async function renew(cache, url) {
  const res = await fetch(url, { headers: { Accept: "text/html" } });
  if (res.status === 429 || res.status >= 500) throw new Error(`${url}: ${res.status}`); // soon another
  await keepPage(cache, url, res);
}

// On a weak network one of a dozen files may well fail, and a kiosk's page is loaded once in months.
async function again(f) {
  for (let wait = 1000; wait < 60_000; wait *= 2) {
    try {
      return await f();
    } catch {
      await new Promise((go) => setTimeout(go, wait));
    }
  }
}

// A new version first fetches every page that the old one kept, so that there is no moment without.
async function install() {
  const cache = await caches.open(CACHE);
  const pages = new Set();
  const old = await others();
  for (const { name } of old) {
    for (const { url } of await (await caches.open(name)).keys()) if (PAGE.test(new URL(url).pathname)) pages.add(url);
  }
  for (const url of pages) await renew(cache, url);
  await cache.put(TURN, new Response(1 + (old[0]?.turn ?? 0)));
  await self.skipWaiting();
}

// A page of the version before may stay open for long, and loads some of its files only when it needs them: they stay
// for one generation.
async function activate() {
  for (const { name } of (await others()).slice(1)) await caches.delete(name);
  await self.clients.claim();
}

async function page(event, url) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(url);
  if (kept) {
    event.waitUntil(new Promise((go) => setTimeout(go, LATER)).then(() => renew(cache, url)).catch(() => {}));
    return kept;
  }
  const res = await fetch(event.request);
  event.waitUntil(keepPage(cache, url, res.clone()).catch(() => {}));
  return res;
}

async function keep(path, res) {
  await (await caches.open(CACHE)).put(path, res);
}

async function file(event, path) {
  const kept = await caches.match(path); // of any version: the hash in its name says that it is the right one
  if (kept) return kept;
  const res = await fetch(event.request);
  if (res.ok) event.waitUntil(keep(path, res.clone()).catch(() => {}));
  return res;
}

/** Keeps these recordings and no others. */
async function keepSounds(paths) {
  const cache = await caches.open(SOUNDS);
  for (const { url } of await cache.keys()) if (!paths.includes(new URL(url).pathname)) await cache.delete(url);
  for (const path of paths) if (SOUND.test(path) && !(await cache.match(path))) await cache.add(path);
}

// Players ask for parts, and some play nothing else.
async function sound(request, path) {
  const kept = await caches.match(path, { cacheName: SOUNDS });
  if (!kept) return fetch(request);
  const range = request.headers.get("Range")?.match(/^bytes=(\d+)-(\d*)$/);
  if (!range) return kept;
  const all = await kept.arrayBuffer();
  const [from, to] = [Number(range[1]), Math.min(Number(range[2] || Infinity), all.byteLength - 1)];
  const headers = { "Content-Type": kept.headers.get("Content-Type"), "Content-Range": `bytes ${from}-${to}/${all.byteLength}` };
  return from > to ? new Response(null, { status: 416 }) : new Response(all.slice(from, to + 1), { status: 206, headers });
}

async function sendWaiting() {
  const box = await openOutbox();
  try {
    await box.drain({ hurry: true });
    const { queue } = await box.status();
    if (queue) throw new Error(`${queue} wait`); // the browser asks again
  } finally {
    box.db.close();
  }
}

self.addEventListener("install", (e) => e.waitUntil(install()));
self.addEventListener("activate", (e) => e.waitUntil(activate()));
self.addEventListener("sync", (e) => e.tag === "sipas-outbox" && e.waitUntil(sendWaiting()));

self.addEventListener("message", (e) => {
  const url = new URL(e.data?.keep ?? "/", location);
  if (url.origin !== location.origin || !PAGE.test(url.pathname)) return;
  e.waitUntil(again(async () => {
    const cache = await caches.open(CACHE);
    if (!(await cache.match(url.href))) await renew(cache, url.href);
    await self.clients.claim(); // a page that came while this worker began is nobody's, and would hear of no newer one
  }));
  if (e.data.audio) e.waitUntil(keepSounds(e.data.audio).catch(() => {})); // the next start asks again
});

self.addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== location.origin) return;
  url.hash = "";
  if (e.request.mode === "navigate" && PAGE.test(url.pathname)) e.respondWith(page(e, url.href));
  else if (new RegExp(STATIC.source + "$").test(url.pathname)) e.respondWith(file(e, url.pathname));
  else if (SOUND.test(url.pathname)) e.respondWith(sound(e.request, url.pathname));
});
