// What staff do to set a kiosk up, and what a citizen does at one.
import { screens } from "./browser.mjs";

/** A 10-inch tablet both ways round, and a phone that stands in for one. */
export const stands = { landscape: { width: 1280, height: 800 }, portrait: { width: 800, height: 1280 }, phone: screens[360] };

/** A touch screen at a counter, in Vietnamese. */
export function tablet(browser, more = {}) {
  return browser.newContext({ viewport: stands.landscape, deviceScaleFactor: 1, hasTouch: true, locale: "vi-VN", timezoneId: "Asia/Ho_Chi_Minh", ...more });
}

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
