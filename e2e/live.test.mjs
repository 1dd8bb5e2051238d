// An open dashboard follows what citizens say: in steps of ten, without a reload, without taking anything from the reader.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { binary, sharedServer } from "./server.mjs";
import { complaints, desk, sharedBrowser } from "./browser.mjs";
import { login } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const bounded = { timeout: 180_000 };

/** Sends so many answers of the worst kind, as from a phone: there are no hours that they could be out of. */
async function answer(n) {
  const point = await server().point("onestop@1");
  const answers = { F1: 1, F2: 1, F3: 1, F4: 1, F5: 1 };
  const now = () => new Date().toISOString().replace(/\.\d+Z/, "Z");
  for (let i = 0; i < n; i++) {
    const body = { id: randomUUID(), point, instrument: "onestop@1", locale: "vi", started_at: now(), submitted_at: now(), answers };
    const got = await fetch(`${server().url}/api/v1/responses`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    assert.equal(got.status, 201, await got.text());
  }
}

/** A page of the wave after a dossier where an administrator is signed in, that must not complain. */
async function office(t, { path = "/app?wave=onestop&period=all", locale = "vi-VN", but } = {}) {
  const context = await desk(browser(), { locale });
  const page = await context.newPage();
  const wrong = complaints(page, { but });
  t.after(async () => {
    await context.close();
    assert.deepEqual(wrong, []);
  });
  await login(page, server(), "admin");
  const opened = page.waitForResponse((r) => r.url().includes("/app/live?"));
  await page.goto(server().url + path);
  await opened;
  await page.locator("figure[data-drawn]").first().waitFor(); // charts change how long the page is
  return page;
}

const n = async (page) => Number(await page.locator("[data-figure=n]").first().getAttribute("value"));
const moved = (page, than, timeout = 30_000) =>
  page.waitForFunction((was) => Number(document.querySelector("[data-figure=n]").value) > was, than, { timeout });

for (const [locale, words] of [["vi-VN", /Tự cập nhật lúc/], ["en-GB", /Updated by itself at/]]) {
  test(`a dashboard moves by itself and leaves the reader alone, ${locale}`, bounded, async (t) => {
    const page = await office(t, { locale });
    const before = await n(page);
    // What a reader has: a link with the focus, something unfolded, a place on the page, words marked.
    await page.locator("main details.more").first().evaluate((d) => (d.open = true));
    await page.locator("main .fig-foot a").last().focus();
    await page.evaluate(() => {
      scrollTo(0, 700);
      const seen = document.elementFromPoint(700, 400);
      const h1 = document.querySelector("h1").firstChild;
      getSelection().setBaseAndExtent(h1, 0, h1, 6);
      globalThis.marks = { focus: document.activeElement, main: document.querySelector("main"), touched: 0, seen, top: seen.getBoundingClientRect().top, still: document.querySelector("form.filters") };
      new MutationObserver((list) => (globalThis.marks.touched += list.filter((m) => m.type === "childList" && m.target.matches?.("main, .row")).length))
        .observe(globalThis.marks.main, { subtree: true, childList: true });
    });
    await answer(9);
    await page.waitForTimeout(5000); // two looks of the server and some
    assert.equal(await n(page), before, "nine more were shown: one could tell who said what");
    await answer(3);
    await moved(page, before);
    assert.ok((await n(page)) >= before + 10);
    const kept = await page.evaluate(() => ({
      focus: globalThis.marks.focus === document.activeElement && globalThis.marks.focus.isConnected,
      open: document.querySelector("main details.more").open,
      moved: Math.abs(globalThis.marks.seen.getBoundingClientRect().top - globalThis.marks.top) > 1, marked: getSelection().toString().length, same: globalThis.marks.main === document.querySelector("main"),
      form: globalThis.marks.still.isConnected, touched: globalThis.marks.touched,
    }));
    assert.deepEqual(kept, { focus: true, open: true, moved: false, marked: 6, same: true, form: true, touched: 0 });
    assert.match(await page.locator("#live").innerText(), words);
    // What it shows is what a load shows.
    const [shown, asof] = [await page.locator("[data-figure=overall]").first().innerText(), await page.locator(".asof").first().innerText()];
    await page.reload();
    assert.equal(await page.locator("[data-figure=overall]").first().innerText(), shown);
    assert.equal(await page.locator(".asof").first().innerText(), asof);
  });
}

test("a row that grew by one keeps its figure", bounded, async (t) => {
  const page = await office(t);
  // Every row of every table that says for how many people it stands.
  const rows = () => page.locator("main table").evaluateAll((tables) => tables.flatMap((table, i) => {
    const at = [...(table.tHead?.rows[0].cells ?? [])].findIndex((th) => th.textContent.trim() === "n");
    return at < 0 ? [] : [...table.tBodies].flatMap((b) => [...b.rows]).filter((tr) => tr.cells[at])
      .map((tr) => [`${i} ${tr.querySelector("th").textContent}`, Number(tr.cells[at].textContent.replace(/\D/g, ""))]);
  }));
  const before = Object.fromEntries(await rows());
  const was = await n(page);
  await answer(12);
  await moved(page, was);
  let grew = 0;
  for (const [name, now] of await rows()) {
    assert.ok(now === before[name] || now >= before[name] + 10, `${name}: ${before[name]} became ${now}`);
    grew += now > before[name];
  }
  assert.ok(grew > 0, "no row moved");
});

test("a hidden tab rests, and catches up when it is looked at", bounded, async (t) => {
  const page = await office(t);
  const was = await n(page);
  let asked = 0;
  page.on("request", (r) => (asked += r.url().includes("wave=onestop")));
  const hide = (hidden) => page.evaluate((h) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => h });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
  await hide(true);
  await answer(12);
  await page.waitForTimeout(5000);
  assert.equal(asked, 0, "a page that nobody looks at asked for something");
  assert.equal(await n(page), was);
  await hide(false);
  await moved(page, was);
});

test("who saves data opens no stream, and without JavaScript there is none", bounded, async (t) => {
  for (const options of [{ saves: true }, { javaScriptEnabled: false }]) {
    const context = await desk(browser(), { javaScriptEnabled: options.javaScriptEnabled });
    t.after(() => context.close());
    const page = await context.newPage();
    if (options.saves) await page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }));
    let streams = 0;
    page.on("request", (r) => (streams += r.url().includes("/app/live")));
    await login(page, server(), "admin");
    await page.goto(`${server().url}/app?wave=onestop&period=all`);
    await page.waitForTimeout(1000);
    assert.equal(streams, 0);
    assert.ok((await n(page)) > 0);
  }
});

test("after the server has started again the page goes on", bounded, async (t) => {
  const page = await office(t, { but: /ERR_(INCOMPLETE_CHUNKED_ENCODING|CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE)/ });
  const was = await n(page);
  const s = server();
  const began = Date.now();
  s.process.kill("SIGTERM"); // with a stream open
  await s.exited;
  assert.ok(Date.now() - began < 8000, "an open stream held up the end");
  const { port } = new URL(s.url);
  s.process = spawn(binary(), ["serve", "--addr", `127.0.0.1:${port}`, "--data", s.data], { stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [s.process.stdout, s.process.stderr]) stream.resume();
  s.exited = new Promise((resolve) => s.process.on("exit", resolve));
  await s.ready();
  await answer(12);
  await moved(page, was, 60_000);
});
