// Groups of people beside each other: each figure equals what counting the raw responses gives, and fits every screen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complaints, desk, screens, sharedBrowser } from "./browser.mjs";
import { sharedServer } from "./server.mjs";
import { login } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const bounded = { timeout: 120_000 };

/** The mean over the index's items of the share of satisfied answers, as the method of moha-2023 has it. */
function overall(responses) {
  const shares = [];
  for (let i = 1; i <= 39; i++) {
    const code = i <= 23 ? `P${String(i).padStart(2, "0")}` : `S${i}`;
    const given = responses.map((r) => r.answers[code]).filter(Number.isInteger);
    if (given.length > 0) shares.push((100 * given.filter((v) => v >= 4).length) / given.length);
  }
  return shares.reduce((a, b) => a + b, 0) / shares.length;
}

const numeral = (text, lang) => Number(lang === "vi" ? text.replaceAll(".", "").replace(",", ".") : text.replaceAll(",", ""));

test("each group is what its people's raw responses give", bounded, async (t) => {
  const counted = (await server().responses("moha-2023")).filter((r) => r.state === "counted");
  assert.ok(counted.length > 500, `${counted.length} responses`);
  for (const [lang, locale] of [["vi", "vi-VN"], ["en", "en-GB"]]) {
    const context = await desk(browser(), { locale });
    const page = await context.newPage();
    const wrong = complaints(page);
    await login(page, server(), "admin");
    for (const by of ["gender", "age", "occupation"]) {
      await page.goto(`${server().url}/app/breakdown?wave=moha-2023&unit=qn&by=${by}`);
      const rows = await page.locator("table.t-groups tbody tr").evaluateAll((trs) => trs.map((tr) => ({
        group: tr.dataset.group, percent: tr.querySelector(".big-n")?.innerText, n: tr.lastElementChild.innerText,
      })));
      let sum = 0;
      for (const { group, percent, n } of rows) {
        const people = counted.filter((r) => (r.respondent[by] ?? "") === group);
        sum += people.length;
        if (percent === undefined) continue; // too few
        assert.equal(numeral(n, lang), people.length, `${by} ${group}`);
        assert.ok(Math.abs(numeral(percent, lang) - overall(people)) <= 0.05 + 1e-9, `${by} ${group}: ${percent}, counted ${overall(people)}`);
      }
      assert.equal(sum, counted.length, `${by}: the groups are everybody`);
    }
    await context.close();
    assert.deepEqual(wrong, []);
  }
  t.diagnostic(`${counted.length} responses`);
});

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
