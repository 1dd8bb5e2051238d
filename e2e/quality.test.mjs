// A manager lets a response count that the rules had set aside: the figure follows, and the page keeps who decided and why.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complaints, desk, noSidewaysScroll, screens, sharedBrowser } from "./browser.mjs";
import { sharedServer } from "./server.mjs";
import { login } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();

test("releasing a response changes the index and its n, and the history shows it", { timeout: 90_000 }, async (t) => {
  const context = await desk(browser());
  const page = await context.newPage();
  const wrong = complaints(page);
  t.after(() => context.close());
  await login(page, server(), "manager");
  const figures = async () => {
    await page.goto(`${server().url}/app/units/qn.p-uong-bi?wave=pulse&period=all`);
    const states = page.locator("#quality data[data-state]");
    return {
      n: Number(await page.locator("[data-figure=n]").first().getAttribute("value")),
      overall: await page.locator("[data-figure=overall]").first().innerText(),
      ...Object.fromEntries(await states.evaluateAll((all) => all.map((d) => [d.dataset.state, Number(d.value)]))),
    };
  };
  const before = await figures();
  assert.ok(before.quarantined > 0, "the demo has set nothing aside");
  await page.setViewportSize(screens[360]);
  await page.goto(`${server().url}/app/quality?wave=pulse&state=quarantined`);
  await page.locator(".t-sus tbody a").first().click();
  await page.locator("#f-note").fill("Đã xem camera: một cháu nhỏ bấm, người lớn đã bấm lại.");
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Tính lại" }).click();
  await page.getByRole("status").filter({ hasText: "Đã tính lại" }).waitFor();
  const history = page.locator(".hist li");
  assert.equal(await history.count(), 2);
  assert.match(await history.first().innerText(), /manager[\s\S]*một cháu nhỏ bấm/);
  const after = await figures();
  assert.equal(after.n, before.n + 1);
  assert.equal(after.counted, before.counted + 1);
  assert.equal(after.quarantined, before.quarantined - 1);
  assert.notEqual(after.overall, before.overall);
  assert.deepEqual(wrong, []);
});
