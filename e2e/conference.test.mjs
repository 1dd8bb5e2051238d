// The conference of a unit and year: on paper, number by number against the API and the command line, and the rules of
// commendation that stand beside their list.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { noViolations } from "./axe.mjs";
import { complaints, desk, noSidewaysScroll, screens, sharedBrowser } from "./browser.mjs";
import { onPaper, print, wordsOf } from "./paper.mjs";
import { sharedServer } from "./server.mjs";
import { login } from "./staff.mjs";
import { rowsOf, unzip } from "./workbook.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const bounded = { timeout: 180_000 };
const uongBi = "/app/book/conference?unit=qn.h.uong-bi&year=2019";

async function open(t, at, { as = "admin", locale = "vi-VN", expected = [] } = {}) {
  const context = await desk(browser(), { locale });
  const page = await context.newPage();
  const wrong = complaints(page);
  t.after(async () => {
    await context.close();
    assert.deepEqual(wrong.filter((line) => !expected.some((one) => line.includes(one))), []);
  });
  await login(page, server(), as);
  await page.goto(server().url + at, { waitUntil: "networkidle" });
  return page;
}

const published = async (query) => (await (await fetch(`${server().url}/api/v1/book?${query}`)).json()).results;

/** The rows of the tables of a section: a name, the numbers in full, and the words of the cells. */
const rows = (page, section) => page.locator(`#${section} .t-rep tbody tr:not(.grp):not(.cut)`).evaluateAll((all) =>
  all.map((tr) => ({ name: tr.cells[0].textContent, numbers: [...tr.querySelectorAll("data")].flatMap((d) => [d.value, d.dataset.to]).filter(Boolean).map(Number), cells: [...tr.cells].map((c) => c.textContent.trim()) })));

const near = (got, want, what) => assert.ok(Math.abs(got - want) < 1e-9, `${what}: ${got} on the page, ${want} published`);

test("the conference of Uông Bí is opened, read and printed", bounded, async (t) => {
  const page = await open(t, "/app/book?unit=qn.h.uong-bi&year=2019");
  await page.locator('.head .acts a[href*="/app/book/conference"]').click();
  assert.match(await page.locator("h1").innerText(), /hạng 2 về PAR\sINDEX; nửa dưới bảng về SIPAS và DGI/);
  const told = (await page.locator(".told").innerText()).replace(/\s+/g, " ");
  for (const said of ["Hạng 8 trong 14 đơn vị, xuống 3 bậc", "Hạng 2. Chưa rõ trong bao nhiêu đơn vị, lên 1 bậc", "Hạng 11 trong 13 đơn vị, xuống 2 bậc", "điểm thành phần là số mô phỏng", "Bộ tiêu chí chưa xác nhận: PAR INDEX", "công bố ngày 17/06/2020"]) assert.ok(told.includes(said), said);
  for (const width of [360, 768, 1440]) {
    await page.setViewportSize(screens[width]);
    await noSidewaysScroll(page);
    await noViolations(page);
  }
  const sheets = await print(page);
  onPaper(sheets, "a4");
  assert.ok(sheets.length <= 6, `${sheets.length} sheets`);
  const paper = wordsOf(await page.pdf({ preferCSSPageSize: true, printBackground: true }));
  if (!paper) return t.diagnostic("without poppler the sheets are not read");
  const textOf = (sheet) => sheet.map((w) => w.text).join(" ");
  paper.forEach((sheet, i) => {
    assert.ok(textOf(sheet).includes(`Trang ${i + 1} / ${paper.length}`), `sheet ${i + 1} has no number`);
    assert.ok(textOf(sheet).includes("Nguồn: Hội nghị"), `sheet ${i + 1} names no source`);
  });
  assert.ok(!textOf(paper.at(-1)).includes("sửa quy tắc"), "a link is printed");
  // A heading stands on the sheet of the first row below it; a row stands on one line of one sheet.
  const tables = await page.locator(".rep-s").evaluateAll((all) => all.map((s) => ({ title: s.querySelector("h2").lastChild.textContent, first: s.querySelector("tbody th").textContent })));
  for (const { title, first } of tables) {
    const has = (sheet, what) => textOf(sheet).includes(what.normalize("NFC").split(/\s+/).filter(Boolean).slice(0, 3).join(" "));
    assert.ok(paper.some((sheet) => has(sheet, title) && has(sheet, first)), `“${title}” stands apart from its table`);
  }
  for (const { cells } of await rows(page, "ranks")) {
    const score = cells[3];
    assert.ok(paper.some((sheet) => sheet.some((w) => w.text === score && cells[0].split(" ").every((word) => sheet.some((v) => v.text === word.normalize("NFC") && Math.abs(v.y - w.y) < 6)))), `the row of ${cells[0]} with ${score} is cut`);
  }
});

test("every number is the one that was published", bounded, async (t) => {
  const page = await open(t, uongBi);
  const now = await published("unit=qn.h.uong-bi&year=2019");
  const was = await published("unit=qn.h.uong-bi&year=2018");
  const side = await rows(page, "situation");
  assert.equal(side.length, 3);
  for (const [i, type] of ["sipas-2017", "par-index-district", "dgi-949"].entries()) {
    const r = now.find((x) => x.type === type);
    const before = was.find((x) => x.type === type);
    const want = [r.score ?? r.percent, r.percent, r.rank, r.rank_of, before.rank, (r.score ?? r.percent) - (before.score ?? before.percent)].filter((v) => v !== null);
    want.forEach((v, k) => near(side[i].numbers[k], v, `${type}, number ${k + 1}`));
    const parts = new Map(r.components.map((c) => [c.score, c.code]));
    const adds = type !== "sipas-2017";
    const shown = await rows(page, `parts-${type}`);
    assert.ok(shown.length >= r.components.filter((c) => c.source === "").length, type);
    for (const row of shown) assert.ok(parts.has(row.numbers[1]), `${row.name}: ${row.numbers[1]} was not published`);
    if (!adds) continue;
    const lost = shown.filter((row) => !row.name.startsWith("›")).map((row) => row.numbers[3]);
    assert.deepEqual(lost, lost.toSorted((a, b) => b - a), `${type}: the most is not lost first`);
    for (const row of shown) near(row.numbers[3], row.numbers[2] - row.numbers[1], `${row.name}: points lost`);
  }
  const tables = page.locator("#ranks .rep-t");
  for (const [i, type] of ["sipas-2017", "par-index-district", "dgi-949"].entries()) {
    const league = (await published(`type=${type}&year=2019`)).filter((r) => r.unit.code.startsWith("qn.h."));
    const shown = await tables.nth(i).locator("tbody tr").evaluateAll((all) => all.map((tr) => [tr.cells[0].textContent, ...[...tr.querySelectorAll("data")].map((d) => Number(d.value))]));
    assert.equal(shown.length, league.length);
    for (const r of league) {
      const row = shown.find(([name]) => name === r.unit.name);
      [r.rank, r.rank_of, r.score ?? r.percent].filter((v) => v !== null).forEach((v, k) => near(row[k + 1], v, `${r.unit.name} ${type}`));
    }
  }
});

test("every row of the page is a row of the workbook", bounded, async (t) => {
  const page = await open(t, uongBi);
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator('a[href*="conference.xlsx"]').click()]);
  assert.equal(file.suggestedFilename(), "sipas-conference-qn.h.uong-bi-2019.xlsx");
  const book = rowsOf(unzip(readFileSync(await file.path())));
  const digits = (n) => Number(n.toPrecision(15));
  const shown = (await Promise.all(["situation", "parts-sipas-2017", "parts-par-index-district", "parts-dgi-949", "ranks", "factors", "commend"].map((id) => rows(page, id)))).flat();
  assert.ok(shown.length > 65, `${shown.length} rows`);
  const holds = (row, { name, numbers }) => {
    let at = 0;
    if (!row.includes(name)) return false;
    for (const cell of row) if (typeof cell === "number" && at < numbers.length && digits(numbers[at]) === cell) at++;
    return at === numbers.length;
  };
  assert.deepEqual(shown.filter((line) => !book.some((row) => holds(row, line))), []);
});

test("factors of a sample are those of sipas index, with n and interval; noise is no improvement", bounded, async (t) => {
  const page = await open(t, "/app/book/conference?unit=qn&year=2026", { as: "auditor" });
  const index = JSON.parse(server().run("index", "--wave", "moha-2023", "--format", "json"));
  const want = index.factors.map((f) => [f.percent, f.low, f.high, f.answered]).sort(([a], [b]) => a - b);
  const shown = await rows(page, "factors");
  assert.deepEqual(shown.map((r) => r.numbers.map((n) => n.toFixed(9))), want.map((f) => f.map((n) => n.toFixed(9))));
  assert.ok((await page.locator("#factors").innerText()).includes("n = 4.000"));
  // Whose change is called beyond chance, by Newcombe's interval of two intervals.
  const of = (wave) => new Map(JSON.parse(server().run("index", "--wave", wave, "--by", "unit", "--format", "json")).map((r) => [r.unit, r.overall]));
  const [now, was] = [of("moha-2023"), of("moha-2023-before")];
  const names = new Map((await published("type=sipas-2023&year=2026")).map((r) => [r.unit.name, r.unit.code]));
  let judged = 0;
  for (const row of (await rows(page, "ranks")).filter((r) => r.cells.some((c) => /mức ngẫu nhiên/.test(c)))) {
    const [a, b] = [now.get(names.get(row.name)), was.get(names.get(row.name))];
    const d = a.percent - b.percent;
    const clear = d > 0 ? d - Math.hypot(a.percent - a.low, b.high - b.percent) > 0 : d + Math.hypot(a.high - a.percent, b.percent - b.low) < 0;
    if (row.cells.some((c) => c.includes("quá mức"))) assert.ok(clear, `${row.name}: ${d} is called news`);
    judged++;
  }
  assert.ok(judged >= 10, `${judged} changes were judged`);
  for (const { cells } of await rows(page, "commend")) if (cells[3].includes("trong mức ngẫu nhiên")) assert.ok(cells[3].startsWith("Chưa"), cells.join(" | "));
});

test("a rule is edited, the list follows, and nobody edits without permission", bounded, async (t) => {
  const page = await open(t, "/app/book/conference?unit=qn&year=2019");
  const [now, was] = await Promise.all(["2019", "2018"].map(async (year) => new Map((await published(`type=sipas-2017&year=${year}`)).filter((r) => r.unit.code.startsWith("qn.h.")).map((r) => [r.unit.name, r.percent]))));
  const expected = (level, points) => [...now].filter(([name, p]) => p >= level && Number((p - was.get(name)).toFixed(2)) >= points).map(([name]) => name).sort();
  const commended = () => page.locator("#commend .rep-t").first().locator("tr.strong th").allInnerTexts().then((names) => names.sort());
  assert.deepEqual(await commended(), expected(90, 1));
  await page.locator('#commend a[href*="/app/book/rules"]').click();
  await noViolations(page);
  await page.locator("#f-book_level").fill("94");
  await page.locator("#f-book_points").fill("2");
  await page.locator("form[method=post][action='/app/book/rules'] .btn").click();
  await page.waitForURL(/said=commend/);
  assert.match(await page.locator("#history").innerText(), /Sửa · admin[\s\S]*94/);
  await page.goto(`${server().url}/app/book/conference?unit=qn&year=2019`);
  const list = await commended();
  assert.deepEqual(list, expected(94, 2));
  assert.notDeepEqual(list, expected(90, 1));
  for (const verdict of await page.locator("#commend .verdict").all()) assert.equal(await verdict.locator("svg").count(), 1, "a verdict has no shape");
  const other = await open(t, "/app/book/rules", { as: "manager", expected: ["status of 403"] });
  assert.equal(await other.locator("form[method=post][action='/app/book/rules']").count(), 0);
  const answer = await other.evaluate(() => fetch("/app/book/rules", { method: "POST", body: new URLSearchParams({ book_level: "1" }) }).then((r) => r.status));
  assert.equal(answer, 403);
});

test("thresholds are edited for the years from one on, and pages say so", bounded, async (t) => {
  const page = await open(t, "/app/book/types", { as: "admin" });
  for (const width of [360, 768, 1440]) {
    await page.setViewportSize(screens[width]);
    await noSidewaysScroll(page);
    await noViolations(page);
  }
  await page.locator('a[href*="type=one-stop-2018"]').click();
  await page.locator("#f-year").fill("2026");
  await page.locator("#f-c-excellent").fill("16,5");
  await page.locator("form[method=post][action='/app/book/types'] .btn").first().click();
  await page.waitForURL(/said=thresholds/);
  await noViolations(page);
  assert.match(await page.locator("#history").innerText(), /admin[\s\S]*15[\s\S]*16,5/);
  const classes = async (year) => {
    await page.goto(`${server().url}/app/book/league?type=one-stop-2018&year=${year}`);
    return { said: (await page.locator("main").innerText()).includes("ngưỡng đã sửa"), excellent: await page.locator(".chip", { hasText: "Xuất sắc" }).count() };
  };
  const league = async (year) => (await page.locator(".t-league .big-n").allInnerTexts()).map((s) => Number(s.replace(",", "."))).filter((v) => v >= (year === 2026 ? 16.5 : 15)).length;
  for (const year of [2026, 2025]) {
    const found = await classes(year);
    assert.equal(found.said, year === 2026);
    assert.equal(found.excellent, await league(year), `excellent in ${year}`);
  }
});

test("what goes together says n and interval, and that it is no cause", bounded, async (t) => {
  const page = await open(t, "/app/book/together?year=2019");
  const text = (await page.locator("main").innerText()).replace(/\s+/g, " ");
  assert.ok(text.includes("Đi cùng nhau không có nghĩa là cái này gây ra cái kia"));
  const shown = await page.locator("main tbody tr").evaluateAll((all) => all.map((tr) => tr.innerText.replace(/\s+/g, " ")));
  const figures = shown.filter((row) => /[+−]0,\d\d/.test(row));
  assert.ok(figures.length >= 20, `${figures.length} pairs`);
  for (const row of figures) assert.match(row, /[+−]?\d,\d\d đến [+−]?\d,\d\d.*\b1[0-9]\b/, row);
});
