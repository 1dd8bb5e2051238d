// Answers made in a real browser through the real module while the network flaps, the server fails and dies, and the
// browser is killed: at the end the server holds exactly what was made. SIPAS_TORTURE_N says how many.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { chromium } from "playwright-core";
import { Server } from "./server.mjs";

const N = Number(process.env.SIPAS_TORTURE_N ?? 1000);
const ROUND = Math.max(20, Math.ceil(N / 25));

/** A Chromium with a profile that outlives it, as a process of its own that can be killed. */
class Browser {
  static async start(profile) {
    const b = new Browser();
    b.process = spawn(process.env.SIPAS_CHROMIUM ?? "/usr/bin/chromium", [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank",
    ], { detached: true, stdio: ["ignore", "ignore", "pipe"] });
    b.gone = new Promise((go) => b.process.on("exit", go));
    const address = await new Promise((go, fail) => {
      let said = "";
      b.process.stderr.on("data", (d) => {
        said += d;
        const m = /DevTools listening on (ws:\S+)/.exec(said);
        if (m) go(m[1]);
      });
      b.process.on("exit", () => fail(new Error(`chromium ended: ${said}`)));
    });
    b.cdp = await chromium.connectOverCDP(address);
    [b.context] = b.cdp.contexts();
    return b;
  }

  async kill() {
    process.kill(-this.process.pid, "SIGKILL");
    await this.gone;
    await this.cdp.close().catch(() => {});
  }
}

/** Puts answers in the page one after another, telling of each when it is kept. */
function make({ module, ids, point }) {
  return import(module).then(async ({ openOutbox }) => {
    window.box ??= await openOutbox({ random: () => 0 });
    window.box.start();
    for (const id of ids) {
      const at = new Date().toISOString();
      await window.box.put({ id, point, instrument: "pulse@1", locale: "vi", started_at: at, submitted_at: at, answers: { P1: 5 } });
      await window.kept(id);
    }
  });
}

test(`${N} answers, none lost and none twice`, { timeout: 1_800_000 }, async (t) => {
  // All of them come from one address, faster than people do.
  Object.assign(process.env, { SIPAS_LIMIT_PER_SECOND: "0", SIPAS_LIMIT_BURST: "0" });
  const server = await Server.start();
  t.after(() => server.stop());
  const profile = mkdtempSync(join(tmpdir(), "sipas-torture-"));
  t.after(() => rmSync(profile, { recursive: true, force: true }));
  const point = await server.point("pulse@1");
  const url = `${server.url}/s/${point}?consent=1&all=1`;
  const form = await (await fetch(server.url + (await (await fetch(url)).text()).match(/\/static\/js\/form\.\w+\.js/)[0])).text();
  const module = form.match(/\/static\/js\/outbox\.\w+\.js/)[0];
  const before = new Set((await server.responses("pulse")).map((r) => r.id));
  const tried = new Set();
  const kept = new Set();
  const killed = { browser: 0, page: 0, offline: 0, failing: 0 };
  let browser;
  t.after(() => browser?.kill().catch(() => {}));
  let seed = 7;
  const chance = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;

  const open = async () => {
    browser ??= await Browser.start(profile);
    const page = await browser.context.newPage();
    await page.exposeFunction("kept", (id) => void kept.add(id));
    await page.goto(url);
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
    const failing = round % 5 < 2;
    if (failing) {
      killed.failing++;
      // The server takes it and the answer is lost, or it fails, or there is nothing of it.
      await context.route("**/api/v1/responses**", async (route) => {
        const p = chance();
        if (p < 0.25) return route.abort();
        if (p < 0.5) return route.fulfill({ status: 503, body: "busy" });
        if (p < 0.75) {
          await route.fetch().catch(() => {});
          return route.abort();
        }
        return route.continue();
      });
    }
    const making = page.evaluate(make, { module, ids: ids(Math.min(ROUND, N - kept.size)), point }).catch(() => {});
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
      browser = undefined;
    } else if (round % 3 === 1) {
      await wait(chance() * 500);
      killed.page++;
      await page.close();
    } else await making;
    await making;
    if (browser) {
      await context.unrouteAll({ behavior: "ignoreErrors" });
      await context.setOffline(false);
      await page.close().catch(() => {});
    }
  }
  const page = await open();
  await page.evaluate(make, { module, ids: [], point });
  let status;
  for (const until = Date.now() + 600_000; Date.now() < until; await wait(200)) {
    status = await page.evaluate(async () => {
      await window.box.drain({ hurry: true });
      return window.box.status();
    });
    if (!status.queue) break;
  }
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
  t.diagnostic(JSON.stringify({ kept: kept.size, stored: rows.length, lost: lost.length, doubled: rows.length - stored.size, shelf: status.shelf, made: status.made, ...killed }));
  assert.equal(status.queue + status.shelf, 0);
  assert.deepEqual({ lost, doubled: rows.length - stored.size, strange }, { lost: [], doubled: 0, strange: [] });
  assert.ok(rows.length >= N && rows.length <= tried.size);
  assert.ok(killed.browser > 0 && killed.page > 0 && killed.offline > 0 && killed.failing > 0);
});
