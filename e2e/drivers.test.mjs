// What goes with the overall satisfaction: alpha and importance from the raw responses, and a chart whose words cover nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complaints, desk, screens, sharedBrowser } from "./browser.mjs";
import { sharedServer } from "./server.mjs";
import { login } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const bounded = { timeout: 120_000 };

// Words that are held together by no-break spaces, as they are said.
const plain = (text) => text.replaceAll("\u00a0", " ");
const number = (text) => Number(text.replaceAll(".", "").replace(",", "."));
const mean = (xs) => xs.reduce((a, b) => a + b, 0) / xs.length;
const variance = (xs) => { const m = mean(xs); return xs.reduce((s, x) => s + (x - m) ** 2, 0) / (xs.length - 1); };

/** Cronbach's alpha of those who answered all. */
function alpha(responses, items) {
  const rows = responses.map((r) => items.map((i) => r.answers[i])).filter((row) => row.every(Number.isInteger));
  const parts = items.map((_, i) => variance(rows.map((row) => row[i]))).reduce((a, b) => a + b, 0);
  const k = items.length;
  return { n: rows.length, alpha: (k / (k - 1)) * (1 - parts / variance(rows.map((row) => row.reduce((a, b) => a + b, 0)))) };
}

const factors = { "Tiếp cận dịch vụ": [1, 4], "Thủ tục hành chính": [5, 9], "Công chức giải quyết công việc": [10, 15], "Kết quả dịch vụ": [16, 18] };

test("reliability and importance are those of the raw responses", bounded, async () => {
  const counted = (await server().responses("moha-2017")).filter((r) => r.state === "counted");
  const context = await desk(browser());
  const page = await context.newPage();
  const wrong = complaints(page);
  await login(page, server(), "admin");
  await page.goto(`${server().url}/app/drivers?wave=moha-2017&unit=qn`);
  const rows = Object.fromEntries(await page.locator("#alpha tbody tr").evaluateAll((trs) => trs.map((tr) => [
    tr.cells[0].innerText.replaceAll("\u00a0", " "), [...tr.cells].slice(1).map((c) => c.innerText)])));
  for (const [name, [from, to]] of Object.entries(factors)) {
    const items = Array.from({ length: to - from + 1 }, (_, i) => `C${String(from + i).padStart(2, "0")}`);
    const own = alpha(counted, items);
    assert.equal(number(rows[name][2]), own.n, name);
    assert.ok(Math.abs(number(rows[name][1]) - own.alpha) <= 0.005 + 1e-9, `${name}: ${rows[name][1]}, counted ${own.alpha}`);
  }
  const importance = await page.locator("#quadrant tbody tr").evaluateAll((trs) => trs.map((tr) => Number(tr.cells[1].querySelector("data").value)));
  assert.equal(importance.length, 5);
  assert.ok(Math.abs(importance.reduce((a, b) => a + b, 0) - 100) < 1e-6, `${importance}`);
  const ticked = counted.filter((r) => r.answers.W1?.includes("procedures")).length;
  const asked = counted.filter((r) => Array.isArray(r.answers.W1)).length;
  const wish = page.locator("#wishes tr", { hasText: "Thủ tục đơn giản hơn" });
  assert.ok(Math.abs(number(await wish.locator("td").nth(1).innerText()) - (100 * ticked) / asked) <= 0.05 + 1e-9);
  await page.goto(`${server().url}/app/drivers?wave=moha-2023&unit=qn`);
  assert.match(await page.locator("main").innerText(), /không hỏi mức hài lòng chung/);
  await context.close();
  assert.deepEqual(wrong, []);
});

test("no word of the quadrant covers a point or another word", bounded, async () => {
  const context = await desk(browser());
  const page = await context.newPage();
  const wrong = complaints(page);
  await login(page, server(), "admin");
  for (const width of [320, 360, 768, 1440]) {
    await page.setViewportSize(screens[width]);
    for (const lang of ["vi", "en"]) {
      await page.goto(`${server().url}/app/drivers?wave=moha-2017&unit=qn&lang=${lang}`);
      await page.locator("#quadrant svg circle").first().waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${lang} ${width}: sideways`);
      const { words, points } = await page.evaluate(() => {
        const box = (e) => { const { left, right, top, bottom } = e.getBoundingClientRect(); return { text: e.textContent, left, right, top, bottom }; };
        const svg = document.querySelector("#quadrant svg");
        return { words: [...svg.querySelectorAll("text")].map(box), points: [...svg.querySelectorAll("circle")].map(box) };
      });
      assert.ok(points.length >= 5, `${points.length} points`);
      // Every point has its name, and the interval of importance that the table says.
      const names = (await page.locator("#quadrant tbody th").allTextContents()).map(plain);
      if (width > 320) assert.deepEqual(names.filter((name) => !words.some((w) => w.text === name)), [], `${lang} ${width}: without a name`);
      const [first] = await page.locator("#quadrant tbody tr").evaluateAll((trs) => trs.map((tr) => [...tr.querySelectorAll("data")].map((d) => Number(d.value))));
      const across = await page.locator("#quadrant svg line").evaluateAll((ls) => ls.filter((l) => l.y1.baseVal.value === l.y2.baseVal.value).map((l) => Math.abs(l.x2.baseVal.value - l.x1.baseVal.value)));
      const at = points.map((p) => (p.left + p.right) / 2);
      const values = await page.locator("#quadrant tbody tr").evaluateAll((trs) => trs.map((tr) => Number(tr.querySelector("data").value)));
      const scale = (Math.max(...at) - Math.min(...at)) / (Math.max(...values) - Math.min(...values));
      assert.ok(across.some((px) => Math.abs(px - (first[2] - first[1]) * scale) < 1), `${lang} ${width}: no line of ${((first[2] - first[1]) * scale).toFixed(1)} px`);
      const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4;
      for (const word of words) {
        const covered = points.find((p) => meet(word, p));
        assert.equal(covered, undefined, `${lang} ${width}: “${word.text}” covers a point`);
        const other = words.find((w) => w !== word && meet(word, w));
        assert.equal(other, undefined, `${lang} ${width}: “${word.text}” covers “${other?.text}”`);
      }
    }
  }
  await context.close();
  assert.deepEqual(wrong, []);
});
