// Every page: axe-core finds nothing, nothing has to be pushed sideways on any screen, the console stays silent and the
// content policy refuses nothing. Citizens' pages in every language, staff pages in the two that are complete.
import assert from "node:assert/strict";
import { test } from "node:test";
import { noViolations } from "./axe.mjs";
import { complaints, desk, launch, noSidewaysScroll, screens } from "./browser.mjs";
import { citizenPages, prepare, staffPages, visit } from "./pages.mjs";
import { Server } from "./server.mjs";
import { login } from "./staff.mjs";

let server, browser, world;

// One hook, for hooks do not wait for each other.
test.before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  world = await prepare(server, browser);
});

test.after(async () => {
  await browser?.close();
  await server?.stop();
});

// axe takes longer than all else together, so it looks once at each page in each language: on a phone in one and on an
// office screen in the other, since a page's layout is the same in both.
const languages = {
  vi: { locale: "vi-VN", axe: 360, staff: true },
  en: { locale: "en-GB", axe: 1440, staff: true },
  zh: { locale: "zh-CN", axe: 360, staff: false }, // staff read Vietnamese or English; a machine wrote the rest
};

for (const [lang, { locale, axe, staff }] of Object.entries(languages)) {
  for (const as of [undefined, ...(staff ? ["admin", "manager", "auditor"] : [])]) {
    test(`pages of ${as ?? "citizens"}, ${lang}`, { timeout: 600_000 }, async (t) => {
      const context = await desk(browser, { locale, viewport: screens[360] });
      t.after(() => context.close());
      if (as) await login(await context.newPage(), server, as);
      for (const what of [...citizenPages, ...staffPages].filter((p) => p.as === as)) {
        await t.test(what.name, { timeout: 60_000 }, async () => {
          // A form keeps answers in the browser: every citizen has one of the own.
          const own = as ? context : await desk(browser, { locale, viewport: screens[360] });
          const page = await own.newPage();
          try {
            assert.deepEqual(await faultsOf(page, what, lang, axe), []);
          } finally {
            await (as ? page : own).close();
          }
        });
      }
    });
  }
}

// All that is wrong with a page, on every screen.
async function faultsOf(page, what, lang, axe) {
  const faults = [];
  const keep = (err) => faults.push(err.message);
  // What the page's own answer is, the browser tells its console too.
  const wrong = complaints(page, { but: /status of (404|410|422|401|503)/ });
  await visit(page, what, world);
  if (what.name !== "poster") assert.equal(await page.locator("html").getAttribute("lang"), lang);
  for (const size of [320, 360, 768, 1440]) {
    await page.setViewportSize(screens[size]);
    await noSidewaysScroll(page).catch(keep);
    if (size === axe) await noViolations(page).catch(keep);
  }
  return [...faults, ...wrong];
}
