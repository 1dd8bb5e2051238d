// The bundle that is committed is what `make charts` makes.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { files, folder } from "../charts/build.mjs";

test("static/vendor/plot is what make charts makes", async () => {
  const made = await files();
  assert.deepEqual(readdirSync(folder).sort(), [...made.keys()].sort());
  for (const [name, text] of made) assert.ok(readFileSync(join(folder, name), "utf8") === text, `${name} differs: run make charts`);
});
