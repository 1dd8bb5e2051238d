// What happens to an answer while no page is open: the browser's sync event sends it, and when the server refuses it,
// whoever opens a page next learns of it and can hand it to staff as a file.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { noViolations } from "./axe.mjs";
import { noSidewaysScroll, phone, screens, sharedBrowser } from "./browser.mjs";
import { stored } from "./citizen.mjs";
import { Gate } from "./gate.mjs";
import { Office, act, on } from "./kiosk.mjs";
import { sharedServer } from "./server.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const bounded = { timeout: 120_000 };

async function counted() {
  const before = new Set((await server().responses("pulse")).map(({ id }) => id));
  return async () => (await server().responses("pulse")).filter(({ id }) => !before.has(id));
}

/** A phone behind a gate whose only page was closed without a network, with one answer in its outbox. */
async function left(t, face) {
  const gate = await Gate.open(server());
  const context = await phone(browser(), { serviceWorkers: "allow" });
  t.after(async () => {
    await context.close();
    await gate.shut().catch(() => {});
  });
  const url = `${gate.url}/s/${await server().point("pulse@1")}`;
  const page = await context.newPage();
  await page.goto(`${url}?consent=1&all=1&lang=vi`);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.locator(`main button.ans[value="${face}"]:visible:enabled`).tap();
  await page.locator("#send").waitFor();
  await gate.shut();
  await page.locator("#send").tap();
  await page.locator(".note:visible", { hasText: "giữ trên máy này" }).waitFor();
  await page.close();
  await gate.reopen();
  return { gate, context, url };
}

/** What Chromium does once there is a network again. */
async function sync(context, origin) {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const registered = new Promise((tell) => {
    cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const own = registrations.find((r) => r.scopeURL.startsWith(origin) && !r.isDeleted);
      if (own) tell(own.registrationId);
    });
  });
  await cdp.send("ServiceWorker.enable");
  await cdp.send("ServiceWorker.dispatchSyncEvent", { origin, registrationId: await registered, tag: "sipas-outbox", lastChance: false });
  await page.close();
}

/** What the phone itself holds, read on a page that has no script of ours. */
async function held(context, origin) {
  const page = await context.newPage();
  await page.goto(`${origin}/readyz`);
  const all = await page.evaluate(() => new Promise((tell, fail) => {
    const ask = indexedDB.open("sipas");
    ask.onerror = fail;
    ask.onsuccess = () => {
      const tx = ask.result.transaction(["entries", "receipts"]);
      const [entries, receipts] = ["entries", "receipts"].map((s) => tx.objectStore(s).getAll());
      tx.oncomplete = () => tell({ entries: entries.result, receipts: receipts.result }, ask.result.close());
    };
  }));
  await page.close();
  return all;
}

async function until(f) {
  for (const end = Date.now() + 30_000; Date.now() < end; await wait(200)) if (await f()) return;
  throw new Error(`never: ${f}`);
}

test("closed without a network: the sync event brings the answer, once, and its receipt", bounded, async (t) => {
  const since = await counted();
  const { gate, context, url } = await left(t, 4);
  assert.equal((await since()).length, 0);
  assert.equal((await held(context, gate.url)).entries.length, 1);
  await sync(context, gate.url);
  await until(async () => (await held(context, gate.url)).receipts.length === 1);
  const { entries, receipts } = await held(context, gate.url);
  const rows = await since();
  assert.deepEqual(rows.map(stored), [{ P1: ["4"] }]);
  assert.deepEqual([entries, receipts.map((r) => r.id)], [[], [rows[0].id]]);
  assert.equal((await fetch(`${server().url}/r/${receipts[0].receipt}`)).status, 200);
  await sync(context, gate.url); // once more, and a visit: there is nothing left to send
  await (await context.newPage()).goto(url);
  await wait(1000);
  assert.equal((await since()).length, 1);
});

const shelf = (page) => page.locator("main .shelf");

/** Goes on by the keyboard until a button has the focus, and presses it. */
async function press(page, name) {
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("Tab");
    if ((await page.evaluate(() => document.activeElement.textContent.trim())) === name) return page.keyboard.press("Enter");
  }
  throw new Error(`the keyboard does not lead to ${name}`);
}

test("refused while no page was open: the next page says so, and staff take in the file", bounded, async (t) => {
  const since = await counted();
  const { gate, context, url } = await left(t, 3);
  const problem = { type: "urn:sipas:problem:invalid", title: "Sai", detail: "Máy chủ này không biết mẫu phiếu." };
  gate.answer((req) => req.method === "POST", 422, JSON.stringify(problem));
  await sync(context, gate.url);
  await until(async () => (await held(context, gate.url)).entries[0]?.state === "shelf");

  const page = await context.newPage();
  await page.setViewportSize(screens[320]);
  await page.goto(`${url}?lang=vi`);
  await shelf(page).filter({ hasText: "Máy chủ đã từ chối 1 phiếu của máy này. Phiếu vẫn được giữ ở đây" }).waitFor();
  await shelf(page).filter({ hasText: "Máy chủ này không biết mẫu phiếu. (422)" }).waitFor();
  await noViolations(page);
  await noSidewaysScroll(page);
  const saved = page.waitForEvent("download");
  await press(page, "Lưu thành tệp");
  const file = join(server().data, "of-a-phone.json");
  await (await saved).saveAs(file);
  await shelf(page).locator("[role=status]", { hasText: /Đã lưu tệp sipas-outbox-.*\.json/ }).waitFor();
  await press(page, "Gửi lại");
  await shelf(page).locator("[role=status]", { hasText: "vẫn từ chối" }).waitFor();

  for (const path of ["/", "/s/ZZZZZZ", `${new URL(url).pathname}?consent=1&all=1`]) {
    await page.goto(`${gate.url}${path}${path.includes("?") ? "&" : "?"}lang=en`);
    await shelf(page).filter({ hasText: "The server refused 1 ballot of this phone." }).waitFor();
    await noViolations(page);
    await noSidewaysScroll(page);
  }

  assert.equal((await since()).length, 0);
  server().run("import", "outbox", file);
  const rows = await since();
  assert.deepEqual(rows.map(stored), [{ P1: ["3"] }]);
  gate.answer(() => false);
  await page.goto(`${gate.url}/?lang=en`);
  await shelf(page).waitFor();
  await press(page, "Send again");
  await shelf(page).locator("[role=status]", { hasText: "Received." }).waitFor();
  assert.ok(!(await shelf(page).innerText()).includes("refused 1"));
  assert.deepEqual((await since()).map((r) => r.id), [rows[0].id], "what was imported and sent is there once");
  await page.reload();
  await wait(1000);
  assert.equal(await shelf(page).count(), 0);
  // A receipt after it is a page like others, and says nothing more.
  const { receipts } = await held(context, gate.url);
  await page.goto(`${gate.url}/r/${receipts[0].receipt}`);
  await page.locator("[data-receipt]").waitFor();
  await wait(500);
  assert.equal(await shelf(page).count(), 0);
});

test("whoever never answered here loads no outbox on the first page", bounded, async (t) => {
  const context = await phone(browser());
  t.after(() => context.close());
  const page = await context.newPage();
  const loaded = [];
  page.on("request", (r) => loaded.push(new URL(r.url()).pathname));
  await page.goto(server().url, { waitUntil: "networkidle" });
  assert.ok(loaded.some((p) => p.startsWith("/static/js/leftover.")), "the script that looks is there");
  assert.deepEqual(loaded.filter((p) => /outbox|shelf\./.test(p)), []);
});

test("a kiosk's shelf is saved by staff, taken in, and empty once they send again", bounded, async (t) => {
  const since = await counted();
  const office = await Office.open(server(), browser());
  const { context, page } = await office.stand("pulse", { serviceWorkers: "block" });
  t.after(() => context.close());
  const batch = "**/api/v1/responses/batch";
  await page.route(batch, (route) => route.fulfill({ status: 422, contentType: "application/problem+json", body: '{"title":"x"}' }));
  await act(page, "start");
  await on(page, "item");
  await act(page, "answer", "5");
  await on(page, "thanks");
  await act(page, "done");
  const left = () => page.evaluate(() => globalThis.kiosk.box.status().then((s) => s.shelf));
  await until(async () => (await left()) === 1);
  for (let i = 0; i < 5; i++) await page.locator(".k-corner").tap();
  for (const c of "2468!") await page.locator(`dialog .key[value="${c}"]`).tap();
  const saved = page.waitForEvent("download");
  await page.locator("dialog.d-staff [data-act=shelf]").tap();
  const file = join(server().data, "of-a-kiosk.json");
  await (await saved).saveAs(file);
  assert.equal((await since()).length, 0);
  server().run("import", "outbox", file);
  assert.deepEqual((await since()).map(stored), [{ P1: ["5"] }]);
  await page.unroute(batch);
  await page.locator("dialog.d-staff [data-act=send-now]").tap();
  await page.locator("dialog.d-staff .k-warn", { hasText: "Không còn phiếu chờ gửi" }).waitFor();
  assert.equal(await left(), 0);
  assert.equal((await since()).length, 1);
});
