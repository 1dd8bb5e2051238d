// The report of a unit on a wave: on paper as on the screen, and the same numbers on the page, in the workbook and from
// the command line.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { complaints, desk, sharedBrowser } from "./browser.mjs";
import { onPaper, print, wordsOf } from "./paper.mjs";
import { sharedServer } from "./server.mjs";
import { login } from "./staff.mjs";
import { rowsOf, unzip } from "./workbook.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const bounded = { timeout: 120_000 };
const languages = { vi: "vi-VN", en: "en-GB" };
const path = "/app/report?wave=moha-2023";

async function open(t, lang, at = path) {
  const context = await desk(browser(), { locale: languages[lang] });
  const page = await context.newPage();
  const wrong = complaints(page);
  t.after(async () => {
    await context.close();
    assert.deepEqual(wrong, []);
  });
  await login(page, server(), "admin");
  await page.goto(server().url + at, { waitUntil: "networkidle" });
  return page;
}

const digits = (n) => Number(n.toPrecision(15));

for (const lang of Object.keys(languages)) {
  test(`every row of the page is a row of the workbook, ${lang}`, bounded, async (t) => {
    const page = await open(t, lang);
    const [file] = await Promise.all([page.waitForEvent("download"), page.locator('a[href*="report.xlsx"]').click()]);
    assert.match(file.suggestedFilename(), /^sipas-moha-2023-qn\.xlsx$/);
    const rows = rowsOf(unzip(readFileSync(await file.path())));
    const shown = await page.locator(".t-rep tbody tr:not(.grp):not(.cut)").evaluateAll((all) =>
      all.map((tr) => ({ name: tr.cells[0].textContent, numbers: [...tr.querySelectorAll("data")].flatMap((d) => [d.value, d.dataset.to]).filter(Boolean).map(Number) })));
    assert.ok(shown.length > 150, `${shown.length} rows on the page`);
    const holds = (row, { name, numbers }) => {
      if (!row.includes(name)) return false;
      let at = 0;
      for (const cell of row) if (typeof cell === "number" && at < numbers.length && digits(numbers[at]) === cell) at++;
      return at === numbers.length;
    };
    assert.deepEqual(shown.filter((line) => !rows.some((row) => holds(row, line))), []);
    // The trend is a chart of the page; its table holds what the workbook does.
    const trend = await page.locator("#trend .t-chart tbody tr:not([data-event])").evaluateAll((all) =>
      all.map((tr) => ({ name: tr.cells[0].textContent, numbers: [...tr.querySelectorAll("data")].map((d) => Number(d.value)) })));
    assert.ok(trend.length >= 3);
    assert.deepEqual(trend.filter((line) => !rows.some((row) => holds(row, line))), []);
  });
}

test("the numbers are those of sipas index", bounded, async (t) => {
  const page = await open(t, "en");
  const index = JSON.parse(server().run("index", "--wave", "moha-2023", "--format", "json"));
  const of = (section) => page.locator(`#${section} .t-rep tbody tr:not(.grp)`).evaluateAll((all) =>
    all.map((tr) => [tr.cells[0].textContent, Number(tr.querySelector("data").value)]));
  const overall = (await of("headline"))[0][1];
  assert.equal(overall, index.overall.percent);
  assert.deepEqual((await of("factors")).map(([, v]) => v), index.factors.map((f) => f.percent));
  assert.deepEqual((await of("items")).map(([name, v]) => [name.split(" ")[0], v]), index.items.map((i) => [i.code, i.percent]));
});

test("every unit with a figure is on the page and every unit in the workbook", bounded, async (t) => {
  const page = await open(t, "en");
  const index = JSON.parse(server().run("index", "--wave", "moha-2023", "--by", "unit", "--format", "json"));
  const below = index.slice(1).map((r) => [r.overall.percent, r.n]).filter(([, n]) => n >= 10).sort(([a], [b]) => b - a);
  const shown = await page.locator("#units .t-rep tbody tr:not(.grp)").evaluateAll((all) => all.map((tr) => Number(tr.querySelector("data").value)));
  assert.ok(below.length > 50, `${below.length} units`);
  assert.deepEqual(shown.toSorted((a, b) => b - a), below.map(([percent]) => percent));
});

test("the sections stand in the order of the ministry's report", bounded, async (t) => {
  const page = await open(t, "en");
  const ids = await page.locator(".rep-s").evaluateAll((all) => all.map((s) => s.id));
  assert.deepEqual(ids, ["sample", "headline", "factors", "items", "answers", "perceptions", "wishes", "units", "trend", "groups", "quality", "method"]);
});

const mm = 72 / 25.4;
const wordsIn = (s) => s.normalize("NFC").split(/\s+/).filter(Boolean);

/** The first of some words where they stand on a sheet in order, nearest to each other; null where they do not. */
function stands(sheet, words) {
  let best = null;
  let shortest = 40;
  for (let from = 0; from < sheet.length; from++) {
    if (sheet[from].text !== words[0]) continue;
    let found = 1;
    let i = from + 1;
    for (; i < sheet.length && i - from < shortest && found < words.length; i++) if (sheet[i].text === words[found]) found++;
    if (found === words.length) [best, shortest] = [sheet[from], i - from];
  }
  return best;
}

for (const lang of Object.keys(languages)) {
  test(`on paper, ${lang}`, bounded, async (t) => {
    const page = await open(t, lang);
    await page.emulateMedia({ media: "print" });
    onPaper(await print(page), "a4");
    const sheets = wordsOf(await page.pdf({ preferCSSPageSize: true, printBackground: true }));
    assert.ok(sheets, "pdftotext (poppler-utils) is not installed; scripts/setup installs it");
    assert.ok(sheets.length >= 6 && sheets.length <= 16, `${sheets.length} sheets`);
    const synthetic = wordsIn(await page.locator(".r-top b").innerText());
    const body = sheets.map((sheet) => sheet.filter((w) => w.y > 15 * mm && w.y2 < 282 * mm));
    for (const [i, sheet] of sheets.entries()) {
      assert.ok(stands(sheet, synthetic), `sheet ${i + 1} does not say that its data are made up`);
      assert.ok(sheet.some((w, j) => w.y > 281 * mm && w.text === String(i + 1) && sheet[j + 1]?.text === "/"), `sheet ${i + 1} has no number`);
      for (const w of body[i]) assert.ok(w.x >= 15.5 * mm && w.x2 <= 194.5 * mm, `sheet ${i + 1}: "${w.text}" stands in the margin`);
      assert.ok(!sheet.some((w) => /[\uFFFD\u25A1]/.test(w.text)), `sheet ${i + 1} lacks letters`);
    }
    // No row begins on one sheet and ends on the next.
    const names = await page.locator(".t-rep tbody th[scope=row]").evaluateAll((all) => all.map((th) => th.textContent));
    const torn = [...new Set(names)].filter((name) => !body.some((sheet) => stands(sheet, wordsIn(name))));
    assert.deepEqual(torn, []);
    // Below every heading stands something of its own on the same sheet.
    const headings = await page.locator(".rep-s > h2, .rep-s > .fig h2, .rep-t h3, .rep-qs h4").evaluateAll((all) => all.map((h) => [...h.childNodes].at(-1).textContent));
    assert.ok(headings.length > 15);
    const alone = [...new Set(headings)].filter((heading) => {
      const words = wordsIn(heading);
      return !body.some((sheet) => {
        const at = stands(sheet, words);
        return at && sheet.filter((w) => w.y > at.y2 + 2 && !words.includes(w.text)).length > 3;
      });
    });
    assert.deepEqual(alone, []);
  });
}

test("the report stands beside the dashboard and each unit, and leads back", bounded, async (t) => {
  const page = await open(t, "vi", "/app/units/qn.p-uong-bi?wave=moha-2023");
  await page.locator('a[href^="/app/report?"]').click();
  await page.locator(".rep h1").waitFor();
  assert.match(page.url(), /unit=qn\.p-uong-bi/);
  assert.match(await page.locator(".rep h1").innerText(), /Uông Bí/);
});
