// Under suspicion a browser searches for a proof of work and the answer is stored; nobody is asked to prove anything
// to a person, and nobody meets the field that only programs fill in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { noViolations } from "./axe.mjs";
import { complaints, phone, sharedBrowser } from "./browser.mjs";
import { fill, goOn, receipt, thanked } from "./citizen.mjs";
import { sharedServer } from "./server.mjs";

// Suspicion that lasts: hardly anything is gained while a test runs. The settings are the server's own.
Object.assign(process.env, { SIPAS_LIMIT_PER_SECOND: "0.03", SIPAS_LIMIT_BURST: "20" });

const server = sharedServer();
const browser = sharedBrowser();

const within = { timeout: 120_000 };

/** Puts this machine's address under suspicion at a point: a script sends until it is told to wait. */
async function flood(code) {
  const { instrument } = await (await fetch(`${server().url}/api/v1/points/${code}`)).json();
  for (let n = 0; n < 400; n++) {
    const answer = await fetch(`${server().url}/api/v1/responses`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id: crypto.randomUUID(), point: code, instrument, locale: "vi", started_at: "x", submitted_at: "x", answers: {} }),
    });
    if (answer.status === 429) return (await answer.json()).challenge;
  }
  throw new Error("a script got 400 requests through");
}

const ours = (page) => {
  const asked = [];
  page.on("request", (r) => /proof|altcha|pbkdf2/.test(r.url()) && asked.push(r.url()));
  return asked;
};

test("a browser under suspicion solves the proof by itself, and the answer is stored", within, async () => {
  const code = await server().point("pulse@1");
  const page = await (await phone(browser())).newPage();
  const wrong = complaints(page, { but: /429/ });
  const loaded = ours(page);
  await fill(page, `${server().url}/s/${code}`, {});
  assert.deepEqual(loaded, [], "the widget was loaded without suspicion");

  const proofs = [];
  page.on("request", (r) => r.headers()["x-proof"] && proofs.push(r.headers()["x-proof"]));
  await flood(code);
  await fill(page, `${server().url}/s/${code}`, { comment: "Dưới nghi ngờ." });
  assert.ok(await thanked(page));
  assert.equal(proofs.length, 1, "proofs sent");
  assert.ok(loaded.some((u) => u.includes("altcha.min.")) && loaded.every((u) => u.startsWith(server().url)), loaded.join(" "));
  assert.deepEqual(wrong, []);
  const rows = await server().responses((await (await fetch(`${server().url}/api/v1/points/${code}`)).json()).wave.id);
  assert.equal(rows.filter((r) => r.comment === "Dưới nghi ngờ.").length, 1);
});

// The page for those whose script does not show one statement at a time: served with a proof to do inside the form.
test("a keyboard alone passes, in both languages, and axe finds nothing", within, async (t) => {
  const code = await server().point("pulse@1");
  for (const lang of ["vi", "en"]) {
    await t.test(lang, async () => {
      const page = await (await phone(browser(), { locale: lang })).newPage();
      const wrong = complaints(page, { but: /429/ });
      // Without form.js the plain pages come, as on an old browser.
      await page.route(/\/js\/form\./, (r) => r.fulfill({ contentType: "text/javascript", body: "" }));
      await flood(code);
      await page.goto(`${server().url}/s/${code}?consent=1&lang=${lang}`);
      const said = await keyboardToTheEnd(page);
      assert.match(said, lang === "vi" ? /không mất gì/ : /nothing is lost/);
      const done = lang === "vi" ? "Đã xong, có thể gửi phiếu." : "Done, you can send the ballot.";
      await page.getByRole("status").filter({ hasText: done }).waitFor();
      await noViolations(page);
      await press(page, (e) => e.id === "send");
      await page.waitForURL(/\/r\//);
      assert.ok((await receipt(page)).length > 8);
      assert.deepEqual(wrong, []);
    });
  }
});

/** Tabs to the control that which finds, and presses Enter. */
async function press(page, which) {
  for (let n = 0; n < 200; n++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(`(${which})(document.activeElement) || document.activeElement.name === "topic" && "trap"`);
    assert.notEqual(at, "trap", "the keyboard landed in the trap");
    if (at) return page.keyboard.press("Enter");
  }
  throw new Error("no such control");
}

// Answers with the arrow keys and Enter until the server asks to wait; returns what it says.
async function keyboardToTheEnd(page) {
  for (let n = 0; n < 60; n++) {
    const alert = page.getByRole("alert");
    if ((await page.locator("#proof").count()) > 0) return alert.innerText();
    const groups = await page.locator("main fieldset").count();
    for (let g = 0; g < groups; g++) {
      await page.locator("main fieldset").nth(g).locator("input:not([type=hidden])").first().focus();
      await page.keyboard.press("Space");
    }
    await Promise.all([page.waitForNavigation(), press(page, (e) => e.matches("main form button.btn"))]);
  }
  throw new Error("never asked to wait");
}

test("a screen reader never meets the field that only programs fill in", within, async () => {
  const code = await server().point("onestop@1");
  for (const javaScriptEnabled of [true, false]) {
    const page = await (await phone(browser(), { javaScriptEnabled })).newPage();
    for (const query of ["?consent=1", "?consent=1&all=1"]) {
      await page.goto(`${server().url}/s/${code}${query}`);
      assert.equal(await page.locator("input[name=topic]").count(), 1);
      assert.equal(await page.locator("input[name=topic]").getAttribute("tabindex"), "-1");
      const cdp = await page.context().newCDPSession(page);
      const { nodes } = await cdp.send("Accessibility.getFullAXTree");
      const met = nodes.filter((n) => !n.ignored && n.role?.value === "textbox").map((n) => n.name?.value);
      assert.ok(!met.some((name) => /Không điền/.test(name)), met.join(" | "));
      assert.ok(!nodes.some((n) => !n.ignored && /Không điền/.test(n.name?.value ?? "")));
      const box = await page.locator("input[name=topic]").evaluate((e) => e.parentElement.parentElement.getBoundingClientRect().width);
      assert.ok(box <= 1, `the trap is ${box} px wide`);
    }
    if (javaScriptEnabled) await noViolations(page);
    await page.context().close();
  }
});

test("without JavaScript the page says to wait, loses nothing, and sends later", within, async () => {
  const code = await server().point("pulse@1");
  const page = await (await phone(browser(), { javaScriptEnabled: false })).newPage();
  let refused = 0;
  page.on("response", (r) => (refused += r.status() === 429));
  await flood(code);
  await page.goto(`${server().url}/s/${code}`);
  await goOn(page, { comment: "Không có script.", each: async () => assert.equal(refused, 0) }).catch(() => {});
  assert.ok(refused > 0, "never refused");
  assert.equal(await page.locator("textarea#comment").inputValue(), "Không có script.");
  for (let n = 0; n < 60 && !(await thanked(page)); n++) {
    await page.waitForTimeout(1500);
    await Promise.all([page.waitForNavigation(), page.locator("#send").tap()]);
  }
  assert.ok(await thanked(page));
});
