// What comes out of a printer: the pages of a PDF and their size, the QR code read back from a picture.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const reader = readFileSync(createRequire(import.meta.url).resolve("jsqr/dist/jsQR.js"), "utf8");

/** Millimetres of the papers we print on. */
export const papers = { a4: [210, 297], a5: [148, 210] };

/**
 * Prints a page as its own style sheet asks and returns the size of each sheet in millimetres.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<number[][]>}
 */
export async function print(page) {
  const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString("latin1");
  const boxes = [...pdf.matchAll(/\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]/g)];
  assert.ok(boxes.length > 0, "the PDF names no page");
  return boxes.map((box) => box.slice(1).map((points) => (Number(points) / 72) * 25.4));
}

/** Fails unless every sheet is of the paper, to half a millimetre. */
export function onPaper(sheets, paper) {
  for (const sheet of sheets) {
    papers[paper].forEach((mm, i) => assert.ok(Math.abs(sheet[i] - mm) < 0.5, `a sheet of ${sheet.map((n) => n.toFixed(1)).join(" × ")} mm, not ${paper}`));
  }
}

/**
 * Reads the QR code in an element from its picture, as a camera does.
 * @param {import("playwright-core").Locator} element
 * @returns {Promise<string>} what it says
 */
export async function scan(element) {
  const picture = (await element.screenshot()).toString("base64");
  const blank = await element.page().context().newPage();
  try {
    await blank.evaluate(reader);
    return await blank.evaluate(async (base64) => {
      const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
      canvas.drawImage(bitmap, 0, 0);
      const { data, width, height } = canvas.getImageData(0, 0, bitmap.width, bitmap.height);
      return window.jsQR(data, width, height)?.data ?? "";
    }, picture);
  } finally {
    await blank.close();
  }
}

/**
 * What does not fit on its sheet or in its own box.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<string[]>}
 */
export function overflowing(page) {
  return page.evaluate(() => {
    const found = [];
    for (const sheet of document.querySelectorAll(".poster, .card")) {
      const edge = sheet.getBoundingClientRect();
      const style = getComputedStyle(sheet);
      const right = edge.right - parseFloat(style.paddingRight) + 1;
      const bottom = edge.bottom - parseFloat(style.paddingBottom) + 1;
      for (const part of sheet.querySelectorAll("h2, p, li, b, small, svg.qr, svg.arc")) {
        const box = part.getBoundingClientRect();
        if (box.right > right || box.bottom > bottom) found.push(`${part.tagName} ${part.textContent.slice(0, 40)}`);
      }
      // Nothing may lie on the part after it either.
      const parts = [...sheet.children].map((child) => child.getBoundingClientRect());
      parts.slice(1).forEach((box, i) => box.top < parts[i].bottom - 20 && found.push(`part ${i + 2} lies on part ${i + 1}`));
    }
    return found;
  });
}

/** Text of XML as it is read. */
export const plain = (s) => s.replace(/&(?:#(\d+)|lt|gt|quot|apos|amp);/g, (all, code) => (code ? String.fromCodePoint(code) : { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&" }[all]));

/** The words of each sheet of a PDF with where they stand, in points; null without poppler. */
export function wordsOf(pdf) {
  const folder = mkdtempSync(join(tmpdir(), "sipas-pdf-"));
  try {
    writeFileSync(join(folder, "a.pdf"), pdf);
    const xml = execFileSync("pdftotext", ["-bbox", join(folder, "a.pdf"), "-"], { encoding: "utf8", maxBuffer: 1 << 26 });
    return xml.split("<page ").slice(1).map((page) =>
      [...page.matchAll(/<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)<\/word>/g)].map(([, x, y, x2, y2, text]) => ({ x: +x, y: +y, x2: +x2, y2: +y2, text: plain(text).normalize("NFC") })));
  } catch (err) {
    if (err.code === "ENOENT") return null;
    throw err;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
