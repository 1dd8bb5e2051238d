// A new version of the service worker under a page that stays open: what the old page loads only later is still there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { phone, sharedBrowser } from "./browser.mjs";
import { Gate } from "./gate.mjs";
import { sharedServer } from "./server.mjs";

const server = sharedServer();
const browser = sharedBrowser();

/** Waits until the page's caches of ours are those, in any order. */
async function keeps(page, want) {
  let names;
  for (const end = Date.now() + 30_000; Date.now() < end; await wait(100)) {
    names = await page.evaluate(async () => (await caches.keys()).filter((n) => n.startsWith("sipas-")).sort());
    if (JSON.stringify(names) === JSON.stringify(want)) return;
  }
  assert.deepEqual(names, want);
}

test("an old page loads what it needs after an upgrade; the next upgrade drops it", { timeout: 240_000 }, async (t) => {
  const gate = await Gate.open(server());
  gate.forgetful = true; // or the browser's own cache would hide what the worker has not got
  const context = await phone(browser(), { serviceWorkers: "allow" });
  t.after(async () => {
    await context.close();
    await gate.shut();
  });
  const path = `/s/${await server().point("pulse@1")}`;
  const page = await context.newPage();
  await page.goto(gate.url + path);
  const late = await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    for (;;) {
      for (const name of await caches.keys()) {
        const kept = (await (await caches.open(name)).keys()).find((r) => /\/js\/shelf\./.test(r.url));
        if (kept && navigator.serviceWorker.controller) return kept.url;
      }
      await new Promise((go) => setTimeout(go, 100));
    }
  });
  const old = await page.evaluate(async () => (await caches.keys()).find((n) => n.startsWith("sipas-")));

  // The new version's page names no such file, and its server has not got it.
  gate.change(path, (text) => text.replace(/<script.*<\/script>/g, ""));
  gate.answer((req) => late.endsWith(req.url), 404);
  const become = (version) => {
    gate.change("/sw.js", (text) => text.replace(/sipas-[0-9a-f]{8}/, `sipas-${version}`));
    return page.evaluate(async () => {
      const changed = new Promise((go) => navigator.serviceWorker.addEventListener("controllerchange", go, { once: true }));
      await (await navigator.serviceWorker.ready).update();
      await changed;
      const { active } = await navigator.serviceWorker.ready;
      while (active.state !== "activated") await new Promise((go) => setTimeout(go, 50));
    });
  };
  await become("00000002");
  assert.equal((await fetch(late)).status, 404);
  assert.equal(await page.evaluate(async (url) => typeof (await import(url)).showShelf, late), "function");
  await keeps(page, ["sipas-00000002", old].sort());

  await become("00000003");
  await keeps(page, ["sipas-00000002", "sipas-00000003"]);
  // Back to a version that is still there: it is the newest again.
  await become("00000002");
  await become("00000004");
  await keeps(page, ["sipas-00000002", "sipas-00000004"]);
});
