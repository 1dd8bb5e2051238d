// The chain the program exists for: a citizen answers, the manager's percentage changes. And who may not do what.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complaints, desk, phone, sharedBrowser } from "./browser.mjs";
import { fill } from "./citizen.mjs";
import { sharedServer } from "./server.mjs";
import { login } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();
const bounded = { timeout: 90_000 };

/** A page where somebody is signed in; at the end it must not have complained. */
async function office(t, user, but) {
  const context = await desk(browser());
  const page = await context.newPage();
  const wrong = complaints(page, { but });
  t.after(async () => {
    await context.close();
    assert.deepEqual(wrong, []);
  });
  await login(page, server(), user);
  return page;
}

const number = (text) => Number(text.replace(/[^\d,]/g, "").replace(",", "."));

test("a manager sees the percentage and the number change after a response", bounded, async (t) => {
  const sheet = await office(t, "manager");
  const code = await server().point("onestop@1");
  const { unit, wave } = await (await fetch(`${server().url}/api/v1/points/${code}`)).json();
  for (const path of [`/app/units/${unit.code}?wave=${wave.id}&period=all`, `/app?unit=${unit.code}&wave=${wave.id}&period=all`]) {
    const figure = async () => {
      await sheet.goto(`${server().url}${path}`);
      return {
        n: Number(await sheet.locator("[data-figure=n]").first().getAttribute("value")),
        percent: number(await sheet.locator("[data-figure=overall]").first().innerText()),
      };
    };
    const before = await figure();
    assert.ok(before.n > 0 && before.percent > 0 && before.percent < 100, JSON.stringify(before));
    const street = await phone(browser());
    await fill(await street.newPage(), `${server().url}/s/${code}`, { choose: (_, values) => values[0] });
    await street.close();
    const after = await figure();
    assert.equal(after.n, before.n + 1);
    assert.ok(after.percent < before.percent, `five answers "very dissatisfied": ${before.percent} became ${after.percent}`);
    // The figure is the one the API computes.
    const answer = await fetch(`${server().url}/api/v1/index?wave=${wave.id}&unit=${unit.code}`, {
      headers: { Authorization: `Bearer ${server().token("auditor")}` },
    });
    const { n, overall } = await answer.json();
    assert.equal(n, after.n);
    assert.equal(after.percent, Number(overall.percent.toFixed(2)));
  }
});

test("a manager finds nothing outside the own unit", bounded, async (t) => {
  const sheet = await office(t, "manager", /status of 40[34]/);
  const at = async (path) => (await sheet.goto(`${server().url}${path}`)).status();
  assert.equal(await at("/app/units/qn.p-uong-bi"), 200);
  const { units } = await (await fetch(`${server().url}/api/v1/units`)).json();
  const other = units.find((u) => u.code !== "qn.p-uong-bi" && u.parent === "qn" && !u.valid_to).code;
  for (const path of [`/app/units/${other}`, "/app/units/qn", "/app/units/there-is-none", `/app?unit=${other}`, `/app/points?unit=${other}`]) {
    assert.equal(await at(path), 404, path);
  }
  // The page of a strange unit and of none are the same but for the words typed: neither tells which units there are.
  const words = async (path) => (await at(path), (await sheet.locator("main").innerText()).replace(/\S*(qn\.|there-is)\S*|Mã lỗi.*|[0-9a-f-]{16,}/g, ""));
  assert.equal(await words(`/app/units/${other}`), await words("/app/units/there-is-none"));
  for (const path of ["/app/exports", "/app/accounts", "/app/waves/new"]) assert.ok([403, 404].includes(await at(path)), path);
});

test("an auditor changes nothing", bounded, async (t) => {
  const sheet = await office(t, "auditor", /status of 40[34]/);
  const at = async (path) => (await sheet.goto(`${server().url}${path}`)).status();
  const count = async () => (await (await fetch(`${server().url}/api/v1/waves`)).json()).waves.length;
  const waves = await count();
  assert.equal(await at("/app/waves"), 200);
  assert.equal(await sheet.locator('main a[href="/app/waves/new"]').count(), 0);
  assert.equal(await at("/app/waves/onestop"), 200);
  assert.equal(await sheet.locator('main a[href$="/close"]').count(), 0);
  for (const path of ["/app/waves/new", "/app/waves/onestop/close", "/app/points/new", "/app/accounts"]) {
    assert.ok([403, 404].includes(await at(path)), path);
  }
  // Nor by a request that no page offers.
  await at("/app/waves");
  const post = (path, body) =>
    sheet.evaluate(async ([p, b]) => (await fetch(p, { method: "POST", body: new URLSearchParams(b) })).status, [path, body]);
  const wave = { id: "mine", name: "Của tôi", instrument: "pulse@1", design: "continuous", units: "qn", from: "2027-01-01", to: "2027-02-01" };
  assert.equal(await post("/app/waves", wave), 403);
  assert.equal(await post("/app/waves/onestop/close", {}), 403);
  assert.equal(await post("/app/points", { name: "x", wave: "onestop", unit: "qn", channel: "qr" }), 403);
  assert.equal(await post("/app/accounts", { name: "x", role: "admin", password: "0123456789" }), 403);
  assert.equal(await count(), waves);
  assert.equal((await (await fetch(`${server().url}/api/v1/points/${await server().point("onestop@1")}`)).json()).wave.state, "open");
});

test("a page of another site cannot act for who is signed in", bounded, async (t) => {
  const sheet = await office(t, "admin");
  const [session] = (await sheet.context().cookies()).filter((c) => c.httpOnly);
  assert.equal(session.sameSite, "Lax");
  const cookie = `${session.name}=${session.value}`;
  const answer = await fetch(`${server().url}/app/waves/onestop/close`, {
    method: "POST", redirect: "manual", headers: { Cookie: cookie, Origin: "http://other.example" },
  });
  assert.equal(answer.status, 403);
});
