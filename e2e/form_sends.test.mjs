// Sending: one ballot arrives once, whatever the finger or the network does; a question that is not asked is not
// sent; and what is wrong is said where it is wrong.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complaints, desk, phone, sharedBrowser } from "./browser.mjs";
import { receipt, stored, thanked } from "./citizen.mjs";
import { sharedServer } from "./server.mjs";
import { addPoint, login, moveWave, planWave } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const api = "**/api/v1/responses";
const bounded = { timeout: 60_000 };

/** Opens the pulse form at its only question; what is said about what the test provokes is no complaint. */
async function pulse(t, { but, ...more } = {}) {
  const context = await phone(browser(), more);
  const page = await context.newPage();
  const wrong = complaints(page, { but });
  t.after(async () => {
    await context.close();
    assert.deepEqual(wrong, []);
  });
  await page.goto(`${server().url}/s/${await server().point("pulse@1")}`);
  await page.locator("label.tick").tap();
  await page.locator("main .btn").tap();
  return page;
}

const press = (page, value) => page.locator(`main button.ans[value="${value}"]:visible`).tap();
const at = (page, n) => page.locator(".prog b", { hasText: new RegExp(`^(Câu|Question) ${n} `) }).waitFor();

/** What there is of pulse now, and later what came since. */
async function counted() {
  const before = new Set((await server().responses("pulse")).map(({ id }) => id));
  return async () => (await server().responses("pulse")).filter(({ id }) => !before.has(id));
}

test("a low face is asked why, a high one is not", bounded, async (t) => {
  const since = await counted();
  const page = await pulse(t);
  await page.locator(".prog b", { hasText: / 1 (trong|of) 1$/ }).waitFor();
  await press(page, 1);
  await at(page, 2);
  await page.locator(".say", { hasText: "Điều gì làm Ông/Bà chưa hài lòng?" }).waitFor();
  await page.locator("main label.ans:visible", { hasText: "Phải chờ lâu" }).tap();
  await page.locator("main label.ans:visible", { hasText: "Điều khác" }).tap();
  // Another mind: the face is a high one now, so nobody asks why and nobody sends why.
  await page.locator("[data-go=back]").tap();
  await press(page, 5);
  await page.locator("#send").waitFor();
  await page.locator("[data-go=back]").tap();
  await press(page, 2);
  await at(page, 2);
  assert.equal(await page.locator("main .answers input:checked").count(), 2, "what was ticked is still there");
  await page.locator("[data-go=back]").tap();
  await press(page, 4);
  await page.locator("#send").tap();
  await page.locator("[data-receipt]").waitFor();
  const rows = await since();
  assert.deepEqual(rows.map(stored), [{ P1: ["4"] }]);
  assert.deepEqual(rows.map((r) => r.state), ["counted"]);
});

test("a low face with its reasons is stored with them", bounded, async (t) => {
  const since = await counted();
  const page = await pulse(t);
  await press(page, 2);
  await at(page, 2);
  await page.locator("main label.ans:visible", { hasText: "Thái độ phục vụ" }).tap();
  await page.locator("[data-go=next]").tap();
  await page.locator("#send").tap();
  await page.locator("[data-receipt]").waitFor();
  assert.deepEqual((await since()).map(stored), [{ P1: ["2"], W1: ["attitude"] }]);
});

test("what is ticked and taken back looks as if it had never been ticked", bounded, async (t) => {
  const page = await pulse(t);
  await press(page, 1);
  await at(page, 2);
  const boxes = page.locator("main label.ans:visible");
  const grounds = async () => new Set(await boxes.evaluateAll((list) => list.map((b) => getComputedStyle(b).backgroundColor)));
  const settle = async (want) => {
    // Colours fade for a tenth of a second.
    for (const until = Date.now() + 3_000; (await grounds()).size !== want && Date.now() < until; await page.waitForTimeout(50));
    assert.equal((await grounds()).size, want);
  };
  await boxes.nth(2).tap();
  await settle(2);
  await boxes.nth(2).tap();
  assert.equal(await boxes.nth(2).locator("input").isChecked(), false);
  await settle(1);
});

test("a double tap on send makes one response", bounded, async (t) => {
  const since = await counted();
  const page = await pulse(t);
  await press(page, 3);
  await page.locator("#send").waitFor();
  let posts = 0;
  page.on("request", (r) => (posts += r.method() === "POST" ? 1 : 0));
  const box = await page.locator("#send").boundingBox();
  for (let i = 0; i < 3; i++) await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
  await page.locator("[data-receipt]").waitFor();
  assert.ok(posts >= 1);
  assert.equal((await since()).length, 1);
});

test("without JavaScript, sending the same ballot twice counts once", bounded, async (t) => {
  const since = await counted();
  const page = await pulse(t, { javaScriptEnabled: false });
  await page.locator("main label:has([name=P1][value='5'])").tap();
  await page.locator("main .btn").first().tap();
  await page.locator("#send").tap();
  await page.locator("[data-receipt]").waitFor();
  const first = await receipt(page);
  await page.goBack(); // the browser still has the last part, and sends it again
  await page.locator("#send").tap();
  await page.locator("[data-receipt]").waitFor();
  assert.equal(await receipt(page), first);
  assert.equal((await since()).length, 1);
});

for (const [name, refuse] of [
  ["offline", (route) => route.abort("internetdisconnected")],
  ["503", (route) => route.fulfill({ status: 503, headers: { "Retry-After": "1" }, contentType: "application/problem+json", body: "{}" })],
  ["a proxy's own page", (route) => route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" })],
]) {
  test(`${name} at sending: the answer is kept, said in words, and sent when that is over`, bounded, async (t) => {
    const since = await counted();
    const page = await pulse(t, { but: /ERR_INTERNET_DISCONNECTED|status of 50[23]/ });
    await press(page, 4);
    await page.locator("#comment").fill("Nhanh và đúng hẹn.");
    let away = true;
    await page.route(api, (route) => (away ? refuse(route) : route.continue()));
    await page.locator("#send").tap();
    await page.locator(".note:visible", { hasText: /Chưa gửi được/ }).waitFor();
    assert.equal(await thanked(page), false, "nothing is thanked for before it is stored");
    assert.equal((await since()).length, 0);
    // Whoever closes the page meanwhile finds it again.
    await page.reload();
    await page.locator("#send").waitFor();
    assert.equal(await page.locator("#comment").inputValue(), "Nhanh và đúng hẹn.");
    await page.locator("#send").tap();
    await page.locator(".note:visible", { hasText: /Chưa gửi được/ }).waitFor();
    away = false;
    await page.locator("[data-receipt]").waitFor({ timeout: 30_000 });
    const rows = await since();
    assert.deepEqual(rows.map((r) => [stored(r), r.comment]), [[{ P1: ["4"] }, "Nhanh và đúng hẹn."]]);
  });
}

test("who does not consent is told so, and nothing begins", bounded, async (t) => {
  for (const javaScriptEnabled of [true, false]) {
    const context = await phone(browser(), { javaScriptEnabled });
    t.after(() => context.close());
    const page = await context.newPage();
    const wrong = complaints(page, { but: /status of 422/ });
    await page.goto(`${server().url}/s/${await server().point("onestop@1")}`);
    await page.locator("main .btn").tap();
    await page.locator(".errors a[href='#consent']").waitFor();
    assert.match(await page.title(), /^Lỗi: /);
    assert.equal(await page.locator("#consent").getAttribute("aria-invalid"), "true");
    await page.locator("label.tick").tap();
    await page.locator("main .btn").tap();
    await page.locator(".prog:visible").waitFor();
    assert.deepEqual(wrong, []);
  }
});

test("without JavaScript, a comment with a telephone number is questioned once and kept", bounded, async (t) => {
  const since = await counted();
  const page = await pulse(t, { javaScriptEnabled: false, but: /status of 422/ });
  await page.locator("main label:has([name=P1][value='3'])").tap();
  await page.locator("main .btn").first().tap();
  await page.locator("#comment").fill("Gọi chị Lan 0912 345 678 nhé");
  await page.locator("#send").tap();
  await page.locator(".errors a[href='#comment']").waitFor();
  await page.locator("#c-e", { hasText: "0912 … 678" }).waitFor();
  assert.match(await page.title(), /^Lỗi: /);
  assert.equal(await page.locator("#comment").inputValue(), "Gọi chị Lan 0912 345 678 nhé");
  assert.equal((await since()).length, 0);
  await page.locator("#comment").fill("Gọi điện trước thì hơn");
  await page.locator("#send").tap();
  await page.locator("[data-receipt]").waitFor();
  assert.deepEqual((await since()).map((r) => r.comment), ["Gọi điện trước thì hơn"]);
});

test("an unknown point and a closed wave say so, and what to do", bounded, async (t) => {
  const office = await desk(browser());
  t.after(() => office.close());
  const sheet = await office.newPage();
  await login(sheet, server(), "admin");
  await planWave(sheet, server(), { id: "over", name: "Đợt đã qua", instrument: "pulse@1" });
  const code = await addPoint(sheet, server(), { name: "Bàn 1", wave: "over" });
  await moveWave(sheet, server(), "over", "open");

  const street = await phone(browser());
  t.after(() => street.close());
  const page = await street.newPage();
  const wrong = complaints(page, { but: /status of 4(04|10)/ });
  const form = `${server().url}/s/${code}`;
  await page.goto(`${form}?consent=1&all=1`);
  await press(page, 5);
  await page.locator("#send").waitFor();

  await moveWave(sheet, server(), "over", "close");
  // Who was in the middle of it is told; the answer cannot count any more.
  await page.locator("#send").tap();
  await page.locator(".errors:visible", { hasText: /đóng|kết thúc/ }).waitFor();
  const gone = await page.goto(form);
  assert.equal(gone.status(), 410);
  const { closes_at } = (await (await fetch(`${server().url}/api/v1/points/${code}`)).json()).wave;
  const [year, month, day] = closes_at.slice(0, 10).split("-").map(Number);
  assert.match(await page.locator("main").innerText(), new RegExp(`0?${day}/0?${month}/${year}`), "it says when it closed");

  const unknown = await page.goto(`${server().url}/s/ZZZZZZ`);
  assert.equal(unknown.status(), 404);
  await page.locator("main .code", { hasText: "ZZZZZZ" }).waitFor();
  await page.locator("main a.btn").tap();
  await page.locator("#point").waitFor();
  // The way in by hand forgives small letters and spaces.
  const pulseCode = await server().point("pulse@1");
  await page.locator("#point").fill(` ${pulseCode.toLowerCase()} `);
  await page.locator("form:has(#point) .btn").tap();
  await page.waitForURL(`**/s/${pulseCode}*`);
  assert.deepEqual(wrong, []);
});
