// The chain the program exists for: a citizen answers, the manager's percentage changes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { desk, phone, sharedBrowser } from "./browser.mjs";
import { fill } from "./citizen.mjs";
import { sharedServer } from "./server.mjs";
import { login } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();

test("a manager sees the percentage change after a response", async () => {
  const office = await desk(browser());
  const sheet = await office.newPage();
  await login(sheet, server(), "manager");
  const code = await server().point("onestop@1");
  const { unit, wave } = await (await fetch(`${server().url}/api/v1/points/${code}`)).json();
  const figure = async () => {
    await sheet.goto(`${server().url}/app/units/${unit.code}?wave=${wave.id}`);
    return {
      n: Number(await sheet.locator("[data-figure=n]").first().getAttribute("value")),
      percent: await sheet.locator("[data-figure=overall]").first().innerText(),
    };
  };
  const before = await figure();

  const street = await phone(browser());
  await fill(await street.newPage(), `${server().url}/s/${code}`, { choose: (_, values) => values[0] });
  await street.close();

  const after = await figure();
  assert.equal(after.n, before.n + 1);
  assert.notEqual(after.percent, before.percent);
  await office.close();
});
