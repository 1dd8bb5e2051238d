// Figures of the pages beyond the dashboard, each against `sipas index --format json` of the wave, unit, days and channel that
// the page says it is of: explanations and their files, comparisons, ranks, factors against the whole, fieldwork, published
// results; and what an open dashboard shows after more have answered.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sharedBrowser } from "./browser.mjs";
import { sharedServer } from "./server.mjs";
import { quiet, sharedSheets } from "./staff.mjs";
import { Comparison, Truth, countsOf, figureOf, itemsOf, numberIn, within } from "./truth.mjs";

const server = sharedServer();
const sheetIn = sharedSheets(server, sharedBrowser());
let truth;
const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);

/** A test in both languages, of a page that is open, with at least so many figures compared. */
function compares(title, at, least, body) {
  for (const lang of ["vi", "en"]) {
    test(`${title}, ${lang}`, { timeout: 120_000 }, async (t) => {
      truth ??= new Truth(server());
      const page = await sheetIn(lang);
      assert.equal((await page.goto(`${server().url}${at}${at.startsWith("/results") ? `${at.includes("?") ? "&" : "?"}lang=${lang}` : ""}`)).status(), 200);
      const compared = new Comparison(lang);
      await body(page, compared);
      t.diagnostic(`${compared.seen} figures`);
      assert.deepEqual(compared.faults, []);
      assert.ok(compared.seen >= least, `only ${compared.seen} figures were found`);
      quiet(page);
    });
  }
}

const texts = (cells) => cells.evaluateAll((list) => list.map((c) => c.textContent.trim()));

/** Rows of a CSV file without quotes that span lines. */
const csv = (text) => text.replace(/^\uFEFF/, "").trim().split(/\r?\n/).map((line) => line.split(","));

const views = [
  { wave: "moha-2023", unit: "qn", figure: "overall", instrument: "moha-2023@1" },
  { wave: "moha-2023", unit: "qn.p-uong-bi", figure: "domain:service", instrument: "moha-2023@1" },
  { wave: "moha-2023", unit: "qn", figure: "factor:service.feedback", instrument: "moha-2023@1" },
  { wave: "moha-2017", unit: "qn", figure: "item:C07", instrument: "moha-2017@1" },
  { wave: "onestop", unit: "qn", figure: "overall", instrument: "onestop@1", from: day(40), to: day(12), channel: "qr" },
];

for (const { instrument, ...view } of views) {
  const q = new URLSearchParams({ ...view, period: view.from ? "own" : "all" });
  compares(`explanation of ${[...q.values()].join(" ")}`, `/app/explain?${q}`, 8, async (page, compared) => {
    const form = await truth.instrument(instrument);
    const report = truth.reports(view, view.unit).get(view.unit);
    const figure = figureOf(report, view.figure);
    compared.must("the figure", await page.locator("[data-figure=explained]").innerText(), figure.percent);
    const items = itemsOf(form, view.figure).map((code) => report.items.find((i) => i.code === code));
    const most = Math.max(...items.map((i) => i.answered));
    const facts = await texts(page.locator("dl.kv dd"));
    compared.must("responses counted", facts[3], report.n);
    compared.must("people who answered", facts[4], most);
    const rows = await page.locator("table.t-num tbody tr").evaluateAll((trs) => trs.map((tr) => ({ code: tr.querySelector(".code").textContent, texts: [...tr.cells].slice(1).map((c) => c.textContent.trim()) })));
    assert.deepEqual(rows.map((r) => r.code), items.map((i) => i.code));
    for (const [i, { code, texts: [percent, satisfied, answered, ...rest] }] of rows.entries()) {
      const { counts, skipped, ...want } = items[i];
      compared.must(`${code} percent`, percent, want.percent);
      compared.must(`${code} satisfied`, satisfied, want.satisfied);
      compared.must(`${code} answered`, answered, want.answered);
      [...Object.values(counts), skipped].forEach((n, j) => compared.must(`${code}, answer ${j + 1}`, rest[j], n));
    }
    // The file beside it is of the same counts.
    const [head, ...lines] = csv(await (await page.request.get(await page.locator('main a[href^="/app/explain.csv"]').evaluate((a) => a.href))).text());
    const [item, answer, n] = ["item", "answer", "n"].map((name) => head.indexOf(name));
    for (const { code, counts } of items) {
      for (const [level, count] of Object.entries(counts)) {
        const line = lines.find((l) => l[item] === code && l[answer] === level);
        assert.ok(line, `the file has no ${code}, ${level}`);
        assert.equal(Number(line[n]), count, `${code}, ${level} in the file`);
      }
    }
  });
}

const comparisons = [
  ["two periods", "/app/compare?wave=moha-2023&unit=qn", 120],
  ["two units", "/app/compare?wave=moha-2023&by=unit&unit=qn.p-uong-bi&with=qn.p-mao-khe", 120],
  ["a unit and its own above", "/app/compare?wave=moha-2023&by=family&unit=qn.p-uong-bi", 120],
  ["days of a continuous wave", `/app/compare?wave=onestop&period=own&from=${day(30)}&to=${day(10)}&unit=qn`, 20],
];

for (const [title, at, least] of comparisons) {
  compares(`comparison of ${title}`, at, least, async (page, compared) => {
    const forms = {};
    for (const wave of ["moha-2023", "moha-2023-before", "onestop"]) forms[wave] = await truth.instrument(`${wave.replace("-before", "")}@1`);
    const rows = await page.locator("table.t-cmp tbody tr").evaluateAll((trs) => trs.map((tr) => ({
      sides: [...tr.querySelectorAll("td:not(.only-s) > a.xp")].map((a) => ({ ...Object.fromEntries(new URL(a.href).searchParams), text: a.textContent.trim(), n: a.closest("td").nextElementSibling.textContent.trim() })),
      phone: [...tr.querySelectorAll(".only-s a.xp")].map((a) => a.textContent.trim()), apart: tr.querySelector("td.say")?.textContent.trim(),
    })));
    for (const { sides, phone, apart } of rows) {
      if (sides.length < 2) continue; // one of them is of too few
      const want = sides.map((side) => truth.figure(side));
      sides.forEach(({ unit, figure, text, n, wave }, i) => {
        compared.must(`${wave} ${unit} ${figure}`, text, want[i].percent);
        const people = itemsOf(forms[wave], figure).map((code) => figureOf(truth.reports(sides[i], unit).get(unit), `item:${code}`).answered);
        compared.must(`n of ${wave} ${unit} ${figure}`, n, Math.max(...people));
      });
      for (const text of phone) compared.must(`on a phone, ${sides[1].figure}`, text, want[1].percent);
      // "Higher by 4.3 points (+1.8 to +6.9)", "Unclear: +2.3 (…)": the difference stands before its interval.
      const points = apart.replace(/ \(.*/, "").match(/[-+−]?\d[\d.,]*/g)?.at(-1);
      const difference = want[0].percent - want[1].percent;
      compared.must(`difference of ${sides[0].figure}`, points, /^[-+−]/.test(points) ? difference : Math.abs(difference));
    }
  });
}

compares("ranks", "/app/ranks?wave=moha-2023", 30, async (page, compared) => {
  for (const wave of ["moha-2023", "moha-2023-before"]) {
    // A unit of enough people is hidden too where subtraction would tell of others; the dashboard of the wave says which.
    await page.goto(`${server().url}/app?wave=${wave}&all=1`);
    const shown = await page.locator('main table.t-rank tr:has(a.xp) th a[href^="/app/units/"]').evaluateAll((as) => as.map((a) => new URL(a.href).pathname.split("/").pop()));
    const all = [...truth.reports({ wave }, "qn").values()].filter((r) => shown.includes(r.unit)).sort((a, b) => b.overall.percent - a.overall.percent);
    assert.deepEqual(all.filter((r) => r.n < 10), []);
    assert.deepEqual([...truth.reports({ wave }, "qn").values()].filter((r) => r.n >= 30 && r.unit !== "qn" && !shown.includes(r.unit)).map((r) => r.unit), []);
    await page.goto(`${server().url}/app/ranks?wave=moha-2023`);
    const names = new Map(truth.rows(wave).map((r) => [r.unit_name, r.unit]));
    const label = await page.locator(`#f-wave option[value="${wave}"]`).textContent();
    const rows = await page.locator("#bump tbody tr").evaluateAll((trs, name) => trs.filter((tr) => tr.cells[0].textContent === name).map((tr) => [...tr.cells].slice(1).map((c) => c.textContent.trim())), label);
    assert.ok(rows.length >= 6, `${rows.length} rows of ${wave}`);
    for (const [name, , rank, from, to, n] of rows) {
      if (!/\d\/\d/.test(rank)) continue;
      const at = all.findIndex((r) => r.unit === names.get(name));
      compared.must(`rank of ${name}`, rank.split("/")[0], at + 1);
      compared.must(`ranked with ${name}`, rank.split("/")[1], all.length);
      compared.must(`n of ${name}`, n, all[at].n);
      assert.ok(Number(from) <= at + 1 && at + 1 <= Number(to), `${name} is ranked ${at + 1}, outside ${from}–${to}`);
    }
  }
});

compares("factors against the whole", "/app/drivers?wave=moha-2017&unit=qn", 25, async (page, compared) => {
  const report = truth.reports({ wave: "moha-2017" }, "qn").get("qn");
  const form = await truth.instrument("moha-2017@1");
  const rows = truth.counted("moha-2017");
  const lines = await page.locator("#quadrant tbody tr").evaluateAll((trs) => trs.map((tr) => ({ value: tr.querySelector("td.big-n").textContent.trim(), n: tr.lastElementChild.textContent.trim() })));
  assert.equal(lines.length, report.factors.length);
  report.factors.forEach((f, i) => {
    compared.must(f.code, lines[i].value, f.percent);
    compared.must(`n of ${f.code}`, lines[i].n, Math.max(...itemsOf(form, `factor:${f.code}`).map((code) => countsOf(rows, code).answered)));
  });
  const overall = await texts(page.locator("#quadrant tfoot tr[data-ref=y] td.num"));
  compared.must("the overall", overall.find(Boolean), report.overall.percent);
  // Each wish, in any order.
  const wish = form.items.find((q) => q.code === "W1");
  const asked = rows.filter((r) => r.answers.W1?.length > 0);
  for (const [name, , share, n] of await page.locator("#wishes tr").evaluateAll((trs) => trs.map((tr) => [...tr.cells].map((c) => c.textContent.trim())))) {
    const option = wish.options.find((o) => o.label[compared.lang] === name);
    assert.ok(option, `no wish is called ${name}`);
    compared.must(name, share, (100 * asked.filter((r) => r.answers.W1.includes(option.value)).length) / asked.length);
    compared.must(`n of ${name}`, n, asked.length);
  }
});

test("a plan for the sample", () => {
  const file = join(server().data, "plan.csv");
  writeFileSync(file, "wave,unit,planned,population,issued,deff\nmoha-2023,qn.p-uong-bi,60,9000,190,1.4\nmoha-2023,qn.p-mao-khe,80,13000,,1.4\nmoha-2023,qn.p-yen-tu,100,17000,130,1.4\n");
  server().run("import", "plan", file);
});

compares("fieldwork", "/app/fieldwork?wave=moha-2023&unit=qn", 12, async (page, compared) => {
  const planned = { "qn.p-uong-bi": 60, "qn.p-mao-khe": 80, "qn.p-yen-tu": 100 };
  const first = page.locator("table.t-field tr:has(a[href*='p-uong-bi'])");
  while (numberIn(await first.locator("td.num").nth(1).textContent(), compared.lang)?.value !== 60) await page.reload(); // until the server has seen the plan
  const rows = await page.locator("table.t-field tbody tr").evaluateAll((trs) => trs.map((tr) => ({ unit: new URL(tr.querySelector("th a").href).pathname.split("/").pop(), texts: [...tr.cells].slice(2).map((c) => c.textContent.trim()) })));
  let missing = 0;
  for (const { unit, texts: [share, plan, , returned, valid] } of rows) {
    const counted = truth.counted("moha-2023", unit).length;
    const wanted = planned[unit] ?? numberIn(plan, compared.lang).value;
    compared.must(`${unit} of its plan`, share, (100 * counted) / wanted);
    compared.must(`${unit} planned`, plan, wanted);
    compared.must(`${unit} returned`, returned, truth.rows("moha-2023").filter((r) => within(r, unit)).length);
    compared.must(`${unit} valid`, valid, counted);
    missing += Math.max(0, wanted - counted);
  }
  // A unit that has too many does not make up for another.
  compared.must("missing", (await texts(page.locator(".tilerow .tile .v"))).at(-1), missing);
});

for (const at of ["/results", "/results/qn"]) {
  compares(`published results, ${at}`, at, 100, async (page, compared) => {
    const reports = truth.reports({ wave: "moha-2023" }, "qn");
    const rows = await page.locator("main tbody tr:has(th a)").evaluateAll((trs) => trs.map((tr) => ({ unit: new URL(tr.querySelector("th a").href).pathname.split("/").pop(), percent: tr.querySelector("td b")?.textContent.trim(), n: tr.lastElementChild.textContent.trim() })));
    for (const { unit, percent, n } of rows) {
      if (!percent) continue;
      assert.ok(reports.get(unit).n >= 10, `${unit} is shown`);
      compared.must(unit, percent, reports.get(unit).overall.percent);
      compared.must(`n of ${unit}`, n, reports.get(unit).n);
    }
  });
}

compares("a unit's published results", "/results/qn", 10, async (page, compared) => {
  const report = truth.reports({ wave: "moha-2023" }, "qn").get("qn");
  const each = report.items.map((i) => i.percent).sort((a, b) => b - a);
  const [best, worst] = await page.locator(".two section").evaluateAll((all) => all.map((s) => [...s.querySelectorAll("tbody td b")].map((b) => b.textContent)));
  best.forEach((text, i) => compared.must(`place ${i + 1}`, text, each[i]));
  worst.forEach((text, i) => compared.must(`place ${i + 1} from below`, text, each.at(-1 - i)));
  compared.must("out of a hundred", await page.locator(".hkey .k5 b").textContent(), report.overall.percent);
});

test("an open dashboard that moved shows what the command prints", { timeout: 120_000 }, async () => {
  const page = await sheetIn("vi");
  truth ??= new Truth(server());
  const opened = page.waitForResponse((r) => r.url().includes("/app/live?"));
  await page.goto(`${server().url}/app?wave=onestop&period=all`);
  await opened;
  const was = await page.locator("[data-figure=n]").first().getAttribute("value");
  const point = await server().point("onestop@1");
  const now = () => new Date().toISOString().replace(/\.\d+Z/, "Z");
  for (let i = 0; i < 12; i++) {
    const body = { id: randomUUID(), point, instrument: "onestop@1", locale: "vi", started_at: now(), submitted_at: now(), answers: { F1: 1, F2: 2, F3: 3, F4: 1, F5: 5 } };
    assert.equal((await fetch(`${server().url}/api/v1/responses`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })).status, 201);
  }
  await page.waitForFunction((n) => Number(document.querySelector("[data-figure=n]").value) >= Number(n) + 12, was, { timeout: 60_000 });
  truth.forget();
  const view = { wave: "onestop" };
  const report = truth.reports(view, "qn").get("qn");
  assert.equal(Number(await page.locator("[data-figure=n]").first().getAttribute("value")), report.n);
  assert.equal(report.n, Number(was) + 12);
  const compared = new Comparison("vi");
  compared.must("overall", await page.locator("[data-figure=overall]").first().innerText(), report.overall.percent);
  const figures = await page.locator('main a[href^="/app/explain?"]').evaluateAll((all) => all.map((a) => ({ text: a.textContent.trim(), ...Object.fromEntries(new URL(a.href).searchParams) })));
  for (const f of figures) if (numberIn(f.text, "vi") && f.unit === "qn" && !f.channel) compared.must(f.figure, f.text, figureOf(report, f.figure).percent);
  assert.deepEqual(compared.faults, []);
  assert.ok(compared.seen > 5, `only ${compared.seen} figures`);
  quiet(page);
});
