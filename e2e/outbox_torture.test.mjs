// Answers made in a real browser through the real module while the network flaps, the server fails and is killed, pages
// and the browser are killed, and power is lost in the middle of a write: at the end the server holds exactly what was
// made. SIPAS_TORTURE_N says how many.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { Mortal, outboxModule } from "./outbox_browser.mjs";
import { Server } from "./server.mjs";

const N = Number(process.env.SIPAS_TORTURE_N ?? 1000);
const ROUND = Math.max(20, Math.ceil(N / 25));

/** Opens the outbox of the page. */
async function opened(module) {
  const { openOutbox } = await import(module);
  window.box ??= await openOutbox({ random: () => 0 });
  window.box.start();
}

/** Puts answers in the page, four at a time, telling of each when it is kept. */
function make({ ids, point }) {
  const lane = async () => {
    for (let id = ids.pop(); id; id = ids.pop()) {
      const at = new Date().toISOString();
      await window.box.put({ id, point, instrument: "pulse@1", locale: "vi", started_at: at, submitted_at: at, answers: { P1: 5 } });
      await window.kept(id);
    }
  };
  return Promise.all([lane(), lane(), lane(), lane()]).then(() => {});
}

/** Kills the server in whatever it is doing, and starts it again on what it stored. */
async function crash(server) {
  const { spawnfile, spawnargs } = server.process;
  server.process.kill("SIGKILL");
  await server.exited;
  server.process = spawn(spawnfile, spawnargs.slice(1), { stdio: "ignore", env: { ...process.env, SIPAS_DEMO_PASSWORD: server.password } });
  server.exited = new Promise((go) => server.process.on("exit", go));
  await server.ready();
}

/** A server that takes it while the answer is lost, or fails, or of which there is nothing. */
function bad(chance) {
  return async (route) => {
    const p = chance();
    if (p < 0.25) return route.abort();
    if (p < 0.5) return route.fulfill({ status: 503, body: "busy" });
    if (p < 0.75) {
      await route.fetch().catch(() => {});
      return route.abort();
    }
    return route.continue();
  };
}

/** Waits until nothing waits in the outbox. */
async function drained(page) {
  let status;
  for (const until = Date.now() + 600_000; Date.now() < until; await wait(200)) {
    status = await page.evaluate(async () => {
      await window.box.drain({ hurry: true });
      return window.box.status();
    });
    if (!status.queue) break;
  }
  return status;
}

test(`${N} answers, none lost and none twice`, { timeout: 1_800_000 }, async (t) => {
  // All of them come from one address, faster than people do.
  Object.assign(process.env, { SIPAS_LIMIT_PER_SECOND: "0", SIPAS_LIMIT_BURST: "0" });
  const browser = new Mortal();
  t.after(() => browser.remove());
  const server = await Server.start();
  t.after(() => server.stop());
  const began = Date.now();
  const point = await server.point("pulse@1");
  const url = `${server.url}/s/${point}?consent=1&all=1`;
  const module = await outboxModule(url);
  const before = new Set((await server.responses("pulse")).map((r) => r.id));
  const [tried, kept] = [new Set(), new Set()];
  const killed = { browser: 0, torn: 0, page: 0, server: 0, offline: 0, failing: 0 };
  let seed = Number(process.env.SIPAS_TORTURE_SEED ?? 7);
  const chance = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;

  const open = async () => {
    await browser.start();
    const page = await browser.context.newPage();
    await page.exposeFunction("kept", (id) => void kept.add(id));
    await page.goto(url);
    // What kills begins here: of the outbox of a browser that dies again before this, only what waited is at stake.
    await page.evaluate(opened, module);
    return page;
  };
  const ids = (n) => Array.from({ length: n }, () => {
    const id = randomUUID();
    tried.add(id);
    return id;
  });
  for (let round = 0; kept.size < N; round++) {
    const page = await open();
    const { context } = browser;
    if (round % 5 < 2) {
      killed.failing++;
      await context.route("**/api/v1/responses**", bad(chance));
    }
    const making = page.evaluate(make, { ids: ids(Math.min(ROUND, N - kept.size)), point }).catch(() => {});
    let alive;
    if (round % 4 === 2) {
      killed.server++;
      alive = wait(chance() * 400).then(() => crash(server));
    }
    if (round % 2) {
      killed.offline++;
      await wait(chance() * 150);
      await context.setOffline(true).catch(() => {});
      await wait(chance() * 300);
      await context.setOffline(false).catch(() => {});
    }
    if (round % 3 === 0) {
      await wait(chance() * 800);
      killed.browser++;
      await browser.kill();
      if (chance() < 0.5) {
        killed.torn++;
        browser.tear();
      }
    } else if (round % 3 === 1) {
      await wait(chance() * 500);
      killed.page++;
      await page.close();
    }
    await making;
    await alive;
    if (browser.process) {
      await context.unrouteAll({ behavior: "ignoreErrors" });
      await context.setOffline(false);
      await page.close().catch(() => {});
    }
  }
  const page = await open();
  const status = await drained(page);
  const rows = (await server.responses("pulse")).map((r) => r.id).filter((id) => !before.has(id));
  const stored = new Set(rows);
  const lost = [...kept].filter((id) => !stored.has(id));
  const strange = rows.filter((id) => !tried.has(id));
  if (lost.length) {
    // Whether the browser lost them or the server: what this device knows of them, and when they were made.
    const order = [...kept];
    const known = await page.evaluate(async (all) => Promise.all(all.map(async (id) => [await window.box.db.get("receipts", id), await window.box.db.get("entries", id)])), lost);
    t.diagnostic(JSON.stringify({ places: lost.map((id) => order.indexOf(id)), status, known }));
  }
  const seconds = Math.round((Date.now() - began) / 1000);
  t.diagnostic(JSON.stringify({ kept: kept.size, stored: rows.length, lost: lost.length, doubled: rows.length - stored.size, shelf: status.shelf, made: status.made, seconds, ...killed }));
  assert.equal(status.queue + status.shelf, 0);
  assert.deepEqual({ lost, doubled: rows.length - stored.size, strange }, { lost: [], doubled: 0, strange: [] });
  assert.ok(rows.length >= N && rows.length <= tried.size);
  assert.deepEqual(Object.keys(killed).filter((k) => !killed[k]), [], "everything happened");
});
