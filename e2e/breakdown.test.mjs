// Groups of people beside each other: a figure leads to what it was computed from, and the page fits every screen. Whether the
// figures are right is tested in figures_counted.test.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complaints, desk, screens, sharedBrowser } from "./browser.mjs";
import { sharedServer } from "./server.mjs";
import { login } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const bounded = { timeout: 120_000 };

test("a figure leads to its counts and its file, and the page fits every screen", bounded, async () => {
  const context = await desk(browser());
  const page = await context.newPage();
  const wrong = complaints(page);
  await login(page, server(), "admin");
  const address = `${server().url}/app/breakdown?wave=moha-2023&by=gender`;
  for (const width of [320, 360, 768, 1440]) {
    await page.setViewportSize(screens[width]);
    for (const lang of ["vi", "en"]) {
      await page.goto(`${address}&lang=${lang}`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${lang} ${width}`);
    }
  }
  const percent = await page.locator('tr[data-group="f"] .big-n').innerText();
  await page.locator('tr[data-group="f"] .big-n a').click();
  await page.waitForURL(/explain.*group=f/);
  assert.ok((await page.locator("[data-figure=explained]").innerText()).startsWith(percent.slice(0, 2)));
  const file = await page.request.get(await page.locator('main a[href^="/app/explain.csv"]').evaluate((a) => a.href));
  assert.match(await file.text(), /S39,5,1,\d+/);
  await context.close();
  assert.deepEqual(wrong, []);
});
