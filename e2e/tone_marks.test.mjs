// Every Vietnamese letter with its marks, at every weight used, in the fonts of both kinds of page: one font has it (no
// box, no letter borrowed from another font in the middle of a word), each looks like no other, and at the line heights
// used the marks of one line stay clear of the line before.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { launch } from "./browser.mjs";

const css = (name) => readFileSync(new URL(`../static/css/${name}`, import.meta.url), "utf8");
const token = (name) => css("tokens.css").match(new RegExp(`--${name}:\\s*([^;]+);`))?.[1].trim() ?? assert.fail(name);

// Six tones on twelve vowels, and đ: 73 letters; those that are more than a plain Latin letter are 67, twice with capitals.
const tones = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"];
const vowels = ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"];
const lower = vowels.flatMap((v) => tones.map((tone) => (v + tone).normalize("NFC"))).concat("đ").filter((c) => c > "z");
const letters = lower.concat(lower.map((c) => c.toUpperCase()));

// The staff pages' own font faces, with the files in them: each letter comes from the file that its range names.
const fontFaces = css("staff.css")
  .match(/@font-face \{[^}]+\}/g)
  .join("\n")
  .replace(/url\(\.\.\/fonts\/([^)]+)\)/g, (_, name) => {
    const data = readFileSync(new URL(`../static/fonts/${name}`, import.meta.url)).toString("base64");
    return `url(data:font/woff2;base64,${data})`;
  });

test("the list holds all 134 letters, each one code point", () => {
  assert.equal(letters.length, 134);
  assert.equal(new Set(letters).size, 134);
  assert.ok(letters.every((c) => [...c].length === 1));
});

for (const stack of ["citizen", "staff"]) {
  for (const weight of [400, 600]) {
    for (const height of ["head", "body"]) {
      test(`${stack}, weight ${weight}, line height of ${height}`, { timeout: 60_000 }, async (t) => {
        const browser = await launch();
        t.after(() => browser.close());
        const page = await browser.newPage({ viewport: { width: 800, height: 600 }, deviceScaleFactor: 2 });
        await page.setContent(`<!doctype html><html lang="vi"><meta charset="utf-8"><style>
          ${stack === "staff" ? fontFaces : ""}
          p, b { font: ${weight} 32px/${token(`lh-${height}`)} ${token(`font-${stack}`)} }
          p { margin: 0; padding: 0 }</style><p id="all">${letters.join("")}</p><p><b id="one"></b></p>`);
        await page.evaluate(() => document.fonts.ready);

        const client = await page.context().newCDPSession(page);
        await client.send("DOM.enable");
        await client.send("CSS.enable");
        const { root } = await client.send("DOM.getDocument");
        const { nodeId } = await client.send("DOM.querySelector", { nodeId: root.nodeId, selector: "#all" });
        const { fonts } = await client.send("CSS.getPlatformFontsForNode", { nodeId });
        const told = JSON.stringify(fonts);
        assert.equal(new Set(fonts.map((f) => f.familyName)).size, 1, `one font has every letter: ${told}`);
        assert.equal(fonts.reduce((n, f) => n + f.glyphCount, 0), 134, told);
        if (stack === "staff") assert.ok(fonts.every((f) => f.isCustomFont && f.familyName.startsWith("Be Vietnam Pro")), told);

        const wrong = await page.evaluate(([letters, heading]) => {
          const style = getComputedStyle(document.querySelector("#all"));
          const canvas = document.createElement("canvas");
          canvas.width = 120;
          canvas.height = 120;
          const pen = canvas.getContext("2d", { willReadFrequently: true });
          pen.font = `${style.fontWeight} 32px ${style.fontFamily}`;
          const drawn = (c) => {
            pen.clearRect(0, 0, 120, 120);
            pen.fillText(c, 40, 70);
            return pen.getImageData(0, 0, 120, 120).data.join();
          };
          const box = drawn("\u{10FFFD}"); // no font has it: what a missing letter looks like
          const plain = new Map();
          const list = [];
          let highest = 0;
          let deepest = 0;
          for (const c of letters) {
            const picture = drawn(c);
            if (picture === box) list.push(`${c} is a box`);
            if (picture === drawn(c.normalize("NFD")[0]) && !"đĐ".includes(c)) list.push(`${c} has lost its mark`);
            if (plain.has(picture)) list.push(`${c} looks like ${plain.get(picture)}`);
            plain.set(picture, c);
            const ink = pen.measureText(c);
            const capital = c !== c.toLowerCase();
            if (capital && ink.actualBoundingBoxAscent > parseFloat(style.lineHeight)) list.push(`${c} reaches the line before`);
            if (!capital || !heading) highest = Math.max(highest, ink.actualBoundingBoxAscent);
            deepest = Math.max(deepest, ink.actualBoundingBoxDescent);
          }
          // The lowest mark of one line (ậ, g) and the highest of the next (ễ, Ễ) must not meet. In headings a capital
          // with two marks may stand beside the tails of the line before, but not reach its letters. Ink is told in whole
          // pixels, rounded up twice here.
          deepest = Math.max(deepest, pen.measureText("gjpqy").actualBoundingBoxDescent);
          const room = parseFloat(style.lineHeight);
          if (highest + deepest > room + 1) list.push(`lines meet: ${highest} above and ${deepest} below need more than ${room} px`);
          return list;
        }, [letters, height === "head"]);
        assert.deepEqual(wrong, []);
      });
    }
  }
}
