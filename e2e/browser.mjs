// Debian's Chromium, driven by playwright-core. No test downloads a browser.
import { test } from "node:test";
import { chromium } from "playwright-core";

const executablePath = process.env.SIPAS_CHROMIUM ?? "/usr/bin/chromium";

// Root cannot use Chromium's sandbox; the other flags keep it from calling its maker's servers.
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The screens everything is looked at on: an old phone, a common phone, a tablet, an office screen. */
export const screens = {
  320: { width: 320, height: 568 },
  360: { width: 360, height: 740 },
  768: { width: 768, height: 1024 },
  1440: { width: 1440, height: 900 },
};

/** A browser of its own; close() ends it. */
export function launch() {
  return chromium.launch({ executablePath, args });
}

/** A browser that keeps its data in a folder, so that it can be started again where it ended; close() ends it. */
export function profile(folder, options) {
  return chromium.launchPersistentContext(folder, { executablePath, args, ...options });
}

/**
 * What a citizen holds: a 360 px touch screen set to Vietnamese.
 * @param {import("playwright-core").Browser} browser
 * @param {import("playwright-core").BrowserContextOptions} [more] overrides
 */
export function phone(browser, more = {}) {
  return browser.newContext({
    viewport: screens[360],
    deviceScaleFactor: 1,
    hasTouch: true,
    isMobile: true,
    locale: "vi-VN",
    timezoneId: "Asia/Ho_Chi_Minh",
    serviceWorkers: "block", // requests that pass through one cannot be held up by a test; its own tests allow it
    ...more,
  });
}

/** What a manager or auditor sits at: 1440 px, a mouse, Vietnamese. */
export function desk(browser, more = {}) {
  return browser.newContext({
    viewport: screens[1440],
    deviceScaleFactor: 1,
    locale: "vi-VN",
    timezoneId: "Asia/Ho_Chi_Minh",
    serviceWorkers: "block", // as on a phone
    ...more,
  });
}

/**
 * Notes what a page says went wrong: script errors, refusals by the content policy, failed requests.
 * The returned list stays empty on a healthy page. Call it before the page goes anywhere.
 * @param {import("playwright-core").Page} page
 * @param {{but?: RegExp}} [what] but: a message that the test itself provokes
 * @returns {string[]}
 */
export function complaints(page, { but } = {}) {
  const list = [];
  const note = (text) => but?.test(text) || /Service Worker registration blocked/.test(text) || list.push(text);
  page.on("pageerror", (err) => note(`script: ${err.message}`));
  page.on("console", (msg) => {
    if (msg.type() === "error" || msg.type() === "warning") note(`console: ${msg.text()} (${msg.location().url})`);
  });
  page.on("requestfailed", (req) => {
    // A download or a navigation that replaced another is not a failure.
    if (req.failure()?.errorText !== "net::ERR_ABORTED") note(`request: ${req.url()} ${req.failure()?.errorText}`);
  });
  // The console tells of most refusals, the event of all. Commands to the browser keep their order, so that this
  // one is in force before the page goes anywhere.
  page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (e) => {
      console.error(`content policy: ${e.effectiveDirective} refused ${e.blockedURI} at ${e.sourceFile}:${e.lineNumber} ${e.sample}`);
    });
  }).catch((err) => note(`init: ${err.message}`));
  return list;
}

/**
 * Fails when the page is wider than its window: nobody should have to push a page sideways.
 * @param {import("playwright-core").Page} page
 */
export async function noSidewaysScroll(page) {
  const wide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? `${scrollWidth} px in a window of ${clientWidth} px` : "";
  });
  if (wide) throw new Error(`${page.url()} scrolls sideways: ${wide}`);
}

/** One browser for every test of a file: the returned function gives it once the tests run. */
export function sharedBrowser() {
  let browser;
  test.before(async () => {
    browser = await launch();
  });
  test.after(async () => {
    await browser?.close();
  });
  return () => browser;
}
