// axe-core over a page that is open in the browser.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// WCAG 2.2 AA is what is promised; best-practice is kept to as well, because it costs nothing.
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Fails with one line for each violation, naming the rule and the elements.
 * @param {import("playwright-core").Page} page with JavaScript on: axe runs inside it
 */
export async function noViolations(page) {
  // The debugger may evaluate what the page's own content policy would refuse as a script element.
  await page.evaluate(source);
  const { violations, passes } = await page.evaluate(
    (values) => window.axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] }),
    tags,
  );
  assert.ok(passes.length > 0, "axe checked nothing");
  const lines = violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(" ")}: ${n.failureSummary}`));
  assert.deepEqual(lines, [], `${page.url()} has accessibility violations`);
}
