// A whole day of a kiosk in a real browser, against the real server.
import assert from "node:assert/strict";
import { test } from "node:test";
import { noViolations } from "./axe.mjs";
import { noSidewaysScroll, sharedBrowser } from "./browser.mjs";
import { Office, act, breath, deviceOf, emptied, idle, on, stands } from "./kiosk.mjs";
import { sharedServer } from "./server.mjs";

const server = sharedServer();
const browser = sharedBrowser();
let office;

// The shared server and browser are there once the first test runs.
const stand = async (which) => (await (office ??= Office.open(server(), browser()))).stand(which);

// Answers the pulse form; low answers give a reason and no comment.
async function citizen(page, lang, value) {
  await on(page, "attract");
  if (lang !== "vi") await act(page, "lang", lang);
  await act(page, "start");
  await on(page, "item");
  await act(page, "answer", value);
  const given = { P1: Number(value) };
  if (value <= 2) {
    await page.locator("[data-act=toggle]").first().waitFor();
    await act(page, "toggle", "waiting");
    await act(page, "next");
    await on(page, "comment");
    await act(page, "next");
    given.W1 = ["waiting"];
  }
  await on(page, "thanks");
  await act(page, "done");
  return { locale: lang, answers: given };
}

test("a day: thirty citizens, idle ones, no network, a reload, and the way out", { timeout: 300_000 }, async () => {
  const { context, page, bad } = await stand("pulse");
  const want = [];
  for (let i = 0; i < 30; i++) {
    if (i === 10) await context.setOffline(true);
    if (i === 14) await page.waitForTimeout(100);
    if (i === 18) {
      await context.setOffline(false);
      await page.reload();
      await page.locator(".a-go").waitFor();
    }
    want.push(await citizen(page, ["vi", "en", "zh"][i % 3], String((i % 5) + 1)));
  }
  // One begins, says why, and walks away: the clock is moved, not waited for.
  await act(page, "start");
  await act(page, "answer", "1");
  await page.locator("[data-act=toggle]").first().waitFor();
  await idle(page);
  await page.locator("dialog.d-idle").waitFor();
  await page.evaluate(() => (globalThis.kiosk.m.warning.until = 0));
  await on(page, "attract");
  await emptied(page);

  const device = await deviceOf(page);
  const rows = (await server().responses("pulse")).filter((r) => r.device === device);
  const whole = rows.filter((r) => r.state !== "partial").sort((a, b) => a.device_seq - b.device_seq);
  assert.deepEqual(whole.map((r) => ({ locale: r.locale, answers: r.answers })), want);
  const partial = rows.filter((r) => r.state === "partial");
  assert.deepEqual(partial.map((r) => r.answers), [{ P1: 1 }]);
  assert.deepEqual(rows.map((r) => r.device_seq).sort((a, b) => a - b), Array.from({ length: 31 }, (_, i) => i + 1));

  for (let i = 0; i < 5; i++) await page.locator(".k-corner").tap();
  await page.locator("dialog.d-pin").waitFor();
  await noViolations(page);
  for (const c of "1357!") await page.locator(`dialog .key[value="${c}"]`).tap();
  await page.locator("dialog .k-warn:not(:empty)").waitFor();
  for (const c of "2468!") await page.locator(`dialog .key[value="${c}"]`).tap();
  await page.locator("dialog.d-staff").waitFor();
  await noViolations(page);
  await page.locator("dialog [data-act=unpair]").tap();
  await page.locator("dialog [data-act=unpair-yes]").tap();
  await page.locator(".pad").waitFor();
  assert.deepEqual(bad, []);
  await context.close();
});

test("without a network thanks never say that the answer was received", async () => {
  const { context, page } = await stand("pulse");
  await context.setOffline(true);
  await act(page, "start");
  await act(page, "answer", "5");
  await page.locator("h1", { hasText: "Đã lưu trên máy này" }).waitFor();
  assert.ok(!(await page.locator("#main").innerText()).includes("Đã nhận"));
  await page.locator(".k-off", { hasText: "1 phiếu chờ gửi" }).waitFor();
  await noViolations(page);
  await context.setOffline(false);
  await emptied(page);
  await context.close();
});

test("every screen is accessible in every language, and fits every stand", { timeout: 240_000 }, async () => {
  const { context, page } = await stand("onestop");
  const look = async () => {
    await noViolations(page);
    for (const size of Object.values(stands)) {
      await page.setViewportSize(size);
      await noSidewaysScroll(page);
    }
    await page.setViewportSize(stands.landscape);
  };
  for (const lang of ["vi", "en", "zh"]) {
    await on(page, "attract");
    await act(page, "lang", lang);
    assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
    await look();
    await act(page, "phone");
    await look();
    await act(page, "close");
    await act(page, "start");
    await on(page, "item");
    await look();
    await act(page, "contrast");
    await look();
    await act(page, "easier");
    await look();
    await act(page, "close");
    await idle(page);
    await page.locator("dialog.d-idle").waitFor();
    await look();
    await act(page, "stay");
    await act(page, "finish");
    await on(page, "attract");
  }
  await context.close();
});

test("a keyboard is enough, and the heading of each statement has the focus", async () => {
  const { context, page } = await stand("pulse");
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.dataset.act);
  await page.locator(".k-touch").focus();
  await breath(page);
  await page.keyboard.press("Enter");
  await on(page, "item");
  assert.equal(await focused(), "q");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.evaluate(() => document.activeElement.value), "1");
  for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowRight");
  assert.equal(await page.evaluate(() => document.activeElement.value), "5");
  await breath(page);
  await page.keyboard.press("Enter");
  await on(page, "thanks");
  assert.equal(await focused(), "q");
  await context.close();
});

// Taps an answer five times, and before each lets an empty frame go by: {taps, frames, cpu}, in ms; cpu is the work of the
// page's thread for each tap, whatever else the machine does.
async function fiveTaps(page, cdp) {
  await act(page, "start");
  await on(page, "item");
  const worked = async () => (await cdp.send("Performance.getMetrics")).metrics.find((m) => m.name === "TaskDuration").value * 1000;
  const before = await worked();
  const [taps, frames] = [[], []];
  for (let i = 0; i < 5; i++) {
    await page.waitForTimeout(600);
    const [frame, tap] = await page.evaluate(async () => {
      const painted = (f) => new Promise((done) => {
        const from = performance.now();
        f?.();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - from))); // after the frame is painted
      });
      const tile = document.querySelector("[data-act=answer]") ?? document.querySelector("[data-act=none]");
      return [await painted(), await painted(() => tile.click())];
    });
    taps.push(tap);
    frames.push(frame);
  }
  const cpu = ((await worked()) - before) / 5;
  await act(page, "finish");
  await on(page, "attract");
  return { taps, frames, cpu };
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const words = (list) => list.map((n) => n.toFixed(0)).join(", ");

// On a machine that is busy with other things the clock says little, so it is read up to six times; where even an empty
// frame takes more than two frames' time, what counts is the work: six times what the page's thread does for one tap.
test("a tap shows the next screen within 100 ms on a processor six times slower", { timeout: 180_000 }, async (t) => {
  const { context, page } = await stand("onestop");
  const cdp = await context.newCDPSession(page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  let cpu = Infinity; // others on the machine make work look longer, never shorter
  for (let i = 0; i < 3 && 6 * cpu > 100; i++) cpu = Math.min(cpu, (await fiveTaps(page, cdp)).cpu);
  t.diagnostic(`work for a tap: ${cpu.toFixed(1)} ms, six times slower ${(6 * cpu).toFixed(0)} ms`);
  assert.ok(cpu > 0 && 6 * cpu <= 100, `the work for a tap takes ${6 * cpu} ms`);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 6 });
  const said = [];
  for (let i = 0; i < 6; i++) {
    const { taps, frames } = await fiveTaps(page, cdp);
    said.push({ tap: median(taps), frame: median(frames) });
    t.diagnostic(`tap to next screen at 6×: ${words(taps)} ms; an empty frame: ${words(frames)} ms`);
    if (median(taps) <= 100) break;
  }
  const quiet = said.filter(({ frame }) => frame <= 34);
  assert.ok(said.at(-1).tap <= 100 || !quiet.length, `${words(said.map((s) => s.tap))} ms, though an empty frame took ${words(said.map((s) => s.frame))} ms`);
  await context.close();
});
