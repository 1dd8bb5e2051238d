// The kinds of charts that no page of the demo shows yet, from the figures that the template makes of made-up rows.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { noViolations } from "./axe.mjs";
import { complaints, desk, noSidewaysScroll, screens, sharedBrowser } from "./browser.mjs";
import { sharedServer } from "./server.mjs";
import { login } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const figure = (kind) => readFileSync(new URL(`../internal/web/testdata/chart_${kind}.html`, import.meta.url), "utf8");

for (const kind of ["quadrant", "slope"]) {
  for (const width of [360, 768, 1440]) {
    test(`${kind} at ${width} px`, { timeout: 60_000 }, async (t) => {
      const context = await desk(browser(), { viewport: screens[width] });
      t.after(() => context.close());
      const page = await context.newPage();
      const wrong = complaints(page);
      await login(page, server(), "admin");
      // The dashboard with its own policy and scripts, and this figure in the place of the trend.
      await page.route("**/app?wave=moha-2023", async (route) => {
        const answer = await route.fetch();
        const body = (await answer.text()).replace(/<figure class="fig chart[^]*?<\/figure>/, () => figure(kind));
        await route.fulfill({ response: answer, body });
      });
      await page.goto(`${server().url}/app?wave=moha-2023`);
      await page.locator(`#${kind}[data-drawn]`).waitFor();
      const rows = await page.locator(`#${kind} tbody tr`).evaluateAll((list) => list.map((r) => r.querySelector(".big-n").textContent.trim()));
      const told = await page.locator(`#${kind} .c-points circle`).evaluateAll((cs) => cs.map((c) => c.getAttribute("aria-label")));
      assert.equal(told.length, rows.length);
      rows.forEach((value, i) => assert.ok(told[i].includes(value), `${told[i]} does not say ${value}`));
      const boxes = await page.locator(`#${kind} .c-words text`).evaluateAll((ts) => ts.map((x) => ({ text: x.textContent, ...x.getBoundingClientRect().toJSON() })));
      for (const [i, a] of boxes.entries()) {
        assert.ok(a.left >= -1 && a.right <= width + 1, `${a.text} leaves the page`);
        for (const b of boxes.slice(i + 1)) {
          assert.ok(a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 6 || b.bottom <= a.top + 6, `${a.text} covers ${b.text}`);
        }
      }
      if (process.env.SIPAS_LOOK) await page.locator(`#${kind}`).screenshot({ path: `${process.env.SIPAS_LOOK}/${kind}-${width}.png` });
      await noSidewaysScroll(page);
      await noViolations(page);
      assert.deepEqual(wrong, []);
    });
  }
}
