// A gate between a browser and the server: shut, it is a network that is gone; and it can change what passes.
import { createServer, request } from "node:http";

/** A gate in front of a server, at .url. forgetful: browsers keep nothing by themselves. */
export class Gate {
  /** @param {import("./server.mjs").Server} server */
  static async open(server) {
    const gate = new Gate();
    gate.to = new URL(server.url);
    gate.changed = new Map();
    gate.front = createServer((req, res) => gate.pass(req, res));
    await gate.reopen(0);
    gate.port = gate.front.address().port;
    gate.url = `http://127.0.0.1:${gate.port}`;
    return gate;
  }

  /** @param {string} path @param {(body: string) => string} f what becomes of the text at path */
  change(path, f) {
    this.changed.set(path, f);
  }

  /** Cuts the connection of so many requests that a test picks. @param {(req: import("node:http").IncomingMessage) => boolean} pick */
  cut(times, pick) {
    this.cuts = { left: times, pick };
  }

  /** Answers itself what a test picks, until pick says no. @param {(req: import("node:http").IncomingMessage) => boolean} pick */
  answer(pick, status, body = "") {
    this.own = { pick, status, body };
  }

  pass(req, res) {
    if (this.own?.pick(req)) {
      const type = this.own.status === 404 ? "text/plain" : "application/problem+json";
      return req.resume().on("end", () => res.writeHead(this.own.status, { "content-type": type }).end(this.own.body));
    }
    if (this.cuts?.left && this.cuts.pick(req)) {
      this.cuts.left--;
      return res.destroy();
    }
    const on = request({ host: this.to.hostname, port: this.to.port, path: req.url, method: req.method, headers: { ...req.headers, "accept-encoding": "identity" } }, (from) => {
      if (this.forgetful) from.headers["cache-control"] = "no-store";
      const f = this.changed.get(new URL(req.url, this.url).pathname);
      if (!f) return from.pipe(res.writeHead(from.statusCode, from.headers));
      let text = "";
      from.setEncoding("utf8").on("data", (d) => (text += d)).on("end", () => {
        const { "content-length": _, etag: __, ...headers } = from.headers;
        res.writeHead(from.statusCode, headers).end(f(text));
      });
    });
    on.on("error", () => res.destroy());
    req.pipe(on);
  }

  /** The network is gone, also for what is under way. */
  shut() {
    return new Promise((done) => {
      this.front.close(done);
      this.front.closeAllConnections();
    });
  }

  /** The network is back. */
  reopen(port = this.port) {
    return new Promise((done, fail) => this.front.once("error", fail).listen(port, "127.0.0.1", done));
  }
}
