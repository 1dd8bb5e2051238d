// The real binary on a free port with a folder of its own: what a test talks to is what is shipped.
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The binary under test: SIPAS_BINARY, or one built here. Go's build cache makes the second build quick. */
export function binary() {
  if (process.env.SIPAS_BINARY) return process.env.SIPAS_BINARY;
  const path = join(root, "e2e/.tmp/sipas");
  execFileSync("go", ["build", "-o", path, "./cmd/sipas"], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, CGO_ENABLED: "0" },
  });
  return path;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** A running `sipas serve --demo`. */
export class Server {
  /** Starts the server and waits until it can take a response. */
  static async start() {
    const server = new Server();
    server.data = mkdtempSync(join(tmpdir(), "sipas-e2e-"));
    server.password = randomBytes(12).toString("base64url");
    server.output = "";
    const port = await freePort();
    server.url = `http://127.0.0.1:${port}`;
    server.process = spawn(binary(), ["serve", "--demo", "--addr", `127.0.0.1:${port}`, "--data", server.data], {
      env: { ...process.env, SIPAS_DEMO_PASSWORD: server.password },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [server.process.stdout, server.process.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        server.output += text;
      });
    }
    server.exited = new Promise((resolve) => server.process.on("exit", resolve));
    server.stopWithUs = () => server.process.kill("SIGKILL");
    process.on("exit", server.stopWithUs);
    try {
      await server.ready();
    } catch (err) {
      await server.stop();
      throw err;
    }
    return server;
  }

  async ready() {
    const until = Date.now() + 60_000;
    while (Date.now() < until) {
      if (this.process.exitCode !== null) throw new Error(`sipas ended with ${this.process.exitCode}:\n${this.output}`);
      const answer = await fetch(`${this.url}/readyz`).catch(() => null);
      if (answer?.ok) return;
      await wait(50);
    }
    throw new Error(`sipas was not ready within a minute:\n${this.output}`);
  }

  /** Asks the server to finish, and insists after ten seconds; removes its data. */
  async stop() {
    const insist = setTimeout(() => this.process.kill("SIGKILL"), 10_000);
    this.process.kill("SIGTERM");
    await this.exited;
    clearTimeout(insist);
    process.off("exit", this.stopWithUs);
    if (existsSync(this.data)) rmSync(this.data, { recursive: true });
  }

  /**
   * Runs another sub-command on the same data and returns what it printed on stdout.
   * @param {...string} args
   */
  run(...args) {
    return execFileSync(binary(), [...args, "--data", this.data], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  /** A new token for the API, as an operator makes one. */
  token(role) {
    return this.run("token", "add", `e2e-${randomBytes(4).toString("hex")}`, "--role", role).trim();
  }

  /**
   * Every response of a wave, as an auditor reads them: raw, through the API, page by page.
   * @param {string} wave
   * @returns {Promise<object[]>}
   */
  async responses(wave) {
    this.auditor ??= this.token("auditor");
    const rows = [];
    for (let next = `/api/v1/responses?wave=${wave}`; next; ) {
      const answer = await fetch(this.url + next, { headers: { Authorization: `Bearer ${this.auditor}`, Accept: "application/x-ndjson" } });
      if (!answer.ok) throw new Error(`${next}: ${answer.status} ${await answer.text()}`);
      rows.push(...(await answer.text()).split("\n").filter(Boolean).map((line) => JSON.parse(line)));
      next = answer.headers.get("link")?.match(/<([^>]+)>; rel="next"/)?.[1];
    }
    return rows;
  }

  /**
   * The demo prints its points' addresses; this finds the first point of an instrument.
   * @param {string} instrument such as "moha-2023@1"
   * @returns {Promise<string>} the point's code
   */
  async point(instrument) {
    for (const [, code] of this.output.matchAll(/\/s\/([A-Z0-9]+)/g)) {
      const answer = await fetch(`${this.url}/api/v1/points/${code}`);
      if (answer.ok && (await answer.json()).instrument === instrument) return code;
    }
    throw new Error(`the demo printed no point of ${instrument}:\n${this.output}`);
  }
}

/** One server for every test of a file: the returned function gives it once the tests run. */
export function sharedServer() {
  let server;
  test.before(async () => {
    server = await Server.start();
  });
  test.after(async () => {
    await server?.stop();
  });
  return () => server;
}
