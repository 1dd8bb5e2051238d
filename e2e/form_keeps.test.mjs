// Nothing a citizen has answered is lost: by a refresh, the back button, another language, a dead network or a
// second tap. And the form stays small enough for a bad network, and can be filled with a keyboard.
import assert from "node:assert/strict";
import { test } from "node:test";
import { noViolations } from "./axe.mjs";
import { complaints, phone, sharedBrowser } from "./browser.mjs";
import { thanked } from "./citizen.mjs";
import { sharedServer } from "./server.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const api = "**/api/v1/responses";
const bounded = { timeout: 90_000 };

/** Opens a form at its first question. */
async function begin(t, instrument = "onestop@1", more = {}) {
  const context = await phone(browser(), more);
  t.after(() => context.close());
  const page = await context.newPage();
  const url = `${server().url}/s/${await server().point(instrument)}`;
  await page.goto(url);
  await page.locator("label.tick").tap();
  await page.locator("main .btn").tap();
  await at(page, 1);
  return { page, url, context };
}

const at = (page, n) => page.locator(".prog b", { hasText: new RegExp(`^(Câu|Question) ${n} `) }).waitFor();
const tap = (page, nth = 0) => page.locator("main button.ans:visible").nth(nth).tap();
const chosen = (page) => page.locator("button.ans.on").getAttribute("value");

/** Answers with the second answer until only the comment is left. */
async function toTheEnd(page) {
  while (!(await page.locator("#send").isVisible())) {
    const before = await page.locator(".prog b").innerText();
    await tap(page, 1);
    await page.waitForFunction((b) => document.querySelector(".prog b").innerText !== b, before);
  }
}

test("a refresh, the back button and another language keep the answers", bounded, async (t) => {
  const { page } = await begin(t);
  await tap(page, 1);
  await at(page, 2);
  await tap(page, 2);
  await at(page, 3);
  await page.reload();
  await at(page, 3);
  await page.goBack();
  await at(page, 2);
  assert.equal(await chosen(page), await page.locator("button.ans").nth(2).getAttribute("value"));
  await page.locator('header .link[value="lang:en"]').tap();
  await page.locator("html[lang=en]").waitFor();
  await at(page, 2);
  await page.locator("[data-go=back]").tap();
  await at(page, 1);
  assert.equal(await chosen(page), await page.locator("button.ans").nth(1).getAttribute("value"));
  await page.locator("[data-go=keep]").tap();
  await at(page, 2);
});

test("who comes back by the code finds the answers, and a sent form is forgotten", bounded, async (t) => {
  const { page, url } = await begin(t);
  await tap(page, 1);
  await at(page, 2);
  await page.goto(url);
  await page.locator("label.tick").tap();
  await page.locator("main .btn").tap();
  await at(page, 2);
  await page.locator(".note", { hasText: "làm dở" }).waitFor();
  await noViolations(page);
  await toTheEnd(page);
  await page.locator("#send").tap();
  await page.locator("[data-receipt]").waitFor();
  assert.equal(await page.evaluate(() => localStorage.length), 0);
});

test("the next person on the same device can begin anew", bounded, async (t) => {
  const { page, url } = await begin(t);
  await tap(page, 1);
  await at(page, 2);
  await page.goto(`${url}?consent=1&all=1`);
  await page.locator("[data-go=afresh]").tap();
  await at(page, 1);
  assert.equal(await page.locator("button.ans.on").count(), 0);
});

test("a device that stores nothing keeps the answers through another language", bounded, async (t) => {
  const context = await phone(browser());
  t.after(() => context.close());
  const page = await context.newPage();
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("no", "QuotaExceededError");
    };
  });
  await page.goto(`${server().url}/s/${await server().point("onestop@1")}?consent=1&all=1`);
  await at(page, 1);
  await tap(page, 1);
  await at(page, 2);
  await page.locator('header .link[value="lang:en"]').tap();
  await page.locator("html[lang=en]").waitFor();
  await page.locator(".prog b", { hasText: /Question/ }).waitFor();
  await page.locator("[data-go=back]").tap();
  await at(page, 1);
  assert.equal(await chosen(page), await page.locator("button.ans").nth(1).getAttribute("value"));
});

test("the second tap of a double tap answers nothing", bounded, async (t) => {
  const { page } = await begin(t);
  await page.locator("main button.ans:enabled").nth(1).waitFor();
  const box = await page.locator("main button.ans").nth(1).boundingBox();
  for (let i = 0; i < 2; i++) await page.touchscreen.tap(box.x + 20, box.y + 20);
  await at(page, 2);
  await page.locator("main button.ans:enabled").first().waitFor();
  assert.match(await page.locator(".prog b").innerText(), / 2 /);
});

test("without a network the form says so, waits and sends once", bounded, async (t) => {
  const { page, context } = await begin(t);
  await toTheEnd(page);
  const bodies = [];
  await page.route(api, (route) => {
    bodies.push(route.request().postData());
    return bodies.length <= 2 ? route.abort("connectionfailed") : route.continue();
  });
  await page.locator("#send").tap();
  await page.locator(".note", { hasText: "giữ trên máy này" }).waitFor();
  await noViolations(page);
  await page.locator("#send").tap(); // impatient: tries at once, as the same ballot
  await page.locator("[data-receipt]").waitFor({ timeout: 20_000 });
  assert.ok(bodies.length >= 3);
  assert.equal(new Set(bodies).size, 1, "every try is the same ballot");
  await context.close();
});

test("a refusal is said in words, and leads to its place", bounded, async (t) => {
  const { page } = await begin(t);
  await toTheEnd(page);
  const item = await page.evaluate(() => document.querySelector("[data-kind]").id.slice(2));
  await page.route(api, (route) =>
    route.fulfill({
      status: 422,
      contentType: "application/problem+json",
      body: JSON.stringify({ title: "x", errors: [{ field: `answers.${item}`, key: "k", message: "Câu trả lời này chưa đúng." }] }),
    }), { times: 1 });
  await page.locator("#send").tap();
  await page.locator(".errors", { hasText: "Câu 1: Câu trả lời này chưa đúng." }).waitFor();
  assert.match(await page.title(), /^Lỗi:/);
  assert.equal(await page.evaluate(() => document.activeElement.className), "errors");
  await noViolations(page);
  await page.locator(".errors a").tap();
  await at(page, 1);
  await page.locator(".note", { hasText: "chưa đúng" }).waitFor();
  await tap(page, 0);
  await toTheEnd(page);
  await page.locator("#send").tap();
  await page.locator("[data-receipt]").waitFor();
});

test("a comment with a phone number is questioned once", bounded, async (t) => {
  const { page } = await begin(t);
  await toTheEnd(page);
  await page.locator("#comment").fill("Xin gọi 0912 345 678");
  await page.locator("#send").tap();
  await page.locator("#c-e", { hasText: "0912 … 678" }).waitFor();
  await noViolations(page);
  assert.equal(await page.locator("#comment").inputValue(), "Xin gọi 0912 345 678");
  await page.locator("#send").tap();
  await page.locator("[data-receipt]").waitFor();
});

test("a keyboard is enough", bounded, async (t) => {
  const { page } = await begin(t, "pulse@1");
  assert.equal(await page.evaluate(() => document.activeElement.id), "q", "the question has the focus");
  await page.locator("main button.ans:enabled").first().waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await at(page, 2);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  assert.equal(await page.locator("main input:checked").count(), 1);
  await page.keyboard.press("Enter");
  await page.locator("#send").waitFor();
  await page.locator("#send").press("Enter");
  await page.locator("[data-receipt]").waitFor();
  assert.ok(await thanked(page));
});

test("a script that does not load leaves a form that works", bounded, async (t) => {
  const context = await phone(browser());
  t.after(() => context.close());
  const page = await context.newPage();
  const url = `${server().url}/s/${await server().point("onestop@1")}`;
  await page.route("**/static/js/*", (route) => route.abort());
  await page.goto(`${url}?consent=1&all=1`);
  await page.locator("fieldset input[type=radio]").nth(1).locator("..").tap({ timeout: 10_000 });
  await page.locator("#send").tap();
  await page.locator("[data-receipt]").waitFor();
});

test("the first visit is at most 25 KB over the wire", bounded, async (t) => {
  for (const instrument of ["onestop@1"]) {
    const context = await phone(browser());
    t.after(() => context.close());
    const page = await context.newPage();
    const wrong = complaints(page);
    const client = await context.newCDPSession(page);
    let bytes = 0;
    await client.send("Network.enable");
    client.on("Network.loadingFinished", (e) => (bytes += e.encodedDataLength));
    const url = `${server().url}/s/${await server().point(instrument)}`;
    await page.goto(url);
    await page.goto(`${url}?consent=1&all=1`, { waitUntil: "networkidle" });
    t.diagnostic(`${instrument}: ${(bytes / 1024).toFixed(1)} KB with headers`);
    assert.ok(bytes > 1024 && bytes <= 25 * 1024, `${instrument} takes ${bytes} bytes`);
    assert.deepEqual(wrong, []);
  }
});
