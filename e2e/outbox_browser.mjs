// A Chromium that is killed, and starts again with what it kept.
import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

/** A Chromium with a profile that outlives it, as a process of its own. */
export class Mortal {
  profile = mkdtempSync(join(tmpdir(), "sipas-mortal-"));

  /** Starts it, unless it runs. */
  async start() {
    if (this.process) return;
    this.process = spawn(process.env.SIPAS_CHROMIUM ?? "/usr/bin/chromium", [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", `--user-data-dir=${this.profile}`, "about:blank",
    ], { detached: true, stdio: ["ignore", "ignore", "pipe"] });
    this.gone = new Promise((go) => this.process.on("exit", go));
    const address = await new Promise((go, fail) => {
      let said = "";
      this.process.stderr.on("data", (d) => {
        said += d;
        const m = /DevTools listening on (ws:\S+)/.exec(said);
        if (m) go(m[1]);
      });
      this.process.on("exit", () => fail(new Error(`chromium ended: ${said}`)));
    });
    this.cdp = await chromium.connectOverCDP(address);
    [this.context] = this.cdp.contexts();
  }

  async kill() {
    if (!this.process) return;
    process.kill(-this.process.pid, "SIGKILL");
    await this.gone;
    this.process = undefined;
    await this.cdp?.close().catch(() => {});
  }

  /** Leaves what a loss of power in the middle of a write leaves: the head of a record, and no body. To Chromium it is
   *  harmless by itself; after it appends to it, the next start throws the whole database
   *  away. A kill alone seldom hits that moment, so it is made here. */
  tear() {
    const home = join(this.profile, "Default/IndexedDB");
    for (const origin of readdirSync(home).filter((name) => name.endsWith(".leveldb"))) {
      const log = readdirSync(join(home, origin)).filter((name) => name.endsWith(".log")).sort().at(-1);
      appendFileSync(join(home, origin, log), Buffer.from([1, 2, 3, 4, 0x2c, 1, 1]));
    }
  }

  async remove() {
    await this.kill();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** The address of the outbox module that a page of the form loads. */
export async function outboxModule(url) {
  const page = await (await fetch(url)).text();
  const form = await (await fetch(new URL(page.match(/\/static\/js\/form\.\w+\.js/)[0], url))).text();
  return form.match(/\/static\/js\/outbox\.\w+\.js/)[0];
}
