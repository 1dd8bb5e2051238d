// Every figure on a page is the one that `sipas index --format json` prints for the same wave, unit, days and channel.
// A figure says by its own link to its explanation what it is of.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complaints, desk, sharedBrowser } from "./browser.mjs";
import { sharedServer } from "./server.mjs";
import { login } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();

// What the days of the demo are, as the command and the address write them.
const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
const days = { from: day(40), to: day(12) };

const views = [
  { wave: "moha-2023" },
  { wave: "onestop" },
  { wave: "onestop", ...days },
  { wave: "onestop", channel: "qr" },
  { wave: "pulse", channel: "kiosk", ...days },
];

/** The pages of a view, and how many figures there must be at least, so that none goes missing unseen. */
const pages = [
  { name: "dashboard", at: (q) => `/app?${q}` },
  { name: "unit", at: (q) => `/app/units/qn.p-uong-bi?${q}` },
  { name: "heat map", at: (q) => `/app/heatmap?${q}` },
  { name: "heat map by factor", at: (q) => `/app/heatmap?by=factor&page=1&${q}` },
];

const query = ({ wave, from, to, channel }) => {
  const q = new URLSearchParams({ wave, period: from ? "own" : "all" });
  for (const [name, value] of Object.entries({ from, to, channel })) if (value) q.set(name, value);
  return q;
};

const printed = new Map();

/** What the command prints, by unit: the unit and those directly below it. */
function reports({ wave, from, to, channel }, unit) {
  const args = ["index", "--wave", wave, "--unit", unit, "--by", "unit", "--format", "json"];
  for (const [flag, value] of Object.entries({ from, to, channel })) if (value) args.push(`--${flag}`, value);
  const key = args.join(" ");
  if (!printed.has(key)) printed.set(key, new Map(JSON.parse(server().run(...args)).map((r) => [r.unit, r])));
  return printed.get(key);
}

/** The figure of a report that a link names: "overall", "factor:service.access", "item:S24". */
function figureOf(report, part) {
  const [kind, code] = part.split(/:(.*)/);
  if (kind === "overall") return report.overall;
  const list = { domain: report.domains, factor: report.factors, item: report.items }[kind];
  const found = list?.find((f) => f.code === code);
  assert.ok(found, `the command prints no ${part}`);
  return found;
}

// A number as the language writes it, and how far what it was rounded from may lie.
function numberIn(text, lang) {
  const [, sign, digits] = text.replace(/[\s\u00a0]*%$/, "").match(/^([-+−]?)([\d.,]+)$/) ?? [];
  if (digits === undefined) return null;
  const plain = lang === "vi" ? digits.replaceAll(".", "").replace(",", ".") : digits.replaceAll(",", "");
  return { value: Number(plain) * (/[-−]/.test(sign) ? -1 : 1), within: 0.5 * 10 ** -(plain.split(".")[1]?.length ?? 0) + 1e-9 };
}

/** All that a page shows: figures with their links, counts of the units in tables, shares of answers, the trend. */
const readPage = (page) => page.evaluate(() => {
  const text = (e) => e?.textContent.trim() ?? "";
  const parts = (a) => Object.fromEntries(new URL(a.href).searchParams);
  const unitOf = (a) => new URL(a.href).pathname.split("/").pop();
  return {
    figures: [...document.querySelectorAll('main a[href^="/app/explain?"]')].map((a) => ({ text: text(a), ...parts(a) })),
    counts: [
      ...[...document.querySelectorAll("#units tbody tr:has(th a[href^='/app/units/'])")].map((tr) => {
        const at = [...tr.closest("table").tHead.rows[0].cells].findIndex((c) => /^n( [↑↓])?$/.test(text(c)));
        return { unit: unitOf(tr.querySelector("th a")), text: text(tr.cells[at]) };
      }),
      ...[...document.querySelectorAll("table.heat thead th a")].map((a) => ({
        unit: unitOf(a), text: text(a.closest("table").tBodies[0].rows[1].cells[a.closest("th").cellIndex]),
      })),
    ],
    shares: [...document.querySelectorAll("table.t-num tbody tr:has(th .code)")].filter((tr) => tr.cells.length === 7)
      .map((tr) => ({ item: text(tr.querySelector(".code")), texts: [...tr.cells].slice(1).map(text) })),
    trend: [...document.querySelectorAll("#trend[data-drawn] tbody td.big-n data")].map((d) => Number(d.value)),
    overall: text(document.querySelector("[data-figure=overall]")), n: document.querySelector("data[data-figure=n]")?.value,
  };
});

for (const lang of ["vi", "en"]) {
  for (const view of views) {
    for (const { name, at } of pages) {
      const title = `${name}, ${[...query(view).values()].join(" ")}, ${lang}`;
      test(title, { timeout: 120_000 }, async (t) => {
        const context = await desk(browser(), { locale: { vi: "vi-VN", en: "en-GB" }[lang] });
        const page = await context.newPage();
        const wrong = complaints(page);
        t.after(() => context.close());
        await login(page, server(), "admin");
        const answer = await page.goto(server().url + at(query(view)));
        assert.equal(answer.status(), 200);
        if (await page.locator("#trend").count()) await page.locator("#trend[data-drawn]").waitFor();
        const own = name === "unit" ? "qn.p-uong-bi" : "qn";
        const above = reports(view, "qn");
        const reportOf = (unit) => above.get(unit) ?? reports(view, own).get(unit);
        const shown = await readPage(page);
        const faults = [];
        const check = (what, text, want) => {
          const got = numberIn(text, lang);
          if (got && !(Math.abs(got.value - want) <= got.within)) faults.push(`${what}: ${text} on the page, ${want} printed`);
          return got !== null;
        };
        let seen = 0;
        for (const { text, unit, figure, wave, channel = "", from = "", to = "" } of shown.figures) {
          assert.deepEqual({ wave, from, to, ...(view.channel && { channel }) }, { from: "", to: "", ...view }, "the explanation is of something else");
          // Figures by channel stand on the page of all channels.
          const { percent, answered } = figureOf(channel === (view.channel ?? "") ? reportOf(unit) : reports({ ...view, channel }, unit).get(unit), figure);
          if (check(`${unit} ${figure}`, text, percent)) seen++;
          if (/\d/.test(text) && figure.startsWith("item:")) assert.ok(answered >= 10, `${unit} ${figure} of ${answered} people is shown`);
        }
        for (const { unit, text } of shown.counts) if (check(`n of ${unit}`, text, reportOf(unit).n)) seen++;
        for (const { item, texts } of shown.shares) {
          const { counts, answered } = figureOf(reportOf(own), `item:${item}`);
          const levels = Object.values(counts);
          if (!texts.slice(0, -1).every((x) => numberIn(x, lang))) continue;
          check(`n of ${item}`, texts.at(-1), answered);
          texts.slice(0, -1).forEach((x, i) => check(`answer ${i + 1} of ${item}`, x, 100 * levels[i] / answered) && seen++);
        }
        if (shown.n !== undefined) {
          assert.equal(Number(shown.n), reportOf(own).n);
          check("overall", shown.overall, reportOf(own).overall.percent) && seen++;
          // The newest wave of the line is the sample: the trend ends in its figure.
          if (view.wave === "moha-2023") assert.ok(Math.abs(shown.trend.at(-1) - reportOf(own).overall.percent) < 1e-9, `the trend ends at ${shown.trend.at(-1)}`);
        }
        t.diagnostic(`${seen} figures`);
        assert.deepEqual(faults, []);
        assert.deepEqual(wrong, []);
        const items = reportOf(own).items.length;
        assert.ok(seen >= (name === "heat map" ? items : name === "unit" ? 1 : 2), `only ${seen} figures were found`);
      });
    }
  }
}
