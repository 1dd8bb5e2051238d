// The index book replays the conference of Uông Bí: three ranks, where they stood before, the weakest components, on paper.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { noViolations } from "./axe.mjs";
import { complaints, desk, noSidewaysScroll, screens, sharedBrowser } from "./browser.mjs";
import { onPaper, print } from "./paper.mjs";
import { sharedServer } from "./server.mjs";
import { login } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const bounded = { timeout: 120_000 };
const path = "/app/book?unit=qn.h.uong-bi&year=2019";
const languages = {
  vi: { locale: "vi-VN", score: ["93,28", "91,59", "64,95"], ranks: [/Hạng 8 trong 14/, /Hạng 2\. Chưa rõ trong bao nhiêu/, /Hạng 11 trong 13/], moved: ["xuống 3 bậc", "lên 1 bậc", "xuống 2 bậc"], title: /hạng 2 về PAR\sINDEX; nửa dưới bảng về SIPAS và DGI/, far: "Xa điểm tối đa nhất" },
  en: { locale: "en-GB", score: ["93.28", "91.59", "64.95"], ranks: [/Rank 8 of 14/, /Rank 2\. Among how many units is not known/, /Rank 11 of 13/], moved: null, title: /rank 2 by PAR\sINDEX; lower half of the table by SIPAS and DGI/, far: "Farthest from the maximum" },
};

async function open(t, locale, expected = []) {
  const context = await desk(browser(), { locale });
  const page = await context.newPage();
  const wrong = complaints(page);
  t.after(async () => {
    await context.close();
    assert.deepEqual(wrong.filter((line) => !expected.some((one) => line.includes(one))), []);
  });
  await login(page, server(), "admin");
  return page;
}

for (const [lang, want] of Object.entries(languages)) {
  test(`the conference is replayed, ${lang}`, bounded, async (t) => {
    const page = await open(t, want.locale);
    await page.goto(`${server().url}/app`);
    await page.locator('.rail a[href="/app/book"]').click();
    await page.locator("#f-unit").selectOption("qn.h.uong-bi");
    await page.locator(".filters .btn").click();
    await page.goto(server().url + path);
    assert.match(await page.locator("h1").innerText(), want.title);
    const rows = page.locator(".idx");
    assert.equal(await rows.count(), 3);
    for (let i = 0; i < 3; i++) {
      assert.ok((await rows.nth(i).locator(".v").innerText()).includes(want.score[i]));
      assert.match(await rows.nth(i).innerText(), want.ranks[i]);
      if (want.moved) assert.ok((await rows.nth(i).locator("svg").textContent()).includes(want.moved[i]));
    }
    for (const weak of await page.locator(".trio", { hasText: want.far }).all()) assert.ok((await weak.locator("li").count()) > 0);
    for (const width of [360, 768, 1440]) {
      await page.setViewportSize(screens[width]);
      await noSidewaysScroll(page);
      for (const to of ["conference", "edit"]) assert.ok(await page.locator(`.head .acts a[href*="/app/book/${to}"]`).isVisible(), `nothing leads to ${to} at ${width}`);
      await noViolations(page);
    }
    onPaper(await print(page), "a4");
    const dir = mkdtempSync(join(tmpdir(), "sipas-book-"));
    t.after(() => rmSync(dir, { recursive: true }));
    writeFileSync(join(dir, "book.pdf"), await page.pdf({ preferCSSPageSize: true, printBackground: true }));
    const text = execFileSync("pdftotext", ["-layout", join(dir, "book.pdf"), "-"], { encoding: "utf8" });
    for (const score of want.score) assert.ok(text.includes(score), `${score} is not on paper`);
  });
}

test("leagues, entry and history are there for everyone", bounded, async (t) => {
  const page = await open(t, "vi-VN");
  for (const at of ["/app/book/league?type=sipas-2017&year=2019", "/app/book/edit?unit=qn.h.uong-bi", "/app/book/edit?unit=qn.h.uong-bi&type=dgi-949&year=2019", "/app/book/history?unit=qn.h.uong-bi&year=2019", "/app/book?unit=qn&year=2023"]) {
    assert.equal((await page.goto(server().url + at, { waitUntil: "networkidle" })).status(), 200, at);
    for (const width of [360, 1440]) {
      await page.setViewportSize(screens[width]);
      await noSidewaysScroll(page);
      await noViolations(page);
    }
  }
});

test("a score above its maximum is named at its field, and nothing typed is lost", bounded, async (t) => {
  const page = await open(t, "vi-VN", ["status of 422"]);
  await page.goto(`${server().url}/app/book/edit?unit=qn.h.uong-bi&type=dgi-949&year=2020`);
  await page.locator("#f-score").fill("80,5");
  await page.locator("#f-document").fill("QĐ 1");
  await page.locator("form[method=post][action='/app/book/edit'] .btn").first().click();
  await page.locator(".faults").waitFor();
  assert.match(await page.locator("#e-score").innerText(), /vượt điểm tối đa 80/);
  assert.equal(await page.locator("#f-document").inputValue(), "QĐ 1");
  await noViolations(page);
});

test("a whole PAR INDEX is entered with the points of each source, shown, and withdrawn", bounded, async (t) => {
  const page = await open(t, "vi-VN");
  const at = `${server().url}/app/book/edit?unit=qn.h.uong-bi&type=par-index-district&year=2017`;
  await page.goto(at);
  for (const width of [360, 768, 1440]) {
    await page.setViewportSize(screens[width]);
    await noSidewaysScroll(page);
    await noViolations(page);
  }
  await page.getByLabel("Điểm", { exact: true }).fill("99,96");
  await page.getByLabel("Tỷ lệ %").fill("99,96");
  await page.getByLabel("Điểm công bố: Cải cách thể chế").fill("9,5");
  await page.getByLabel("Tự chấm: Cải cách thể chế").fill("10");
  await page.getByLabel("Thẩm định: Cải cách thể chế").fill("9.25");
  await page.getByLabel("Điều tra xã hội học: Cải cách thể chế").fill("8,75");
  await page.getByLabel("Trạng thái").selectOption("provisional");
  await page.getByRole("button", { name: "Lưu số" }).click();
  await page.waitForURL(/said=book/);
  assert.equal(await page.getByLabel("Thẩm định: Cải cách thể chế").inputValue(), "9,25");
  await page.goto(`${server().url}/app/book?unit=qn.h.uong-bi&year=2017`);
  const text = (await page.locator("main").innerText()).replace(/\s+/g, " ");
  for (const said of ["99,96", "Tạm tính"]) assert.ok(text.includes(said), said);
  assert.ok((await page.locator(".t-parts").textContent()).replace(/\s+/g, " ").includes("Tự chấm 10,00; Thẩm định 9,25; Điều tra xã hội học 8,75"));
  await page.goto(at);
  await page.locator("summary", { hasText: "Rút số này lại" }).click();
  await page.getByRole("button", { name: "Rút lại" }).click();
  await page.waitForURL(/said=book_withdrawn/);
  assert.match(await page.locator("main").innerText(), /Rút lại · admin[\s\S]*Nhập mới · admin/);
  await noViolations(page);
});
