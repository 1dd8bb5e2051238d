// The outbox in a real browser: what is sent without a network goes out by itself, two tabs send once, an old
// database is carried on, and a page opens from this device alone.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { phone, sharedBrowser } from "./browser.mjs";
import { stored } from "./citizen.mjs";
import { sharedServer } from "./server.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const bounded = { timeout: 60_000 };

async function counted() {
  const before = new Set((await server().responses("pulse")).map(({ id }) => id));
  return async () => (await server().responses("pulse")).filter(({ id }) => !before.has(id));
}

async function opened(t, more) {
  const context = await phone(browser(), { serviceWorkers: "allow", ...more });
  t.after(() => context.close());
  const page = await context.newPage();
  const url = `${server().url}/s/${await server().point("pulse@1")}?consent=1&all=1&lang=vi`;
  await page.goto(url);
  return { context, page, url };
}

async function toTheEnd(page, face) {
  await page.locator(`main button.ans[value="${face}"]:visible`).tap();
  await page.locator("#send").waitFor();
}

/** Waits until the server has so many. */
async function arrived(since, n) {
  for (const until = Date.now() + 30_000; Date.now() < until; await wait(200)) if ((await since()).length >= n) break;
  await wait(500); // more would be wrong
  return since();
}

test("sent without a network, the page closed: the next visit sends it", bounded, async (t) => {
  const since = await counted();
  const { context, page, url } = await opened(t);
  await toTheEnd(page, 4);
  await context.setOffline(true);
  await page.locator("#send").tap();
  await page.locator(".note:visible", { hasText: "giữ trên máy này" }).waitFor();
  await page.close();
  assert.equal((await since()).length, 0);
  await context.setOffline(false);
  const next = await context.newPage();
  await next.goto(url.split("?")[0]);
  assert.deepEqual((await arrived(since, 1)).map(stored), [{ P1: ["4"] }]);
});

test("back online, the waiting page shows the receipt", bounded, async (t) => {
  const since = await counted();
  const { context, page } = await opened(t);
  await toTheEnd(page, 5);
  await context.setOffline(true);
  await page.locator("#send").tap();
  await page.locator(".note:visible", { hasText: "giữ trên máy này" }).waitFor();
  await context.setOffline(false);
  await page.locator("[data-receipt]").waitFor();
  assert.equal((await since()).length, 1);
});

test("two tabs send what waits once", bounded, async (t) => {
  const since = await counted();
  const { context, page, url } = await opened(t);
  await toTheEnd(page, 3);
  await context.setOffline(true);
  await page.locator("#send").tap();
  await page.locator(".note:visible", { hasText: "giữ trên máy này" }).waitFor();
  let posts = 0;
  context.on("response", (r) => (posts += r.request().method() === "POST" && r.ok() ? 1 : 0));
  await context.setOffline(false);
  await Promise.all([1, 2].map(async () => (await context.newPage()).goto(url.split("?")[0])));
  assert.equal((await arrived(since, 1)).length, 1);
  assert.equal(posts, 1);
});

test("the queue of an old page is carried to this one", bounded, async (t) => {
  const since = await counted();
  const context = await phone(browser());
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${server().url}/readyz`);
  const point = await server().point("pulse@1");
  const id = "019ccee1-0000-7000-8000-0000000000aa";
  await page.evaluate(({ id, point }) => new Promise((done, fail) => {
    const at = new Date().toISOString();
    const ask = indexedDB.open("sipas", 1);
    ask.onerror = fail;
    ask.onupgradeneeded = () => {
      ask.result.createObjectStore("entries", { keyPath: "id" }).put({
        id, seq: 1, made: Date.now(),
        body: { id, point, instrument: "pulse@1", locale: "vi", started_at: at, submitted_at: at, answers: { P1: 5 } },
      });
      ask.result.createObjectStore("meta").put(1, "seq:");
    };
    ask.onsuccess = () => done(ask.result.close());
  }), { id, point });
  await page.goto(`${server().url}/s/${point}`);
  assert.deepEqual((await arrived(since, 1)).map((r) => r.id), [id]);
});

test("the second visit needs no network, and its ballot is a new one", bounded, async (t) => {
  const since = await counted();
  const { context, page, url } = await opened(t);
  const first = await page.locator("input[name=id]").inputValue();
  // Kept once the worker has been told of the page.
  for (const until = Date.now() + 20_000; Date.now() < until; await wait(100)) {
    const kept = await page.evaluate(async (u) => !!(await caches.match(u)) && !!navigator.serviceWorker.controller, url);
    if (kept) break;
  }
  await toTheEnd(page, 5);
  await page.locator("#send").tap();
  await page.locator("[data-receipt]").waitFor();
  await page.close();
  await context.setOffline(true);
  const second = await context.newPage();
  await second.goto(url);
  assert.notEqual(await second.locator("input[name=id]").inputValue(), first);
  await toTheEnd(second, 2).catch(() => {}); // a low face is asked why first
  await context.setOffline(false);
  assert.equal((await since()).length, 1);
  // Everything that leaves the browser, the worker's renewing of the page included, begins after the first paint.
  const begun = [];
  context.on("requestfinished", async (r) => {
    const network = r.serviceWorker() || !(await r.response())?.fromServiceWorker();
    if (network) begun.push({ url: r.url(), at: r.timing().startTime });
  });
  const third = await context.newPage();
  await third.goto(url);
  const paint = await third.evaluate(() => new Promise((tell) => {
    const seen = (list) => list.getEntriesByName("first-contentful-paint").forEach((e) => tell(performance.timeOrigin + e.startTime));
    new PerformanceObserver(seen).observe({ type: "paint", buffered: true });
  }));
  for (const until = Date.now() + 10_000; !begun.some((r) => r.url === url) && Date.now() < until; await wait(100));
  t.diagnostic(`begun after the first paint, ms: ${begun.map((r) => Math.round(r.at - paint)).join(", ")}`);
  assert.ok(begun.some((r) => r.url === url), "the worker renews the page");
  assert.deepEqual(begun.filter((r) => r.at <= paint), []);
});

test("a kiosk's file is taken in, again is harmless, and what is refused is named", bounded, async () => {
  const since = await counted();
  const at = new Date().toISOString();
  const body = (n, more) => ({
    id: `019ccee1-0000-7000-8000-00000000010${n}`, instrument: "pulse@1", locale: "vi", started_at: at, submitted_at: at, answers: { P1: 5 }, ...more,
  });
  const point = await server().point("pulse@1");
  const file = join(server().data, "shelf.json");
  const write = (...responses) => writeFileSync(file, JSON.stringify({ sipas_outbox: 1, device: "d", exported_at: at, responses }));
  write(body(1, { point, device: "d", device_seq: 1 }), body(2, { point }));
  server().run("import", "outbox", file, "--dry-run");
  assert.equal((await since()).length, 0);
  assert.match(server().run("import", "outbox", file), /0101: .*\n.*0102: /);
  server().run("import", "outbox", file);
  assert.equal((await since()).length, 2);
  write(body(3, { point: "ZZZZZZ" }), body(4, { point }));
  assert.throws(() => server().run("import", "outbox", file), /0103: .*ZZZZZZ/);
  assert.equal((await since()).length, 3);
});
