// A whole moha-2023 on a 360 px phone, by tapping, with JavaScript and without it, at a point that an administrator
// made a minute ago. What was tapped must be what is stored.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complaints, desk, noSidewaysScroll, phone, sharedBrowser } from "./browser.mjs";
import { fill, goOn, receipt, stored } from "./citizen.mjs";
import { sharedServer } from "./server.mjs";
import { addPoint, login, moveWave, planWave } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const wave = "moha-2023-e2e";
const comment = "Cán bộ hướng dẫn rất kỹ. Ghế chờ còn thiếu.\nMong có thêm quạt – “mùa hè” nóng quá!";
let code;

// Every level of the scale is used and some are ticked together, so that two mixed-up items cannot go unnoticed.
function varied() {
  let n = 0;
  return (name, values) => (name === "Q2" ? values.filter((_, i) => i % 2 === 0) : values[n++ % values.length]);
}

/** The one response that was not there before. */
async function newest(seen) {
  const rows = (await server().responses(wave)).filter(({ id }) => !seen.has(id));
  assert.equal(rows.length, 1, "one citizen, one response");
  seen.add(rows[0].id);
  return rows[0];
}
const seen = new Set();

test("an administrator opens a wave of moha-2023 and adds a point", { timeout: 60_000 }, async () => {
  const context = await desk(browser());
  const page = await context.newPage();
  const wrong = complaints(page);
  await login(page, server(), "admin");
  await planWave(page, server(), { id: wave, name: "Khảo sát thử", instrument: "moha-2023@1", design: "probability" });
  code = await addPoint(page, server(), { name: "Bộ phận một cửa, bàn 2", wave });
  const early = await fetch(`${server().url}/s/${code}`);
  assert.equal(early.status, 404, "a draft has no form yet");
  await moveWave(page, server(), wave, "open");
  await page.locator(".chip.ok", { hasText: "Đang mở" }).waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
  const point = await (await fetch(`${server().url}/api/v1/points/${code}`)).json();
  assert.deepEqual([point.instrument, point.unit.code, point.wave.state, point.channel], ["moha-2023@1", "qn.p-uong-bi", "open", "qr"]);
});

for (const javaScriptEnabled of [true, false]) {
  test(`a citizen fills moha-2023 at 360 px, JavaScript ${javaScriptEnabled ? "on" : "off"}`, { timeout: 240_000 }, async (t) => {
    const context = await phone(browser(), { javaScriptEnabled });
    t.after(() => context.close());
    const page = await context.newPage();
    const wrong = complaints(page);
    const { answers, screens } = await fill(page, `${server().url}/s/${code}`, { choose: varied(), each: noSidewaysScroll, comment });
    await noSidewaysScroll(page);
    assert.match(await receipt(page), /^[A-Z0-9]{12}$/);
    assert.equal(Object.keys(answers).length, 85, "moha-2023 asks 85 questions");
    assert.equal(Object.keys(answers).filter((item) => /^[PS]\d\d$/.test(item)).length, 39, "39 of them are its items");
    if (javaScriptEnabled) assert.equal(screens, 85 + 3, "one a screen, the consent before, the comment and the receipt after");
    const row = await newest(seen);
    assert.deepEqual(stored(row), answers);
    assert.equal(row.comment, comment);
    assert.equal(row.locale, "vi");
    assert.equal(row.point, code);
    assert.equal(row.state, "counted");
    assert.deepEqual(wrong, []);
    const proof = await fetch(`${server().url}/r/${await receipt(page)}`);
    assert.equal(proof.status, 200, "the receipt is a proof for anybody who has it");
  });
}

test("without JavaScript, back, forward and another language keep the answers", { timeout: 120_000 }, async (t) => {
  const context = await phone(browser(), { javaScriptEnabled: false });
  t.after(() => context.close());
  const page = await context.newPage();
  const wrong = complaints(page);
  const chosen = () => page.locator("main input:checked").evaluateAll((list) => list.map((i) => `${i.name}=${i.value}`));
  const tap = (item, value) => page.locator("main label", { has: page.locator(`[name="${item}"][value="${value}"]`) }).tap();
  const part = (n) => page.locator(".prog .n", { hasText: new RegExp(`^(Phần|Part) ${n} `) }).waitFor();
  await page.goto(`${server().url}/s/${code}`);
  await page.locator("label.tick").tap();
  await page.locator("main .btn").tap();
  await part(1);
  const first = [];
  for (let i = 1; i <= 9; i++) {
    await tap(`Q1.${i}`, 1 + (i % 4));
    first.push(`Q1.${i}=${1 + (i % 4)}`);
  }
  await page.locator("main .btn").tap();
  await part(2);
  await tap("Q2", "tv");
  await tap("Q2", "internet");
  await tap("Q3.4", "2");
  // Back by the form's own button: both parts keep what they had.
  await page.locator("main button[value=prev]").tap();
  await part(1);
  assert.deepEqual(await chosen(), first);
  await page.locator("main .btn").tap();
  await part(2);
  assert.deepEqual(await chosen(), ["Q2=tv", "Q2=internet", "Q3.4=2"]);
  // In the middle of a part, another language.
  await tap("Q2", "tv"); // taken back
  await tap("Q3.7", "skip");
  await page.locator("header button[lang=en]").tap();
  await page.locator("html[lang=en]").waitFor();
  await part(2);
  assert.deepEqual(await chosen(), ["Q2=internet", "Q3.4=2", "Q3.7=skip"]);
  await page.locator("main button[value=prev]").tap();
  await part(1);
  assert.deepEqual(await chosen(), first);
  // The browser's own back button, then on to the end.
  await page.goBack();
  await part(2);
  const { answers } = await goOn(page, { choose: varied(), each: noSidewaysScroll });
  const row = await newest(seen);
  assert.equal(row.locale, "en");
  const want = { ...Object.fromEntries(first.map((a) => a.split("=")).map(([k, v]) => [k, [v]])), ...answers };
  // Whoever goes on ticks more; what was ticked before stays ticked.
  want.Q2 = ["loudspeaker", "officials", "tv", "internet", "other"].filter((v) => [...answers.Q2, "internet"].includes(v));
  assert.deepEqual(stored(row), want);
  assert.deepEqual(wrong, []);
});
