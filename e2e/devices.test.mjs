// A device from its code to the end of its key, as staff and the device see it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { desk, sharedBrowser } from "./browser.mjs";
import { sharedServer } from "./server.mjs";
import { login } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const bounded = { timeout: 90_000 };

const post = (path, body, key) =>
  fetch(`${server().url}/api/v1${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(key && { Authorization: `Bearer ${key}` }) },
    body: JSON.stringify(body),
  });

test("staff pair a device, see what it says, and take its key away", bounded, async () => {
  const point = await server().point("pulse@1");
  const office = await desk(browser());
  const page = await office.newPage();
  await login(page, server(), "admin");

  await page.goto(`${server().url}/app/devices/new?point=${point}`);
  await page.locator("#f-name").fill("Máy bảng thử");
  await page.locator("form.sheet button").click();
  const code = await page.locator(".pair-code").getAttribute("data-code");
  assert.match(code, /^[2-9A-Z]{6}$/);
  const plain = await desk(browser(), { javaScriptEnabled: false, storageState: await office.storageState() });
  const unscripted = await plain.newPage();
  await unscripted.goto(page.url());
  await unscripted.locator(".pair-code").waitFor();

  const paired = await post("/devices/pair", { code });
  assert.equal(paired.status, 201);
  const { device, key } = await paired.json();
  assert.equal((await post("/devices/pair", { code })).status, 410);
  // Whoever stands at the tablet needs nobody at the desk: both pages notice by themselves.
  for (const sheet of [page, unscripted]) {
    const told = sheet.locator("#pairing h2", { hasText: "Đã ghép Máy bảng thử" });
    await told.waitFor({ timeout: 15_000 });
    assert.equal(await sheet.locator(".pair-code").count(), 0);
    assert.equal(await sheet.locator(`#pairing a[href="/app/devices/${device}"]`).count(), 1);
  }
  assert.match(await page.title(), /^Đã ghép Máy bảng thử/);
  await plain.close();

  const kit = await fetch(`${server().url}/api/v1/devices/kit`, { headers: { Authorization: `Bearer ${key}` } });
  assert.equal(kit.status, 200);
  const { hash, settings } = await kit.json();
  assert.equal(settings.pin.rounds, 100_000);
  const beat = await post("/devices/heartbeat", { version: "e2e", queue: 3, made: 7, sent: 4, acked: 4, battery: 55, last_seq: 3, at: new Date() }, key);
  assert.equal((await beat.json()).kit, hash);

  await page.goto(`${server().url}/app/devices`);
  const row = page.locator(`tr[data-device="${device}"]`);
  const words = await row.innerText();
  assert.match(words, /Máy bảng thử/);
  assert.match(words, /3 phiếu chờ gửi/);
  assert.match(words, /7 · 4 · 4/);

  await row.locator("a").click();
  await page.locator("main .head a.danger").click();
  await page.locator("main .ask button").click();
  await page.waitForURL(/said=device_revoked/);
  assert.equal((await post("/devices/heartbeat", { queue: 0 }, key)).status, 401);
  assert.equal((await post("/responses", { id: "x" }, key)).status, 401);
  await office.close();
});

test("settings of a unit reach the kiosks below it", bounded, async () => {
  const office = await desk(browser());
  const page = await office.newPage();
  await login(page, server(), "admin");
  await page.goto(`${server().url}/app/settings?unit=qn.p-uong-bi`);
  await page.locator("input[name=mode][value=own]").check();
  await page.locator("#h-mon-fri").fill("8h – 11h30");
  await page.locator("#h-sat").fill("");
  await page.locator("form.sheet button.btn").click();
  await page.waitForURL(/said=settings/);
  const point = await server().point("pulse@1");
  await page.goto(`${server().url}/app/points?point=${point}`);
  assert.match(await page.locator("#chosen").innerText(), /thứ Hai đến thứ Sáu 08:00–11:30/);
  await office.close();
});
