// Every page, in both languages: axe-core finds nothing on a phone and on an office screen, nothing has to be pushed
// sideways on any screen, the console stays silent and the content policy refuses nothing.
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

for (const lang of ["vi", "en"]) {
  for (const as of [undefined, "admin", "manager", "auditor"]) {
    test(`pages of ${as ?? "citizens"}, ${lang}`, { timeout: 600_000 }, async (t) => {
      const locale = lang === "vi" ? "vi-VN" : "en-GB";
      let session;
      if (as) {
        const context = await desk(browser, { locale });
        await login(await context.newPage(), server, as);
        session = await context.storageState();
        await context.close();
      }
      for (const what of [...citizenPages, ...staffPages].filter((p) => p.as === as)) {
        await t.test(what.name, { timeout: 60_000 }, async (t) => {
          const context = await desk(browser, { locale, storageState: session });
          t.after(() => context.close());
          const page = await context.newPage();
          // What the page's own answer is, the browser tells its console too.
          const wrong = complaints(page, { but: /status of (404|410|422|401|503)/ });
          await page.setViewportSize(screens[360]);
          await visit(page, what, world);
          const faults = [];
          const keep = (err) => faults.push(err.message);
          if (what.name !== "poster") assert.equal(await page.locator("html").getAttribute("lang"), lang);
          for (const size of [320, 360, 768, 1440]) {
            await page.setViewportSize(screens[size]);
            await noSidewaysScroll(page).catch(keep);
            if (size === 360 || size === 1440) await noViolations(page).catch(keep);
          }
          assert.deepEqual(faults, []);
          assert.deepEqual(wrong, []);
        });
      }
    });
  }
}
