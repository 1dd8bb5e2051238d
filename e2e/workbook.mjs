// What stands in a workbook, read without the library that wrote it.
import assert from "node:assert/strict";
import { inflateRawSync } from "node:zlib";
import { plain } from "./paper.mjs";

/** The files of a ZIP archive by name, read from its central directory: not by what wrote it. */
export function unzip(bytes) {
  const files = {};
  const end = bytes.lastIndexOf("PK\x05\x06", undefined, "latin1");
  for (let n = bytes.readUInt16LE(end + 10), at = bytes.readUInt32LE(end + 16); n > 0; n--) {
    const [method, size, name, extra, comment, local] = [10, 20, 28, 30, 32, 42].map((o, i) => (i === 1 || i === 5 ? bytes.readUInt32LE(at + o) : bytes.readUInt16LE(at + o)));
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(from, from + size);
    files[bytes.toString("utf8", at + 46, at + 46 + name)] = (method === 8 ? inflateRawSync(data) : data).toString("utf8");
    at += 46 + name + extra + comment;
  }
  return files;
}

/** Every row of every sheet: words as strings, numbers as numbers. */
export function rowsOf(files) {
  const rows = [];
  for (const [name, xml] of Object.entries(files)) {
    if (!/^xl\/worksheets\/sheet\d+\.xml$/.test(name)) continue;
    assert.doesNotMatch(xml, /<f[ >]/, `${name} has a formula`);
    for (const [, row] of xml.matchAll(/<row [^>]*>(.*?)<\/row>/gs)) {
      rows.push([...row.matchAll(/<c [^>]*?(?:\/>|>(?:<is><t[^>]*>(.*?)<\/t><\/is>|<v>(.*?)<\/v>)?<\/c>)/gs)].map(([, words, number]) => (number === undefined ? plain(words ?? "") : Number(number))));
    }
  }
  return rows;
}
