// Makes static/vendor/plot from plot.js: one module, and the licences of everything in it. `make charts` calls it.
import { build } from "esbuild";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
export const folder = fileURLToPath(new URL("../static/vendor/plot/", import.meta.url));

/** The packages that took part, each with its folder, by name. */
function packages(inputs) {
  const found = new Map();
  for (const file of Object.keys(inputs)) {
    const [dir, name] = file.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/) ?? [];
    if (dir && inputs[file].bytesInOutput > 0) found.set(name, join(here, dir));
  }
  return new Map([...found].sort());
}

function licence(name, dir) {
  const file = readdirSync(dir).find((f) => /^licen[cs]e/i.test(f));
  if (!file) throw new Error(`${name} has no licence file`);
  const { version, license } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
  return `${name} ${version}, ${license}\n\n${readFileSync(join(dir, file), "utf8").trim()}\n`;
}

/** Every file of static/vendor/plot as it should be: its name and its text. */
export async function files() {
  const made = await build({
    absWorkingDir: here, entryPoints: ["plot.js"], bundle: true, format: "esm", target: "es2022",
    minify: true, legalComments: "none", charset: "utf8", write: false, metafile: true, outfile: "out.js",
  });
  const [{ inputs }] = Object.values(made.metafile.outputs);
  const used = packages(inputs);
  const { version } = JSON.parse(readFileSync(join(used.get("@observablehq/plot"), "package.json"), "utf8"));
  const bar = `\n${"-".repeat(80)}\n\n`;
  return new Map([
    [`plot-${version}.js`, made.outputFiles[0].text],
    ["LICENSES.txt", [...used].map(([name, dir]) => licence(name, dir)).join(bar)],
    ["README.txt", `Observable Plot ${version} and what it needs of D3, as much of both as charts/plot.js names, bundled and minified\n` +
      "with esbuild. Not edited by hand: `make charts` makes it from charts/, a test compares. The licences are in LICENSES.txt.\n"],
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const now = await files();
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) if (!now.has(old)) rmSync(join(folder, old));
  for (const [name, text] of now) {
    writeFileSync(join(folder, name), text);
    console.log(`${String(text.length).padStart(8)} ${name}`);
  }
}
