// What staff do through their pages before a test can look at them.
import assert from "node:assert/strict";
import { complaints, desk } from "./browser.mjs";

/**
 * Logs in through the login page.
 * @param {import("playwright-core").Page} page
 * @param {import("./server.mjs").Server} server
 * @param {"admin" | "manager" | "auditor"} user one of the demo's accounts
 */
export async function login(page, server, user) {
  await page.goto(`${server.url}/login`);
  await page.locator("input[name=user]").fill(user);
  await page.locator("input[name=password]").fill(server.password);
  await page.locator("main form button:visible").first().click();
  await page.waitForURL(/\/app/);
}

/**
 * Plans a wave, as an administrator does, and leaves it a draft.
 * @param {import("playwright-core").Page} page where an administrator is signed in
 * @param {import("./server.mjs").Server} server
 * @param {{id: string, name: string, instrument: string, design?: string, unit?: string}} wave
 */
export async function planWave(page, server, { id, name, instrument, design = "continuous", unit = "qn" }) {
  await page.goto(`${server.url}/app/waves`);
  await page.locator('main a[href="/app/waves/new"]').click();
  await page.locator("#f-name").fill(name);
  await page.locator("#f-id").fill(id);
  await page.locator(`input[name=instrument][value="${instrument}"]`).check();
  await page.locator(`input[name=design][value=${design}]`).check();
  await page.locator("#f-units").selectOption(unit);
  await page.locator("main form.sheet button").click();
  await page.waitForURL(`**/app/waves/${id}?said=wave`);
}

/**
 * Moves a wave on by one state, by its own button.
 * @param {"open" | "close" | "publish"} step
 */
export async function moveWave(page, server, id, step) {
  await page.goto(`${server.url}/app/waves/${id}`);
  await page.locator(`main a[href="/app/waves/${id}/${step}"]`).click();
  await page.locator("main form button").click();
  await page.waitForURL(new RegExp(`/app/waves/${id}\\?said=`));
}

/**
 * Adds a point to a wave.
 * @param {{name: string, wave: string, unit?: string, channel?: string}} point
 * @returns {Promise<string>} its code, as the page shows it
 */
export async function addPoint(page, server, { name, wave, unit = "qn.p-uong-bi", channel = "qr" }) {
  await page.goto(`${server.url}/app/points`);
  await page.locator('main a[href="/app/points/new"]').first().click();
  await page.locator("#f-name").fill(name);
  await page.locator("#f-wave").selectOption(wave);
  await page.locator("#f-unit").selectOption(unit);
  await page.locator("#f-channel").selectOption(channel);
  await page.locator("main form.sheet button").click();
  await page.waitForURL(/\/app\/points\?said=point/);
  return page.locator("#chosen .sub .code").innerText();
}

/**
 * A page for each language where somebody is signed in, for all tests of a file: signing in takes longer than most of them.
 * @returns {(lang: "vi" | "en") => Promise<import("playwright-core").Page>} its complaints are emptied by quiet
 */
export function sharedSheets(server, browser, user = "admin") {
  const sheets = {};
  const open = async (lang) => {
    const context = await desk(browser(), { locale: { vi: "vi-VN", en: "en-GB" }[lang] });
    const page = await context.newPage();
    page.wrong = complaints(page);
    await login(page, server(), user);
    return page;
  };
  return (lang) => (sheets[lang] ??= open(lang));
}

/** Fails with what a shared page complained of since the last time. */
export const quiet = (page) => assert.deepEqual(page.wrong.splice(0), []);
