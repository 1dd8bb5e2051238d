// Every kind of chart as a file, SVG and PNG, in both languages: the words of the page with their marks, the size that it says, and
// paint where the points are.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { sharedBrowser } from "./browser.mjs";
import { sharedServer } from "./server.mjs";
import { quiet, sharedSheets } from "./staff.mjs";

const server = sharedServer();
const sheetIn = sharedSheets(server, sharedBrowser());

const charts = [
  { name: "waves over years, with a break", at: "/app?wave=moha-2023", id: "trend" },
  { name: "weeks of volunteers", at: "/app?wave=onestop&period=all&step=week", id: "trend" },
  { name: "months of a unit", at: "/app/units/qn.p-uong-bi?wave=onestop&period=all&step=month", id: "trend" },
  { name: "rank bands", at: "/app/ranks?wave=moha-2023", id: "bump" },
  { name: "importance and performance", at: "/app/drivers?wave=moha-2017", id: "quadrant" },
  { name: "ranks in the index book", at: "/app/book/league?type=sipas-2017&year=2019", id: "bump" },
];

async function saved(page, id, kind) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(`#${id} [data-save=${kind}]`).click()]);
  assert.equal(download.suggestedFilename(), `${id}.${kind}`);
  return readFile(await download.path());
}

/** What a browser makes of an SVG file: parsed here it would fall under the policy of the page. */
const parsed = (page, svg) => page.evaluate((text) => {
  const doc = new DOMParser().parseFromString(text, "image/svg+xml");
  const number = (e, name) => Number(e.getAttribute(name));
  const shift = (e) => {
    const at = [0, 0];
    for (let g = e; g; g = g.parentElement) for (const [, x, y] of (g.getAttribute("transform") ?? "").matchAll(/translate\(([-\d.]+)[ ,]*([-\d.]*)\)/g)) [at[0], at[1]] = [at[0] + Number(x), at[1] + Number(y || 0)];
    return at;
  };
  return {
    broken: doc.querySelector("parsererror")?.textContent, title: doc.querySelector("title")?.textContent,
    words: [...doc.querySelectorAll("text")].map((x) => x.textContent).join("\n"),
    wide: number(doc.documentElement, "width"), high: number(doc.documentElement, "height"),
    points: [...doc.querySelectorAll("circle")].map((c) => { const [x, y] = shift(c); return { x: x + number(c, "cx"), y: y + number(c, "cy"), fill: c.getAttribute("fill") }; }),
  };
}, svg.replace(/<style>[^<]*<\/style>/, ""));

/** The part of a PNG that is not as its corner, and what is painted at some of its points. */
const looked = (page, png, points) => page.evaluate(async ({ data, points }) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  canvas.drawImage(bitmap, 0, 0);
  const all = canvas.getImageData(0, 0, bitmap.width, bitmap.height).data;
  const colour = (i) => `${all[4 * i]},${all[4 * i + 1]},${all[4 * i + 2]}`;
  const paper = colour(0);
  let ink = 0;
  for (let i = 0; i < all.length / 4; i++) if (colour(i) !== paper) ink++;
  return {
    wide: bitmap.width, high: bitmap.height, ink: ink / (all.length / 4),
    // A hollow point has paper within, so its edge is looked at too.
    bare: points.filter(({ x, y }) => [-5, -4, -3, 0, 3, 4, 5].every((d) => colour(Math.round(2 * y) * bitmap.width + Math.round(2 * x + 2 * d)) === paper)),
  };
}, { data: png.toString("base64"), points });

for (const { name, at, id } of charts) {
  for (const lang of ["vi", "en"]) {
    test(`${name}, ${lang}`, { timeout: 120_000 }, async () => {
      const page = await sheetIn(lang);
      assert.equal((await page.goto(server().url + at)).status(), 200);
      await page.locator(`#${id}[data-drawn]`).waitFor();
      const title = (await page.locator(`#${id} h2`).textContent()).trim();
      const shown = await page.locator(`#${id} .c-words text`).allTextContents();
      const svg = (await saved(page, id, "svg")).toString();
      const file = await parsed(page, svg);
      assert.equal(file.broken, undefined);
      assert.equal(file.title, title.replaceAll("\u00a0", " ")); // it may break there
      assert.ok(shown.length > 0);
      for (const word of shown) assert.ok(file.words.includes(word), `“${word}” is not in the file`);
      const marks = file.words.normalize("NFC").match(/[à-ỹđ]/giu) ?? [];
      assert.ok(marks.length > (lang === "vi" ? 10 : 0), `${marks.length} letters with marks`);
      assert.ok(!/var\(|https?:\/\/(?!www\.w3\.org)/.test(svg), "the file needs what is outside it");
      assert.match(svg, /data:(font\/woff2|application\/octet-stream)/);
      assert.ok(file.points.length > 0, "nothing is drawn");
      const png = await saved(page, id, "png");
      const picture = await looked(page, png, file.points);
      assert.deepEqual([picture.wide, picture.high], [file.wide * 2, file.high * 2]);
      assert.ok(picture.ink > 0.02 && picture.ink < 0.6, `${(100 * picture.ink).toFixed(1)} % of it is painted`);
      assert.deepEqual(picture.bare, [], "points are not painted");
      quiet(page);
    });
  }
}
