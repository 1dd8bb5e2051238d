// A manager reads what citizens wrote: finds it without tones, never sees a phone number, and nobody sees another unit's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { noViolations } from "./axe.mjs";
import { complaints, desk, noSidewaysScroll, screens, sharedBrowser } from "./browser.mjs";
import { sharedServer } from "./server.mjs";
import { login } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();

/** A desk where an account is signed in. */
async function signedIn(t, user, options) {
  const context = await desk(browser(), options);
  t.after(() => context.close());
  const page = await context.newPage();
  await login(page, server(), user);
  return page;
}

/** Goes there once every response of the demo has been looked at for comments. */
async function open(page, address) {
  for (;;) {
    await page.goto(server().url + address);
    if ((await page.locator(".asof.late").count()) === 0) return;
    await page.waitForLoadState("networkidle");
  }
}

test("comments are found without tones, by a phrase and by a word that stands out", { timeout: 90_000 }, async (t) => {
  const page = await signedIn(t, "admin");
  const wrong = complaints(page);
  await open(page, "/app/comments?wave=onestop");
  assert.match(await page.locator("h1").innerText(), /ý kiến, người ít hài lòng hay nói đến “.+”/);
  await page.locator("#f-q").fill("cho lau");
  await page.locator(".filters .btn").click();
  await page.waitForURL(/q=cho/);
  const plain = await page.locator(".cmts blockquote").allInnerTexts();
  assert.ok(plain.length > 5 && plain.some((said) => /chờ lâu/i.test(said)), `found ${plain.length}`);
  await page.locator("#f-q").fill('"trễ hẹn"');
  await page.locator("#f-q").press("Enter");
  await page.waitForURL(/q=%22/);
  for (const said of await page.locator(".cmts blockquote").allInnerTexts()) assert.match(said, /(trễ hẹn|tre hen)/i);
  const [found] = /[\d.]+/.exec(await page.locator(".fig.c8 > h2").innerText());
  const word = page.locator(".t-words tbody a").first();
  const term = await word.innerText();
  await word.click();
  await page.waitForURL(/mood=low/);
  assert.equal(await page.locator("#f-q").inputValue(), `"${term}"`);
  assert.ok(Number(found.replaceAll(".", "")) > 10 && (await page.locator(".cmts > li").count()) > 5);
  await page.locator("#how summary").click();
  await noViolations(page);
  assert.deepEqual(wrong, []);
});

test("paging goes through every comment once, without a script too", { timeout: 90_000 }, async (t) => {
  const page = await signedIn(t, "manager", { javaScriptEnabled: false });
  await open(page, "/app/comments?wave=onestop&mood=low");
  const seen = [];
  for (let pages = 0; pages < 40; pages++) {
    seen.push(...(await page.locator(".cmts > li").evaluateAll((all) => all.map((li) => Number(li.id.slice(1))))));
    const older = page.locator(".fig-foot a[rel=next]");
    if ((await older.count()) === 0) break;
    await older.click();
  }
  const [found] = /[\d.]+/.exec(await page.locator(".fig.c8 > h2").innerText());
  assert.equal(seen.length, Number(found.replaceAll(".", "")));
  assert.deepEqual(seen, [...new Set(seen)].sort((a, b) => b - a));
});

test("personal data is covered, rude comments are hidden, and who shows one is recorded", { timeout: 90_000 }, async (t) => {
  const page = await signedIn(t, "admin");
  await open(page, '/app/comments?wave=onestop&q="gọi lại cho tôi số"');
  const said = (await page.locator(".cmts blockquote").allInnerTexts()).join("\n");
  assert.match(said, /\[số điện thoại\]/);
  assert.doesNotMatch(said, /\d[\d .]{8,}/);
  await open(page, "/app/comments?wave=onestop&q=0900*");
  assert.equal(await page.locator(".cmts > li").count(), 0, "a phone number can be searched for");
  await open(page, "/app/comments?wave=onestop&state=hidden");
  const hidden = page.locator(".cmts > li").first();
  assert.match(await hidden.innerText(), /Ẩn chờ xem/);
  assert.equal(await hidden.locator("blockquote").count(), 0);
  const id = await hidden.getAttribute("id");
  await hidden.getByRole("button", { name: /Hiện/ }).click();
  await page.getByRole("status").filter({ hasText: "Đã hiện ý kiến này" }).waitFor();
  await page.goto(`${server().url}/app/comments/${id.slice(1)}`);
  assert.ok((await page.locator("blockquote").innerText()).length > 5);
  assert.match(await page.locator(".hist li").first().innerText(), /Hiện\s+admin/);
  await page.getByRole("button", { name: "Ẩn" }).click();
  await page.locator(".gone").waitFor();
});

test("a manager of another unit sees none of them, and no address leads to one", { timeout: 90_000 }, async (t) => {
  const all = await signedIn(t, "admin");
  await open(all, "/app/comments?wave=onestop&unit=qn.p-vang-danh");
  const other = await all.locator(".cmts > li").first().getAttribute("id");
  const page = await signedIn(t, "manager");
  await open(page, "/app/comments?wave=onestop");
  const units = new Set(await page.locator(".cmts .meta a[href^='/app/units/']").allInnerTexts());
  assert.deepEqual([...units], ["Phường Uông Bí"]);
  for (const address of [`/app/comments/${other.slice(1)}`, "/app/comments?wave=onestop&unit=qn.p-vang-danh", "/app/comments?wave=onestop&unit=qn"]) {
    assert.equal((await page.goto(server().url + address)).status(), 404, address);
  }
  const posted = await page.request.post(`${server().url}/app/comments/${other.slice(1)}`, { form: { do: "hide" }, headers: { Origin: server().url } });
  assert.equal(posted.status(), 404);
});

for (const lang of ["vi", "en"]) {
  test(`the page fits every screen in ${lang}`, { timeout: 120_000 }, async (t) => {
    const page = await signedIn(t, "admin");
    const wrong = complaints(page);
    for (const width of [360, 768, 1440]) {
      await page.setViewportSize(screens[width]);
      await open(page, `/app/comments?wave=onestop&lang=${lang}`);
      await noSidewaysScroll(page);
      await noViolations(page);
    }
    assert.deepEqual(wrong, []);
  });
}
