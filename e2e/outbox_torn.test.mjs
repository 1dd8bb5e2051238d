// Power is lost in the middle of a write of the browser, and once more later: what was kept before and between is there.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { Mortal, outboxModule } from "./outbox_browser.mjs";
import { sharedServer } from "./server.mjs";

const server = sharedServer();

/** Keeps answers in the outbox of the page's device, and tells how it stands. */
async function keep({ module, ids }) {
  const box = await (await import(module)).openOutbox();
  await box.device() ?? await box.pair({ device: "d-torn", key: "sk_torn" });
  for (const id of ids) await box.put({ id, point: "P", locale: "vi", answers: { P1: 5 } });
  return { ...(await box.status()), device: (await box.device()).device };
}

test("a log torn by a loss of power loses nothing", { timeout: 60_000 }, async (t) => {
  const browser = new Mortal();
  t.after(() => browser.remove());
  const url = `${server().url}/s/${await server().point("pulse@1")}`;
  const module = await outboxModule(url);
  const session = async (n) => {
    await browser.start();
    await browser.context.route("**/api/v1/responses**", (route) => route.abort());
    const page = await browser.context.newPage();
    await page.goto(`${server().url}/readyz`); // of the same origin, and without an outbox of its own
    const said = await page.evaluate(keep, { module, ids: Array.from({ length: n }, () => randomUUID()) });
    await browser.kill();
    return [said.queue, said.lastSeq, said.device];
  };
  assert.deepEqual(await session(5), [5, 5, "d-torn"]);
  browser.tear();
  assert.deepEqual(await session(5), [10, 10, "d-torn"]);
  browser.tear();
  assert.deepEqual(await session(1), [11, 11, "d-torn"]);
  assert.deepEqual(await session(0), [11, 11, "d-torn"]);
});
