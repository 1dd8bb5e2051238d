// The scripts of the pages as modules of Node. The files have no package.json above them, so that Node would take them
// for CommonJS: they are copied to where there is one.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Imports static/js/<name>. */
export async function script(name) {
  const dir = mkdtempSync(join(tmpdir(), "sipas-js-"));
  try {
    cpSync(fileURLToPath(new URL("../static/js", import.meta.url)), dir, { recursive: true });
    writeFileSync(join(dir, "package.json"), '{"type":"module"}');
    return await import(pathToFileURL(join(dir, name)).href);
  } finally {
    rmSync(dir, { recursive: true });
  }
}
