// Every figure on a page is the one that `sipas index --format json` prints for the same wave, unit, days and channel.
// A figure says by its own link to its explanation what it is of.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedBrowser } from "./browser.mjs";
import { sharedServer } from "./server.mjs";
import { quiet, sharedSheets } from "./staff.mjs";
import { Comparison, Truth, figureOf, numberIn } from "./truth.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const sheetIn = sharedSheets(server, browser);
let truth;

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
    interval: document.querySelector("main").innerText.match(/95\s?%[^:]{0,12}: ([\d.,]+)–([\d.,]+)/)?.slice(1),
    overall: text(document.querySelector("[data-figure=overall]")), n: document.querySelector("data[data-figure=n]")?.value,
  };
});

for (const lang of ["vi", "en"]) {
  for (const view of views) {
    for (const { name, at } of pages) {
      const title = `${name}, ${[...query(view).values()].join(" ")}, ${lang}`;
      test(title, { timeout: 120_000 }, async (t) => {
        truth ??= new Truth(server());
        const page = await sheetIn(lang);
        const answer = await page.goto(server().url + at(query(view)));
        assert.equal(answer.status(), 200);
        if (await page.locator("#trend").count()) await page.locator("#trend[data-drawn]").waitFor();
        const own = name === "unit" ? "qn.p-uong-bi" : "qn";
        const above = truth.reports(view, "qn");
        const reportOf = (unit) => above.get(unit) ?? truth.reports(view, own).get(unit);
        const shown = await readPage(page);
        const compared = new Comparison(lang);
        for (const { text, unit, figure, wave, channel = "", from = "", to = "" } of shown.figures) {
          assert.deepEqual({ wave, from, to, ...(view.channel && { channel }) }, { from: "", to: "", ...view }, "the explanation is of something else");
          // Figures by channel stand on the page of all channels.
          const { percent, answered } = figureOf(channel === (view.channel ?? "") ? reportOf(unit) : truth.reports({ ...view, channel }, unit).get(unit), figure);
          compared.check(`${unit} ${figure}`, text, percent);
          if (/\d/.test(text) && figure.startsWith("item:")) assert.ok(answered >= 10, `${unit} ${figure} of ${answered} people is shown`);
        }
        for (const { unit, text } of shown.counts) compared.check(`n of ${unit}`, text, reportOf(unit).n);
        for (const { item, texts } of shown.shares) {
          const { counts, answered } = figureOf(reportOf(own), `item:${item}`);
          const levels = Object.values(counts);
          if (!texts.slice(0, -1).every((x) => numberIn(x, lang))) continue;
          compared.check(`n of ${item}`, texts.at(-1), answered);
          texts.slice(0, -1).forEach((x, i) => compared.check(`answer ${i + 1} of ${item}`, x, 100 * levels[i] / answered));
        }
        if (shown.n !== undefined) {
          assert.equal(Number(shown.n), reportOf(own).n);
          const { percent, low, high } = reportOf(own).overall;
          compared.must("overall", shown.overall, percent);
          // An interval stands there exactly where the command prints one, and is the same.
          assert.equal(shown.interval?.length, low === undefined ? undefined : 2, `the page says ${shown.interval}, printed ${low} to ${high}`);
          if (low !== undefined) [low, high].forEach((end, i) => compared.must(["low", "high"][i], shown.interval[i], end));
          // The newest wave of the line is the sample: the trend ends in its figure.
          if (view.wave === "moha-2023") assert.ok(Math.abs(shown.trend.at(-1) - reportOf(own).overall.percent) < 1e-9, `the trend ends at ${shown.trend.at(-1)}`);
        }
        t.diagnostic(`${compared.seen} figures`);
        assert.deepEqual(compared.faults, []);
        quiet(page);
        const items = reportOf(own).items.length;
        assert.ok(compared.seen >= (name === "heat map" ? items : name === "unit" ? 1 : 2), `only ${compared.seen} figures were found`);
      });
    }
  }
}
