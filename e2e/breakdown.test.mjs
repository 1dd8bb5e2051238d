// Groups of people beside each other: a figure leads to what it was computed from. Whether figures are right is tested in
// figures_counted.test.mjs, how the page fits in panels.test.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complaints, desk, sharedBrowser } from "./browser.mjs";
import { sharedServer } from "./server.mjs";
import { login } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const bounded = { timeout: 120_000 };

test("a figure leads to its counts and its file", bounded, async () => {
  const context = await desk(browser());
  const page = await context.newPage();
  const wrong = complaints(page);
  await login(page, server(), "admin");
  const address = `${server().url}/app/breakdown?wave=moha-2023&by=gender`;
  await page.goto(address);
  const percent = await page.locator('tr[data-group="f"] .big-n').innerText();
  await page.locator('tr[data-group="f"] .big-n a').click();
  await page.waitForURL(/explain.*group=f/);
  assert.ok((await page.locator("[data-figure=explained]").innerText()).startsWith(percent.slice(0, 2)));
  const file = await page.request.get(await page.locator('main a[href^="/app/explain.csv"]').evaluate((a) => a.href));
  assert.match(await file.text(), /S39,5,1,\d+/);
  await context.close();
  assert.deepEqual(wrong, []);
});
