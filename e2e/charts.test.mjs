// Charts: what is drawn is what the table says, on every screen, in both languages, by keyboard, on paper, as files.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { noViolations } from "./axe.mjs";
import { complaints, desk, noSidewaysScroll, screens, sharedBrowser } from "./browser.mjs";
import { sharedServer } from "./server.mjs";
import { login } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const bounded = { timeout: 90_000 };
const trend = "/app?wave=moha-2023";

async function sheet(t, { at = trend, locale = "vi-VN", ...more } = {}) {
  const context = await desk(browser(), { locale, ...more });
  const page = await context.newPage();
  const wrong = complaints(page);
  t.after(async () => {
    await context.close();
    assert.deepEqual(wrong, []);
  });
  await login(page, server(), "admin");
  await page.goto(server().url + at);
  if (more.javaScriptEnabled !== false) await page.locator("figure[data-drawn]").waitFor();
  return page;
}

const values = (page) => page.locator("#trend tbody data[value]").evaluateAll((list) =>
  list.filter((d) => d.closest("td").matches(".big-n")).map((d) => d.textContent.trim()));

for (const [lang, locale] of [["vi", "vi-VN"], ["en", "en-GB"]]) {
  for (const width of [360, 768, 1440]) {
    test(`the trend at ${width} px, ${lang}`, bounded, async (t) => {
      const page = await sheet(t, { locale, viewport: screens[width] });
      const told = await page.locator("#trend .c-points circle").evaluateAll((cs) => cs.map((c) => c.getAttribute("aria-label")));
      const table = await values(page);
      assert.ok(table.length > 1);
      assert.equal(told.length, table.length);
      table.forEach((value, i) => assert.ok(told[i].includes(value), `${told[i]} does not say ${value}`));
      // Labels in the chart are words of the figure, but for the numbers of the axis.
      const words = await page.locator("#trend .c-words text").allTextContents();
      assert.ok(table.some((value) => words.includes(value)), `${words} has none of ${table}`);
      const boxes = await page.locator("#trend .c-words text").evaluateAll((ts) => ts.map((x) => x.getBoundingClientRect().toJSON()));
      for (const [i, a] of boxes.entries()) {
        for (const b of boxes.slice(i + 1)) {
          assert.ok(a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 6 || b.bottom <= a.top + 6, `labels overlap: ${words}`);
        }
      }
      assert.equal(await page.locator("#trend table").isVisible(), false);
      await page.locator("#trend summary").click();
      assert.equal(await page.locator("#trend table").isVisible(), true);
      await noSidewaysScroll(page);
      await noViolations(page);
    });
  }
}

test("without JavaScript the table is there", bounded, async (t) => {
  const page = await sheet(t, { javaScriptEnabled: false });
  assert.equal(await page.locator("#trend table").isVisible(), true);
  assert.equal(await page.locator("#trend [data-save]:visible").count(), 0);
});

test("what happened stands in the table, and at its line in the chart", bounded, async (t) => {
  const page = await sheet(t);
  const rows = await page.locator("#trend tbody.happened tr").evaluateAll((trs) => trs.map((tr) => ({ mark: tr.dataset.event, text: tr.textContent.trim(), wide: tr.cells[0].colSpan, columns: tr.closest("table").tHead.rows[0].cells.length })));
  assert.ok(rows.length > 0, "nothing happened");
  const words = await page.locator("#trend .c-words text").allTextContents();
  for (const { mark, text, wide, columns } of rows) {
    assert.match(text, /^\d\d\/\d\d\/\d{4}: /);
    assert.ok(words.includes(mark), `${words} has no ${mark}`);
    assert.equal(wide, columns);
  }
  assert.equal(await page.locator("#trend .c-points circle").count(), (await values(page)).length, "what happened is drawn as a point");
});

test("arrow keys go from point to point and show the tip", bounded, async (t) => {
  const page = await sheet(t, { at: "/app?wave=pulse&step=week" });
  await page.locator("#trend .c-points circle[tabindex='0']").focus();
  await page.keyboard.press("Home");
  const first = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  await page.keyboard.press("ArrowRight");
  const second = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  assert.notEqual(first, second);
  assert.ok(second.includes((await values(page))[1]));
  const tip = page.locator("#trend [aria-label=tip] text");
  await tip.waitFor();
  assert.equal((await tip.textContent()).replaceAll("\u200b", ""), second.replaceAll("\n", ""));
  await page.keyboard.press("Escape");
  await tip.waitFor({ state: "detached" });
});

test("a new number in the table is drawn, and the focus stays", bounded, async (t) => {
  const page = await sheet(t);
  await page.locator("#trend .c-points circle").last().focus();
  await page.locator("#trend tbody data").last().evaluate((_, d = document.querySelectorAll("#trend td.big-n data")) => {
    const last = d[d.length - 1];
    last.value = "81.5";
    last.textContent = "81,50";
  });
  await page.locator("#trend .c-words text", { hasText: "81,50" }).waitFor();
  assert.match(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), /81,50/);
});

async function saved(page, kind) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(`#trend [data-save=${kind}]`).click()]);
  assert.equal(download.suggestedFilename(), `trend.${kind}`);
  return readFile(await download.path());
}

test("the chart as SVG and PNG stands for itself", bounded, async (t) => {
  const page = await sheet(t);
  const svg = (await saved(page, "svg")).toString();
  const title = (await page.locator("#trend h2").textContent()).trim();
  const found = await page.evaluate((text) => {
    const doc = new DOMParser().parseFromString(text, "image/svg+xml");
    return {
      broken: doc.querySelector("parsererror")?.textContent, title: doc.querySelector("title")?.textContent,
      words: [...doc.querySelectorAll("text")].map((x) => x.textContent).join("\n"),
      wide: Number(doc.documentElement.getAttribute("width")), high: Number(doc.documentElement.getAttribute("height")),
    };
  }, svg.replace(/<style>[^<]*<\/style>/, "")); // parsed here it would fall under the policy of the page
  assert.equal(found.broken, undefined);
  assert.equal(found.title, title);
  assert.ok(found.words.includes((await values(page)).at(-1)));
  assert.match(found.words, /n = /);
  assert.ok(!/var\(|https?:\/\/(?!www\.w3\.org)/.test(svg), "the file needs what is outside it");
  assert.match(svg, /data:font\/woff2|data:application\/octet-stream/);
  const png = await saved(page, "png");
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [found.wide * 2, found.high * 2]);
});

test("on paper the chart has the width of the page", bounded, async (t) => {
  const page = await sheet(t);
  await page.evaluate(() => new MutationObserver((_, o) => {
    window.printed = document.querySelector("#trend svg[viewBox]").getAttribute("width");
    o.disconnect();
  }).observe(document.querySelector("#trend .chart-box"), { childList: true }));
  const pdf = await page.pdf({ format: "A4" });
  assert.equal(pdf.subarray(0, 4).toString(), "%PDF");
  assert.equal(await page.evaluate(() => window.printed), "680");
});

test("only pages with charts take Plot's style", bounded, async (t) => {
  const page = await sheet(t);
  const policy = async (path) => (await page.request.get(server().url + path)).headers()["content-security-policy"];
  assert.match(await policy(trend), /style-src 'self' 'sha256-[^']+';/);
  assert.match(await policy("/app/units"), /style-src 'self';/);
});

for (const at of [trend, "/app/units/qn?wave=moha-2023", "/app/ranks?wave=moha-2023", "/app/drivers?wave=moha-2017", "/app/report?wave=moha-2023"]) {
  test(`a first visit with charts is light: ${at}`, bounded, async (t) => {
    const context = await desk(browser());
    t.after(() => context.close());
    const page = await context.newPage();
    await login(page, server(), "admin");
    const session = await context.storageState();
    const fresh = await desk(browser(), { storageState: session });
    t.after(() => fresh.close());
    const first = await fresh.newPage();
    const cdp = await fresh.newCDPSession(first);
    await cdp.send("Network.enable");
    let bytes = 0;
    cdp.on("Network.loadingFinished", (e) => (bytes += e.encodedDataLength));
    await first.goto(server().url + at, { waitUntil: "networkidle" });
    t.diagnostic(`${bytes} bytes`);
    assert.ok(bytes > 50_000 && bytes <= 250 << 10, `${bytes} bytes`);
  });
}
