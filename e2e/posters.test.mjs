// Posters on paper: as many sheets as there should be, of the right size, nothing cut off, and a QR code that a
// camera reads.
import assert from "node:assert/strict";
import { test } from "node:test";
import { noViolations } from "./axe.mjs";
import { desk, launch } from "./browser.mjs";
import { onPaper, overflowing, print, scan } from "./paper.mjs";
import { Server } from "./server.mjs";
import { addPoint, login, moveWave, planWave } from "./staff.mjs";

const quiet = "Trung tâm Phục vụ hành chính công xã Hải Hòa, quầy tiếp nhận và trả kết quả số 12, tầng 2";
let server, browser, code, sessions;

test.before(async () => {
  [server, browser] = await Promise.all([Server.start(), launch()]);
  const context = await desk(browser);
  const page = await context.newPage();
  await login(page, server, "admin");
  await planWave(page, server, { id: "poster-2026", name: "Tờ dán", instrument: "moha-2023@1" });
  for (let i = 1; i <= 4; i++) await addPoint(page, server, { name: `Quầy số ${i}`, wave: "poster-2026" });
  code = await addPoint(page, server, { name: quiet, wave: "poster-2026", unit: "qn.p-uong-bi" });
  await moveWave(page, server, "poster-2026", "open");
  sessions = await context.storageState();
  await context.close();
});

test.after(async () => {
  await browser?.close();
  await server?.stop();
});

async function open(t, path, more = {}) {
  const context = await desk(browser, { viewport: { width: 1000, height: 1200 }, storageState: sessions, ...more });
  t.after(() => context.close());
  const page = await context.newPage();
  const answer = await page.goto(server.url + path);
  return { page, status: answer.status() };
}

for (const [size, paper] of [["a4", "a4"], ["a5", "a5"], ["card", "a4"]]) {
  for (const lang of ["vi", "en"]) {
    test(`the poster of a point, ${size}, ${lang}`, { timeout: 60_000 }, async (t) => {
      const { page } = await open(t, `/app/points/${code}/poster?size=${size}&in=${lang}`);
      assert.deepEqual(await overflowing(page), []);
      assert.equal(await page.locator(".poster, .card").first().getAttribute("lang"), lang);
      await noViolations(page);
      await page.emulateMedia({ media: "print" });
      assert.deepEqual(await overflowing(page), []);
      for (const qr of await page.locator("svg.qr").all()) assert.equal(await scan(qr), `${server.url}/s/${code}`);
      // The code is in words too, under its picture.
      const [qr, words] = await Promise.all(["svg.qr", ".p-code"].map((what) => page.locator(what).first().boundingBox()));
      assert.equal(await page.locator(".p-code").first().innerText(), code);
      assert.ok(words.y + words.height > qr.y + qr.height, "the code in words does not stand under the picture");
      const sheets = await print(page);
      assert.equal(sheets.length, 1);
      onPaper(sheets, paper);
    });
  }
}

const batches = [["a4", "a4", 5], ["a5", "a5", 5], ["card", "a4", 2]];

for (const [size, paper, want] of batches) {
  test(`the posters of a wave, ${size}`, { timeout: 60_000 }, async (t) => {
    const { page } = await open(t, `/app/posters?wave=poster-2026&size=${size}`);
    assert.equal(await page.locator(".poster, .card").count(), 5);
    assert.deepEqual(await overflowing(page), []);
    assert.equal(new Set(await page.locator(".p-code").allInnerTexts()).size, 5);
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".print-bar").isVisible(), false);
    const sheets = await print(page);
    assert.equal(sheets.length, want);
    onPaper(sheets, paper);
  });
}

test("size and language are chosen on the page itself", { timeout: 60_000 }, async (t) => {
  const { page } = await open(t, "/app/posters?wave=poster-2026&unit=qn.p-uong-bi");
  await page.locator("#f-size").selectOption("card");
  await page.locator("#f-in").selectOption("en");
  await page.locator("form button").click();
  await page.waitForURL(/size=card/);
  assert.equal(await page.locator(".card[lang=en]").count(), 5);
});

test("a manager prints the posters of the own units only", { timeout: 60_000 }, async (t) => {
  const context = await desk(browser);
  t.after(() => context.close());
  const page = await context.newPage();
  await login(page, server, "manager");
  assert.equal((await page.goto(`${server.url}/app/posters?unit=qn`)).status(), 404);
  const other = (await page.goto(`${server.url}/app/posters`), await page.locator(".p-code").allInnerTexts());
  const mine = (await page.goto(`${server.url}/app/points?all=1`), await page.locator("td .code, th .code").allInnerTexts());
  assert.ok(other.length > 0);
  assert.deepEqual(other.filter((c) => !mine.includes(c)), []);
});
