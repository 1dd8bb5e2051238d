// An auditor takes out the raw answers: starts, watches, downloads, checks.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { complaints, desk, sharedBrowser } from "./browser.mjs";
import { sharedServer } from "./server.mjs";
import { login } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const bounded = { timeout: 90_000 };

async function auditor(t, more) {
  const context = await desk(browser(), { acceptDownloads: true, ...more });
  const page = await context.newPage();
  const wrong = complaints(page);
  t.after(async () => {
    await context.close();
    assert.deepEqual(wrong, []);
  });
  await login(page, server(), "auditor");
  return page;
}

async function download(page, link) {
  const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/** Rows of a CSV file, quoted cells with line ends in them too. */
function rowsOf(text) {
  let quoted = false;
  let rows = 0;
  for (const c of text) {
    if (c === '"') quoted = !quoted;
    else if (c === "\n" && !quoted) rows++;
  }
  return rows;
}

for (const javaScriptEnabled of [true, false]) {
  test(`a CSV file is what its manifest and the page say, JavaScript ${javaScriptEnabled ? "on" : "off"}`, bounded, async (t) => {
    const page = await auditor(t, { javaScriptEnabled });
    await page.goto(`${server().url}/app/exports`);
    await page.locator("#f-wave").selectOption("onestop");
    await page.locator("#f-format").selectOption("csv");
    await page.locator("main form.filters button").click();
    await page.waitForURL(/said=export/);
    const job = page.locator("#jobs .job").first();
    // Running or done: the page follows by itself.
    await job.locator("progress, .chip").first().waitFor();
    await job.locator(".chip.ok").waitFor({ timeout: 30_000 });
    const said = Number((await job.locator(".chip.ok").innerText()).match(/[\d.]+/)[0].replaceAll(".", ""));
    const hash = await job.locator(".hash").innerText();

    const file = await download(page, job.locator("a[href$='/file']"));
    const manifest = await download(page, job.locator("a[href$='/manifest']"));
    const facts = JSON.parse(manifest.bytes.toString("utf8"));
    const sum = createHash("sha256").update(file.bytes).digest("hex");
    assert.equal(facts.sha256, sum);
    assert.equal(hash, sum);
    assert.equal(manifest.name, `${file.name}.manifest.json`);
    assert.equal(facts.bytes, file.bytes.length);

    const text = file.bytes.toString("utf8");
    assert.ok(text.startsWith("\uFEFFseq,id,wave,instrument,unit,"), "a BOM and the columns of the contract");
    const rows = rowsOf(text) - 1;
    assert.ok(rows > 10_000, `the demo has about 20,000, not ${rows}`);
    assert.equal(facts.rows, rows);
    assert.equal(said, rows);
    assert.equal((await server().responses("onestop")).length, rows);
  });
}

test("a part of the answers, as NDJSON, and removed again", bounded, async (t) => {
  const page = await auditor(t);
  await page.goto(`${server().url}/app/exports`);
  await page.locator("#f-wave").selectOption("onestop");
  await page.locator("#f-unit").selectOption("qn.p-uong-bi");
  await page.locator("#f-format").selectOption("ndjson");
  await page.locator("main form.filters button").click();
  const job = page.locator("#jobs .job").first();
  await job.locator(".chip.ok").waitFor({ timeout: 30_000 });
  const file = await download(page, job.locator("a[href$='/file']"));
  const rows = file.bytes.toString("utf8").trim().split("\n").map((line) => JSON.parse(line));
  const all = await server().responses("onestop");
  assert.deepEqual(rows.map((r) => r.id), all.filter((r) => r.unit.startsWith("qn.p-uong-bi")).map((r) => r.id));
  const jobs = await page.locator("#jobs .job").count();
  const address = await job.locator("a[href$='/file']").getAttribute("href");
  await job.locator("form[action$='/remove'] button").click();
  await page.waitForURL(/\/app\/exports$/);
  assert.equal(await page.locator("#jobs .job").count(), jobs - 1);
  const gone = await page.request.get(`${server().url}${address}`);
  assert.equal(gone.status(), 404);
});

test("what was typed wrong is said at its field", bounded, async (t) => {
  const context = await desk(browser());
  t.after(() => context.close());
  const page = await context.newPage();
  await login(page, server(), "auditor");
  await page.goto(`${server().url}/app/exports`);
  await page.locator("#f-from").fill("2026-12-31");
  await page.locator("#f-to").fill("2026-01-01");
  await page.locator("main form.filters button").click();
  await page.locator("[role=alert] a").first().waitFor();
  assert.match(await page.title(), /^Lỗi: /);
  const field = page.locator((await page.locator("[role=alert] a").first().getAttribute("href")));
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  assert.deepEqual([await page.locator("#f-from").inputValue(), await page.locator("#f-to").inputValue()], ["2026-12-31", "2026-01-01"]);
});
