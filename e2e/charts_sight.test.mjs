// Charts and heat maps for other eyes: colours that stay apart without red, green or blue; forced colours; more contrast;
// paper without colours.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complaints, desk, sharedBrowser } from "./browser.mjs";
import { sharedServer } from "./server.mjs";
import { login } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const bounded = { timeout: 120_000 };

async function sheet(t, at, more = {}) {
  const context = await desk(browser(), more);
  const page = await context.newPage();
  const wrong = complaints(page);
  t.after(async () => {
    await context.close();
    assert.deepEqual(wrong, []);
  });
  await login(page, server(), "admin");
  await page.goto(server().url + at);
  if (await page.locator("figure[data-chart]").count()) await page.locator("figure[data-drawn]").first().waitFor();
  return page;
}

// CIE L*a*b* (D65) of a colour in sRGB, 0–255.
function lab([r, g, b]) {
  const [R, G, B] = [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  const f = (v) => (v > 216 / 24389 ? Math.cbrt(v) : (24389 / 27 * v + 16) / 116);
  const x = f((0.4124 * R + 0.3576 * G + 0.1805 * B) / 0.95047);
  const y = f(0.2126 * R + 0.7152 * G + 0.0722 * B);
  const z = f((0.0193 * R + 0.1192 * G + 0.9505 * B) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
const apart = (a, b) => Math.hypot(...lab(a).map((v, i) => v - lab(b)[i]));

/** What the screen shows of colours, as another eye sees them: painted, photographed and read. */
async function seen(page, colours) {
  await page.evaluate((list) => {
    document.body.replaceChildren(...list.map((colour, i) => {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      for (const [k, v] of Object.entries({ width: 20, height: 20, x: 0 })) svg.setAttribute(k, v);
      const rect = svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "rect"));
      for (const [k, v] of Object.entries({ width: 20, height: 20, fill: colour })) rect.setAttribute(k, v);
      svg.id = `c${i}`;
      return svg;
    }));
  }, colours);
  const shots = [];
  for (const i of colours.keys()) shots.push((await page.locator(`#c${i}`).screenshot()).toString("base64"));
  return page.evaluate(async (list) => Promise.all(list.map(async (data) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    const canvas = new OffscreenCanvas(20, 20).getContext("2d");
    canvas.drawImage(bitmap, 0, 0);
    return [...canvas.getImageData(10, 10, 1, 1).data.slice(0, 3)];
  })), shots);
}

const least = 16; // look.md measured 16.7 between the closest two of the five steps
const sets = {
  "five steps": ["--s1", "--s2", "--s3", "--s4", "--s5"],
  "heat map": ["--s1", "--s2", "--s3-soft", "--s4", "--s5"],
  "below, same, above": ["--data-down", "--data-same", "--data-up"],
  "the unit, its reference": ["--data", "--data-ref"],
};

for (const type of ["none", "protanopia", "deuteranopia", "tritanopia"]) {
  test(`colours that say something stay apart, ${type}`, bounded, async (t) => {
    const page = await sheet(t, "/app/units");
    const tokens = [...new Set(Object.values(sets).flat())];
    const colours = await page.evaluate((names) => names.map((n) => {
      const probe = document.body.appendChild(document.createElement("i"));
      probe.style.color = `var(${n})`;
      return getComputedStyle(probe).color;
    }), tokens);
    await page.goto("about:blank"); // the page's policy has nothing to do with this
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Emulation.setEmulatedVisionDeficiency", { type });
    const found = new Map((await seen(page, colours)).map((rgb, i) => [tokens[i], rgb]));
    const close = [];
    let closest = Infinity;
    for (const [name, members] of Object.entries(sets)) {
      for (const [i, a] of members.entries()) {
        for (const b of members.slice(i + 1)) {
          const d = apart(found.get(a), found.get(b));
          closest = Math.min(closest, d);
          if (d < least) close.push(`${name}: ${a} and ${b} are ${d.toFixed(1)} apart`);
        }
      }
    }
    t.diagnostic(`closest: ${closest.toFixed(1)}`);
    assert.deepEqual(close, []);
  });
}

// Marks whose fill or stroke is their ground's colour cannot be seen.
const invisible = (page) => page.evaluate(() => {
  const rgb = (s) => s.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0.5) return c;
    }
    return [255, 255, 255];
  };
  const far = (a, b) => Math.max(...[0, 1, 2].map((i) => Math.abs(a[i] - b[i])));
  const bad = new Set();
  let marks = 0;
  for (const mark of document.querySelectorAll("main svg.bar rect, main svg.strip circle, main svg.strip .iv, main svg.dots circle, main svg.div rect, main svg.pair-c circle, main svg.pair-c .pai, .c-points circle, main svg [aria-label=rule] line, main svg [aria-label=line] path, main svg text:not(.on4, .on5)")) { // those stand on bars
    const style = getComputedStyle(mark);
    const svg = mark.closest("svg");
    const inks = [style.fill, style.stroke].filter((c) => c !== "none").map(rgb).filter((c) => c.length < 4 || c[3] > 0);
    marks++;
    if (!inks.some((c) => far(c, ground(svg)) >= 24)) bad.add(`${svg.getAttribute("class")} ${mark.tagName}.${mark.getAttribute("class")}: ${style.fill} on ${ground(svg)}`);
  }
  for (const cell of document.querySelectorAll("td.h1x, td.h2x, td.h4x, td.h5x")) {
    marks++;
    const style = getComputedStyle(cell);
    if (far(rgb(style.backgroundColor), rgb(getComputedStyle(cell.querySelector("a") ?? cell).color)) < 60) bad.add(`${cell.className}: ${style.color} on ${style.backgroundColor}`);
  }
  return { marks, bad: [...bad] };
});

for (const colorScheme of ["light", "dark"]) {
  for (const at of ["/app?wave=moha-2023", "/app/heatmap?wave=moha-2023", "/app/ranks?wave=moha-2023", "/app/drivers?wave=moha-2017", "/app/breakdown?wave=moha-2023&by=age",
    "/app/compare?wave=moha-2023&unit=qn", "/app/report?wave=moha-2023", "/app/units/qn.p-uong-bi?wave=onestop&period=all"]) {
    test(`forced colours, ${colorScheme}: every mark of ${at} can be seen`, bounded, async (t) => {
      const page = await sheet(t, at, { forcedColors: "active", colorScheme });
      const { marks, bad } = await invisible(page);
      assert.ok(marks > 5, `only ${marks} marks`);
      assert.deepEqual(bad, []);
      const kinds = await page.locator("table.heat td.h1x, table.heat td.h5x").evaluateAll((l) => [...new Set(l.map((c) => getComputedStyle(c).backgroundColor))]);
      if (at.includes("heatmap")) assert.equal(kinds.length, 2, "low and high look alike");
    });
  }
}

test("on paper low is hatched, and nothing is cut between two pages", bounded, async (t) => {
  const page = await sheet(t, "/app/heatmap?wave=moha-2023");
  await page.emulateMedia({ media: "print" });
  const images = await page.locator("td.h1x, td.h2x, td.h5x").evaluateAll((l) =>
    Object.fromEntries(l.map((c) => [c.className.match(/h\dx/)[0], [getComputedStyle(c).backgroundImage.slice(0, 9), getComputedStyle(c).printColorAdjust]])));
  assert.deepEqual(images, { h1x: ["repeating", "exact"], h2x: ["repeating", "exact"], h5x: ["none", "exact"] });
  const cut = await page.locator("table.heat tr").evaluateAll((l) => l.filter((r) => getComputedStyle(r).breakInside !== "avoid").length);
  assert.equal(cut, 0);
  await page.setViewportSize({ width: 688, height: 1000 }); // A4 less its margins
  const wide = await page.locator("table.heat").evaluate((e) => e.getBoundingClientRect().width);
  assert.ok(wide <= 688, `the table is ${wide} px wide on a page of 688`);
});

test("the heat map is one stop of the Tab key, and arrow keys go through it", bounded, async (t) => {
  const page = await sheet(t, "/app/heatmap?wave=moha-2023");
  assert.equal(await page.locator("table.heat tbody a.xp[tabindex='-1']").count(), (await page.locator("table.heat tbody a.xp").count()) - 1);
  await page.locator("table.heat tbody a.xp").first().focus();
  const at = () => page.evaluate(() => {
    const cell = document.activeElement.closest("td");
    return [cell.parentElement.rowIndex, cell.cellIndex];
  });
  const [row, column] = await at();
  for (const key of ["ArrowRight", "ArrowDown", "ArrowRight"]) await page.keyboard.press(key);
  const [down, right] = await at();
  assert.ok(down > row && right === column + 2, `${down}, ${right}`);
  await Promise.all([page.waitForURL(/\/app\/explain\?/), page.keyboard.press("Enter")]);
});

test("who asks for more contrast gets it: no words paler than the second ink, lines that can be seen", bounded, async (t) => {
  const page = await sheet(t, "/app?wave=moha-2023", { contrast: "more" });
  const pale = () => page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement("i"));
    const of = (token) => ((probe.style.color = `var(${token})`), getComputedStyle(probe).color);
    const [ink3, line] = ["--ink-3", "--line"].map(of);
    return { ink3, line, ink2: of("--ink-2") };
  });
  const more = await pale();
  await page.emulateMedia({ contrast: "no-preference" });
  const usual = await pale();
  const light = (rgb) => lab(rgb.match(/[\d.]+/g).map(Number))[0];
  assert.ok(light(more.ink3) <= light(usual.ink2) + 0.5, `captions are ${more.ink3}`);
  assert.ok(light(more.line) <= light(usual.line) - 15, `lines are ${more.line}, usually ${usual.line}`);
});

// A spreadsheet takes what is copied from a table as rows of cells between tabs.
for (const [lang, locale, number] of [["vi", "vi-VN", /^\d{1,3}(\.\d{3})*(,\d+)?$/], ["en", "en-GB", /^\d{1,3}(,\d{3})*(\.\d+)?$/]]) {
  test(`the table under a chart is copied as rows of cells, ${lang}`, bounded, async (t) => {
    const page = await sheet(t, "/app?wave=moha-2023", { locale, permissions: ["clipboard-read", "clipboard-write"] });
    await page.locator("#trend summary").click();
    const rows = await page.locator("#trend table tr").evaluateAll((trs) => trs.map((tr) => [...tr.cells].map((c) => c.innerText.trim())));
    await page.locator("#trend table").evaluate((table) => getSelection().selectAllChildren(table));
    await page.keyboard.press("Control+C");
    const text = await page.evaluate(() => navigator.clipboard.readText());
    const lines = text.trim().split(/\r?\n/).map((line) => line.split("\t").map((cell) => cell.trim()));
    assert.equal(lines.length, rows.length, text);
    for (const [i, line] of lines.entries()) assert.deepEqual(rows[i].map((_, j) => line[j] ?? ""), rows[i], `row ${i + 1}`);
    const [head, first] = lines;
    assert.equal(head.length, first.length);
    assert.ok(first.filter((cell) => number.test(cell)).length >= 3, `${first} has no numbers as ${lang} writes them`);
  });
}

// The button copies all tables in sight; a spreadsheet takes only the keyboard's minus for one.
test("tables are copied with numbers that a spreadsheet knows", bounded, async (t) => {
  const page = await sheet(t, "/app?wave=moha-2023", { permissions: ["clipboard-read", "clipboard-write"] });
  assert.match(await page.locator("main").innerText(), /−\d/);
  await page.locator("[data-copy]").click();
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).includes("\t"));
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(text, /\t-\d+,\d/);
  assert.doesNotMatch(text, /−\d|\u00a0/);
});
