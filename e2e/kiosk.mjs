// What staff do to set a kiosk up, and what a citizen does at one.
import assert from "node:assert/strict";
import { complaints, desk, screens } from "./browser.mjs";
import { login } from "./staff.mjs";

/** A 10-inch tablet both ways round, and a phone that stands in for one. */
export const stands = { landscape: { width: 1280, height: 800 }, portrait: { width: 800, height: 1280 }, phone: screens[360] };

/** What a tablet at a counter is: a touch screen, in Vietnamese. */
export const tabletOptions = { viewport: stands.landscape, deviceScaleFactor: 1, hasTouch: true, locale: "vi-VN", timezoneId: "Asia/Ho_Chi_Minh" };

/** A tablet at a counter. */
export function tablet(browser, more = {}) {
  return browser.newContext({ ...tabletOptions, ...more });
}

/** The desk of an administrator who looks after kiosks. */
export class Office {
  /** Signs in, and sets a PIN and no response interval at the points of two questionnaires: .points.pulse and .points.onestop. */
  static async open(server, browser) {
    const office = Object.assign(new Office(), { server, browser, page: await (await desk(browser)).newPage() });
    await login(office.page, server, "admin");
    office.points = { pulse: await server.point("pulse@1"), onestop: await server.point("onestop@1") };
    for (const point of Object.values(office.points)) await office.set(point, { interval: "0", pin: "2468" });
    return office;
  }

  /** Writes settings of a point. hours: on the first line of its own hours, and closed on other days. */
  async set(point, { hours, sound, ...values }) {
    const { page } = this;
    await page.goto(`${this.server.url}/app/settings?point=${point}`);
    if (hours != null) {
      await page.locator(`input[name=mode][value=${hours ? "own" : "inherit"}]`).check();
      for (const line of await page.locator(".hours input").all()) await line.fill(hours);
    }
    if (sound) await page.locator("#f-sound").selectOption(sound);
    for (const [name, value] of Object.entries(values)) await page.locator(`#f-${name}`).fill(value);
    await page.locator("main form.sheet button").click();
    await page.waitForLoadState();
  }

  code(point) {
    return pairingCode(this.page, this.server, point);
  }

  async revoke(device) {
    await this.page.goto(`${this.server.url}/app/devices/${device}/revoke`);
    await this.page.locator("main form button").click();
    await this.page.waitForLoadState();
  }

  /** A tablet of its own, paired with a point: its page, and what goes wrong there. */
  async stand(which, options) {
    const context = await tablet(this.browser, options);
    const page = await context.newPage();
    const bad = complaints(page, { but: /Failed to load resource|ERR_INTERNET_DISCONNECTED|request:/ });
    await pair(page, this.server, await this.code(this.points[which]));
    return { context, page, bad };
  }
}

/** What the tablet's outbox counts. */
export const status = (page) => page.evaluate(() => globalThis.kiosk.box.status());

/** The name under which the server knows the tablet. */
export const deviceOf = (page) => page.evaluate(async () => (await globalThis.kiosk.box.device()).device);

/** Waits until nothing waits, and nothing was refused. */
export async function emptied(page) {
  for (const end = Date.now() + 60_000; Date.now() < end; await page.waitForTimeout(200)) {
    const s = await status(page);
    if (s.queue === 0) return assert.equal(s.shelf, 0, JSON.stringify(await page.evaluate(() => globalThis.kiosk.box.shelf())));
  }
  assert.fail(`still waiting: ${JSON.stringify(await status(page))}`);
}

/** Waits until an asynchronous question to the page is answered with yes; the page may go elsewhere meanwhile. */
export async function until(page, f, arg) {
  for (const end = Date.now() + 60_000; Date.now() < end; await page.waitForTimeout(100)) {
    if (await page.evaluate(f, arg).catch(() => false)) return;
  }
  assert.fail(`never true: ${f}`);
}

/** Waits until the service worker has kept something and works for this page. */
export const kept = (page, path) => until(page, async (p) => navigator.serviceWorker.controller && !!(await caches.match(p)), path);

/** Nobody has touched the screen for a minute: the clock is moved, not waited for. */
export const idle = (page) => page.evaluate(() => (globalThis.kiosk.m.touched -= 60_000));

/** The minute's report to the server, now. */
export const beat = (page) => page.evaluate(() => globalThis.kiosk.line.beat());

/**
 * A pairing code, made by an administrator who is signed in on page.
 * @returns {Promise<string>}
 */
export async function pairingCode(page, server, point, name = "Máy bảng quầy 1") {
  await page.goto(`${server.url}/app/devices/new`);
  await page.locator("#f-point").selectOption(point);
  await page.locator("#f-name").fill(name);
  await page.locator("main form.sheet button").click();
  return (await page.locator("[data-code]").getAttribute("data-code", { timeout: 4000 })).trim();
}

/** Types a code on the screen's own pad. */
export async function typeCode(page, code) {
  for (const c of code) await page.locator(`.key[value="${c}"]`).tap();
}

/** Pairs a tablet with a code and waits for the attract screen. */
export async function pair(page, server, code) {
  await page.goto(`${server.url}/k/`);
  await page.locator(".pad").waitFor();
  await typeCode(page, code);
  await page.locator(".a-go").waitFor();
}

/** The name of the screen that is shown. */
export const shown = (page) => page.evaluate(() => document.getElementById("kiosk").className.replace("k-screen on-", ""));

/** Waits for a screen. */
export async function on(page, name) {
  await page.locator(`#kiosk.on-${name}`).waitFor();
}

/** Presses so soon after a new screen are half of a double tap, and ignored: people are slower. */
export const breath = (page) => page.waitForTimeout(280);

/** Presses something by what it does. */
export async function act(page, name, value) {
  await breath(page);
  await page.locator(`[data-act=${name}]${value == null ? "" : `[value="${value}"]`}:visible`).first().tap();
}
