// Every page with figures, in both languages on three screens and on paper: nothing is cut, no words lie on each other, a figure
// leads to how it was computed, a sheet of paper holds the title and the first number.
import assert from "node:assert/strict";
import { test } from "node:test";
import { noSidewaysScroll, screens, sharedBrowser } from "./browser.mjs";
import { wordsOf } from "./paper.mjs";
import { sharedServer } from "./server.mjs";
import { quiet, sharedSheets } from "./staff.mjs";
import { numberIn } from "./truth.mjs";

const server = sharedServer();
const sheetIn = sharedSheets(server, sharedBrowser());

/** Pages; explain: whether its figures lead to explanations; paper: where its first number is, when it is printed here. */
const panels = [
  { name: "dashboard", at: "/app?wave=moha-2023", explain: true, paper: "[data-figure=overall]" },
  { name: "dashboard of volunteers", at: "/app?wave=onestop&period=all", explain: true },
  { name: "unit", at: "/app/units/qn.p-uong-bi?wave=moha-2023", explain: true, paper: "[data-figure=overall]" },
  { name: "heat map", at: "/app/heatmap?wave=moha-2023", explain: true, paper: "table.heat a.xp" },
  { name: "ranks", at: "/app/ranks?wave=moha-2023", paper: "table.t-ranks td:nth-child(5)" },
  { name: "breakdown", at: "/app/breakdown?wave=moha-2023&by=education", explain: true, paper: "table.t-groups .big-n" },
  { name: "breakdown of volunteers", at: "/app/breakdown?wave=onestop&by=service", explain: true },
  { name: "factors", at: "/app/drivers?wave=moha-2017", paper: "#alpha td.big-n" },
  { name: "no factors", at: "/app/drivers?wave=moha-2023" },
  { name: "two periods", at: "/app/compare?wave=moha-2023&unit=qn", explain: true, paper: "table.t-cmp .big-n a" },
  { name: "a unit and its own", at: "/app/compare?wave=moha-2023&by=family&unit=qn.p-uong-bi", explain: true },
  { name: "fieldwork", at: "/app/fieldwork?wave=moha-2023" },
  { name: "report", at: "/app/report?wave=moha-2023", paper: "#headline data" },
  { name: "explanation", at: "/app/explain?wave=moha-2023&figure=overall" },
  { name: "quality", at: "/app/quality?wave=pulse" },
];

/** Two frames, and the charts of a page drawn again for its width. */
async function settle(page) {
  if (await page.locator("figure[data-chart]:has(tbody tr)").count()) await page.locator("figure[data-drawn]").first().waitFor();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Words that do not fit where they stand, and words that lie on each other. */
const faults = (page) => page.evaluate(() => {
  const found = [];
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
  const short = (e) => `${e.tagName} “${e.textContent.trim().replace(/\s+/g, " ").slice(0, 50)}”`;
  for (const e of document.querySelectorAll("main :is(th, td, h1, h2, h3, p, li, dt, dd, summary, label, .btn, .chip, .big, .ans)")) {
    if (!shown(e) || e.closest(".vh, [hidden]") || e.matches(".vh") || !e.textContent.trim()) continue;
    if (e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && getComputedStyle(e).display !== "inline") found.push(`${short(e)} needs ${e.scrollWidth} px and has ${e.clientWidth}`);
  }
  for (const svg of document.querySelectorAll("main svg:has(text)")) {
    if (!shown(svg)) continue;
    const own = svg.getBoundingClientRect();
    const words = [...svg.querySelectorAll("text")].filter((t) => t.textContent && shown(t) && !t.closest("[aria-label=tip]")).map((t) => ({ text: t.textContent, ...t.getBoundingClientRect().toJSON() }));
    for (const [i, a] of words.entries()) {
      if (a.left < Math.min(own.left, 0) - 1 || a.right > document.documentElement.clientWidth + 1) found.push(`“${a.text}” leaves the page`);
      for (const b of words.slice(i + 1)) {
        if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6) found.push(`“${a.text}” lies on “${b.text}”`);
      }
    }
  }
  return [...new Set(found)];
});

for (const { name, at, explain, paper } of panels) {
  for (const lang of ["vi", "en"]) {
    test(`${name}, ${lang}`, { timeout: 180_000 }, async () => {
      const page = await sheetIn(lang);
      assert.equal((await page.goto(server().url + at)).status(), 200);
      const wrong = [];
      for (const width of [360, 768, 1440]) {
        await page.setViewportSize(screens[width]);
        await settle(page);
        await noSidewaysScroll(page).catch((err) => wrong.push(err.message));
        wrong.push(...(await faults(page)).map((f) => `${width} px: ${f}`));
      }
      assert.deepEqual(wrong, []);
      if (paper) await printed(page, paper);
      if (explain) {
        const link = page.locator('main a.xp[href^="/app/explain?"]:visible').first();
        const figure = numberIn(await link.textContent(), lang);
        await Promise.all([page.waitForURL(/\/app\/explain\?/), link.click()]);
        const explained = numberIn(await page.locator("[data-figure=explained]").textContent(), lang);
        assert.ok(Math.abs(explained.value - figure.value) <= figure.within + explained.within, `${figure.value} is explained as ${explained.value}`);
      }
      quiet(page);
    });
  }
}

/** A sheet of A4: the title and the first number are on the first pages, and nothing is beyond its edges. */
async function printed(page, first) {
  const [title, number] = [await page.locator("main h1").first().innerText(), await page.locator(first).first().textContent()];
  const sheets = wordsOf(await page.pdf({ format: "A4", preferCSSPageSize: true, printBackground: true }));
  assert.ok(sheets?.length > 0, "pdftotext (poppler-utils) is not installed; scripts/setup installs it");
  const words = sheets.flat().map((w) => w.text);
  for (const word of title.normalize("NFC").split(/\s+/)) assert.ok(words.includes(word), `“${word}” of the title is not on paper`);
  const digits = number.match(/\d[\d.,]*\d|\d/)[0];
  assert.ok(words.some((w) => w.startsWith(digits)), `${digits} is not on paper`);
  for (const [i, sheet] of sheets.entries()) {
    for (const w of sheet) assert.ok(w.x >= 0 && w.x2 <= 595.5, `sheet ${i + 1}: “${w.text}” leaves the paper at ${w.x2.toFixed(0)} of 595 points`);
  }
}
