// What befalls a kiosk besides citizens: a revoked key, no storage, a start without a network, closed hours, other
// settings, another version, and who sees badly.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { profile, sharedBrowser } from "./browser.mjs";
import { Gate } from "./gate.mjs";
import { Office, act, beat, breath, deviceOf, emptied, idle, kept, on, shown, status, tablet, tabletOptions, typeCode, until } from "./kiosk.mjs";
import { sharedServer } from "./server.mjs";
import { addPoint, moveWave, planWave } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();
let desk;
const office = () => (desk ??= Office.open(server(), browser()));
const bounded = { timeout: 120_000 };

async function stand(t, which = "pulse", options) {
  const made = await (await office()).stand(which, options);
  t.after(() => made.context.close());
  return made;
}

const rowsOf = async (device) => (await server().responses("pulse")).filter((r) => r.device === device).sort((a, b) => a.device_seq - b.device_seq);

async function answer(page, value = "5") {
  await act(page, "start");
  await on(page, "item");
  await act(page, "answer", value);
  await on(page, "thanks");
  await act(page, "done");
}

test("a revoked device says so, keeps what waits, and goes on where it was once it is paired again", bounded, async (t) => {
  const { page, context } = await stand(t);
  const device = await deviceOf(page);
  await answer(page, "5");
  await emptied(page);
  await context.setOffline(true);
  await answer(page, "4");
  await answer(page, "3");
  // One is answering when the device hears that staff have revoked it.
  await act(page, "start");
  await act(page, "answer", "1");
  await (await office()).revoke(device);
  await context.setOffline(false);
  await beat(page);
  assert.equal(await shown(page), "item", "nobody is sent away in the middle of an answer");
  await page.locator(".k-off", { hasText: "Máy chưa được ghép" }).waitFor();
  await act(page, "finish");
  await on(page, "thanks");
  assert.ok(!(await page.locator("#main").innerText()).includes("Đã nhận"));
  await act(page, "done");

  await page.locator("[role=alert]", { hasText: "không còn được ghép" }).waitFor();
  assert.match(await page.locator(".k-kept").innerText(), /3 phiếu chờ gửi/);
  // It still says so after the device was switched off and on.
  await page.reload();
  await page.locator(".k-kept", { hasText: "3 phiếu chờ gửi" }).waitFor();
  const before = await status(page);
  assert.deepEqual([before.queue, before.shelf, before.refused], [3, 0, "unpaired"]);

  await typeCode(page, await (await office()).code((await office()).points.pulse));
  await page.locator(".a-go").waitFor();
  await emptied(page);
  assert.equal(await deviceOf(page), device);
  await answer(page, "5");
  await emptied(page);
  assert.deepEqual((await rowsOf(device)).map((r) => [r.device_seq, r.answers.P1, r.state === "partial"]),
    [[1, 5, false], [2, 4, false], [3, 3, false], [4, 1, true], [5, 5, false]]);
});

test("a scanned code pairs by itself, also a device that was revoked", bounded, async (t) => {
  const o = await office();
  const context = await tablet(browser());
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${server().url}/k/${o.points.pulse}#pair=${await o.code(o.points.pulse)}`);
  await page.locator(".a-go").waitFor();
  assert.equal(page.url(), `${server().url}/k/${o.points.pulse}`, "the code does not stay in the address");
  const device = await deviceOf(page);
  await o.revoke(device);
  await page.goto("about:blank");
  await page.goto(`${server().url}/k/${o.points.pulse}#pair=${await o.code(o.points.pulse)}`);
  await until(page, async () => (await globalThis.kiosk.line?.ask("kit"))?.ok);
  await page.locator(".a-go").waitFor();
  assert.equal(await deviceOf(page), device);
  // A code that is over is refused in words, and another can be typed.
  await page.evaluate(() => globalThis.kiosk.box.unpair());
  await page.goto("about:blank");
  await page.goto(`${server().url}/k/${o.points.pulse}#pair=ZZZZZZ`);
  await page.locator("[role=alert]", { hasText: "Không có mã này" }).waitFor();
  assert.equal(await page.locator(".key").count(), 31);
});

test("a device is not unpaired while answers wait under its name", bounded, async (t) => {
  const { page, context } = await stand(t);
  await context.setOffline(true);
  await answer(page);
  await page.evaluate(() => globalThis.kiosk.desk.open());
  await act(page, "unpair");
  await page.locator("dialog [role=status]", { hasText: "1 phiếu chờ gửi" }).waitFor();
  assert.equal(await page.locator("dialog [data-act=unpair-yes]").count(), 0);
  await context.setOffline(false);
  await act(page, "unpair");
  await page.locator("dialog [data-act=unpair-yes]").waitFor();
  assert.equal((await status(page)).queue, 0);
});

test("storage that is refused or full is said in words, and nothing is thanked for", bounded, async (t) => {
  const refused = await tablet(browser());
  t.after(() => refused.close());
  const private_ = await refused.newPage();
  await private_.addInitScript(() => Object.defineProperty(globalThis, "indexedDB", { value: undefined }));
  await private_.goto(`${server().url}/k/`);
  await private_.locator("h1", { hasText: "Máy này chưa dùng được" }).waitFor();
  assert.match(await private_.locator(".lead").innerText(), /không cho lưu dữ liệu/);
  assert.equal(await private_.locator(".key, .tile, .k-touch").count(), 0);
  await Promise.all([private_.waitForEvent("load"), act(private_, "reload")]);
  await private_.locator("h1", { hasText: "Máy này chưa dùng được" }).waitFor();

  const small = await tablet(browser());
  t.after(() => small.close());
  const full = await small.newPage();
  const cdp = await small.newCDPSession(full);
  await cdp.send("Storage.overrideQuotaForOrigin", { origin: server().url, quotaSize: 1 });
  await full.goto(`${server().url}/k/`);
  await full.locator("h1", { hasText: "Máy này chưa dùng được" }).waitFor();
  assert.match(await full.locator(".lead").innerText(), /đã đầy/);

  // Full in the middle of an answer, as the browser says it.
  const { page } = await stand(t);
  await act(page, "start");
  await on(page, "item");
  await page.evaluate(() => {
    globalThis.kiosk.box.db.transaction = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await act(page, "answer", "5");
  await page.locator("h1", { hasText: "Máy này chưa dùng được" }).waitFor();
  assert.match(await page.locator(".lead").innerText(), /đã đầy/);
  assert.equal((await page.locator("#main").innerText()).includes("Cảm ơn"), false);
  await act(page, "reload");
  await page.locator(".a-go").waitFor();
});

test("a browser that starts without a network shows the questions, and what is answered arrives later", bounded, async (t) => {
  const o = await office();
  const gate = await Gate.open(server());
  const folder = mkdtempSync(join(tmpdir(), "sipas-kiosk-"));
  t.after(async () => {
    await gate.shut();
    rmSync(folder, { recursive: true, force: true });
  });
  const start = async (address) => {
    const context = await profile(folder, tabletOptions);
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(address);
    return { context, page };
  };
  const first = await start(`${gate.url}/k/${o.points.pulse}#pair=${await o.code(o.points.pulse)}`);
  await first.page.locator(".a-go").waitFor();
  const device = await deviceOf(first.page);
  await kept(first.page, `/k/${o.points.pulse}`);
  await first.context.close();

  await gate.shut();
  const second = await start(`${gate.url}/k/${o.points.pulse}`);
  await second.page.locator(".k-off", { hasText: "Mất mạng" }).waitFor();
  await act(second.page, "lang", "en");
  await answer(second.page, "4");
  await second.page.locator(".k-off", { hasText: "1 phiếu chờ gửi" }).waitFor();
  await second.context.close();

  await gate.reopen();
  const third = await start(`${gate.url}/k/${o.points.pulse}`);
  await third.page.locator(".a-go").waitFor();
  await emptied(third.page);
  await third.context.close();
  assert.deepEqual((await rowsOf(device)).map((r) => [r.locale, r.answers]), [["en", { P1: 4 }]]);
});

test("outside opening hours it says so, and takes answers all the same; it opens by itself", bounded, async (t) => {
  const o = await office();
  const { page } = await stand(t);
  const hour = Number(new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit" }).format(new Date()));
  await o.set(o.points.pulse, { hours: hour < 12 ? "22:00-22:30" : "03:00-03:30" });
  t.after(() => o.set(o.points.pulse, { hours: "" }));
  await beat(page);
  await page.locator(".a-closed", { hasText: "Ngoài giờ làm việc" }).waitFor();
  assert.match(await page.locator(".a-closed").innerText(), /(22:00–22:30|03:00–03:30)/);
  await answer(page, "5");
  await page.locator(".a-closed").waitFor();
  // The hour comes; nobody touches the screen.
  await page.evaluate(() => (globalThis.kiosk.kit.settings.hours = ""));
  await beat(page);
  await page.locator(".a-closed").waitFor({ state: "detached" });
});

test("other settings come with the next report, but not under somebody's hands; a closed wave takes no answers", bounded, async (t) => {
  const o = await office();
  await planWave(o.page, server(), { id: "kiosk-end", name: "Đợt thử kiosk", instrument: "pulse@1" });
  await moveWave(o.page, server(), "kiosk-end", "open");
  o.points.ending = await addPoint(o.page, server(), { name: "Quầy thử", wave: "kiosk-end", channel: "kiosk" });
  const { page } = await stand(t, "ending");
  const times = () => page.evaluate(() => globalThis.kiosk.kit.settings);
  assert.equal((await times()).thanks, 8);
  await act(page, "start");
  await on(page, "item");
  await o.set(o.points.ending, { thanks: "11", idle: "44" });
  await beat(page);
  assert.equal(await shown(page), "item");
  assert.equal((await times()).thanks, 8);
  await act(page, "answer", "5");
  await on(page, "thanks");
  await act(page, "done");
  await on(page, "attract");
  await page.waitForFunction(() => globalThis.kiosk.kit.settings.thanks === 11);
  assert.equal((await times()).idle, 44);

  await moveWave(o.page, server(), "kiosk-end", "close");
  await beat(page);
  await page.locator(".a-shut", { hasText: "đã kết thúc" }).waitFor();
  assert.equal(await page.locator(".k-touch, [data-act=phone]").count(), 0);
});

test("the page is kept for a start without a network although fetching it failed before", bounded, async (t) => {
  const o = await office();
  const gate = await Gate.open(server());
  const context = await tablet(browser());
  t.after(async () => {
    await context.close();
    await gate.shut();
  });
  const page = await context.newPage();
  const point = `/k/${o.points.pulse}`;
  await page.goto(`${gate.url}${point}#pair=${await o.code(o.points.pulse)}`);
  await page.locator(".a-go").waitFor();
  await kept(page, point);
  // As if the worker had begun while the page came: it is kept by what the page asks, not by passing through.
  await page.evaluate((p) => caches.keys().then((all) => Promise.all(all.map((c) => caches.open(c).then((cache) => cache.delete(p))))), point);
  gate.cut(4, (req) => req.url === point); // the browser itself tries a few times
  await page.evaluate((keep) => navigator.serviceWorker.controller.postMessage({ keep }), point);
  await kept(page, point);
  assert.equal(gate.cuts.left, 0);
});

test("a new version is taken when nobody answers, and no sooner", bounded, async (t) => {
  const o = await office();
  const gate = await Gate.open(server());
  const context = await tablet(browser());
  t.after(async () => {
    await context.close();
    await gate.shut();
  });
  const page = await context.newPage();
  const point = `/k/${o.points.pulse}`;
  await page.goto(`${gate.url}${point}#pair=${await o.code(o.points.pulse)}`);
  await page.locator(".a-go").waitFor();
  await kept(page, point);
  await page.reload();
  await page.locator(".a-go").waitFor();
  await act(page, "start");
  await on(page, "item");
  gate.change("/sw.js", (text) => text.replace(/sipas-[0-9a-f]{8}/, "sipas-00000002"));
  gate.change(point, (text) => text.replace("<head>", '<head><meta name="version" content="2">'));
  await page.evaluate(() => globalThis.kiosk.line.look());
  await page.waitForFunction(() => globalThis.kiosk.outdated, null, { timeout: 60_000 });
  assert.equal(await shown(page), "item");
  assert.equal(await page.locator("meta[name=version]").count(), 0);
  await act(page, "answer", "5");
  await on(page, "thanks");
  assert.equal(await page.locator("meta[name=version]").count(), 0);
  await act(page, "done");
  await page.locator("meta[name=version]").waitFor({ state: "attached" });
  await page.locator(".a-go").waitFor();
  await emptied(page);
});

test("a dark screen and larger text stay on for one person; who stays is asked again, who leaves leaves nothing", bounded, async (t) => {
  const { page } = await stand(t, "onestop");
  const root = () => page.evaluate(() => [document.documentElement.dataset.contrast, document.documentElement.dataset.text]);
  await act(page, "start");
  await on(page, "item");
  const size = () => page.locator("#q").evaluate((e) => parseFloat(getComputedStyle(e).fontSize));
  const small = await size();
  await act(page, "contrast");
  await act(page, "easier");
  await act(page, "large");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.act), "large");
  await act(page, "close");
  assert.deepEqual(await root(), ["high", "large"]);
  assert.ok((await size()) > small, `${await size()} px`);
  await act(page, "none");
  assert.deepEqual(await root(), ["high", "large"]);

  await idle(page);
  await page.locator("dialog.d-idle[open]").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.dataset.act), "stay", "the safe choice has the focus");
  const at = await page.locator(".prog b").innerText();
  await act(page, "stay");
  assert.equal(await page.locator(".prog b").innerText(), at);
  await idle(page);
  await page.locator("dialog.d-idle[open]").waitFor();
  await page.evaluate(() => (globalThis.kiosk.m.warning.until = Date.now() + 9900));
  await page.waitForFunction(() => /10/.test(document.getElementById("now").textContent));
  await act(page, "leave");
  await on(page, "thanks");
  await act(page, "done");
  await on(page, "attract");
  assert.deepEqual(await root(), ["", ""]);
  await act(page, "start");
  await breath(page);
  assert.equal(await page.locator("[data-act=back]").count(), 0, "there is no way back to the last one's answers");
  assert.equal(await page.locator(".tile.on").count(), 0);
});
