// What a kiosk says to its server and hears from it, apart from answers: pairing, the heartbeat, the kit.

const everyMinute = 60_000;

/** The line to the server of one kiosk. */
export class Line {
  constructor(kiosk, version) {
    Object.assign(this, { kiosk, version });
  }

  async ask(path, options = {}) {
    const device = await this.kiosk.box.device();
    const headers = { "Content-Type": "application/json", ...(device ? { Authorization: `Bearer ${device.key}` } : {}), ...options.headers };
    return fetch(`/api/v1/devices/${path}`, { ...options, headers, signal: AbortSignal.timeout(15_000) });
  }

  /** Pairs with a code; returns what is wrong, by the name of its words, or nothing. */
  async pair(code) {
    const { box } = this.kiosk;
    try {
      const device = (await box.device())?.device ?? (await box.get("old-device"));
      const answer = await fetch("/api/v1/devices/pair", {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ code, ...(device ? { device } : {}) }),
      });
      if (!answer.ok) return { 404: "pair_unknown", 410: "pair_over", 429: "pair_often" }[answer.status] ?? "pair_failed";
      await box.pair(await answer.json());
      await box.set("kit", undefined);
    } catch {
      return "pair_offline";
    }
  }

  /** Beats now and every minute. */
  start() {
    clearInterval(this.timer);
    this.timer = setInterval(() => this.beat(), everyMinute);
    this.beats = 0;
    return this.beat();
  }

  async beat() {
    const { kiosk } = this;
    const { box } = kiosk;
    if (!(await box.device())) return;
    const { queue, shelf, made, sent, acked, ignored, lastSeq } = await box.status();
    const battery = await navigator.getBattery?.().then((b) => Math.round(b.level * 100), () => -1) ?? -1;
    try {
      const answer = await this.ask("heartbeat", {
        method: "POST",
        body: JSON.stringify({ version: this.version, queue, shelf, made, sent, acked, ignored: ignored ?? 0, battery, last_seq: lastSeq, at: new Date().toISOString() }),
      });
      if (answer.status === 401) return this.lost();
      if (!answer.ok) return kiosk.reached(answer.status < 500);
      await kiosk.reached(true);
      await this.fetchKit((await answer.json()).kit);
      if (kiosk.free) await kiosk.between();
      if (++this.beats % 15 === 2) await this.look();
    } catch {
      kiosk.reached(false);
    }
  }

  async fetchKit(hash) {
    const { kiosk } = this;
    if (kiosk.kit?.hash === hash || kiosk.fresh?.hash === hash) return;
    const answer = await this.ask("kit");
    if (!answer.ok) return;
    const kit = await answer.json();
    await kiosk.box.set("kit", kit);
    kiosk.fresh = kit;
  }

  /** Staff have revoked this device: its queue stays, and it may be paired again. Whoever is answering ends first. */
  lost() {
    const { kiosk } = this;
    kiosk.revoked = true;
    if (!kiosk.free) return;
    clearInterval(this.timer);
    kiosk.stops.pairing("pair_lost");
  }

  /** Has the service worker started, and hears when it brings another version. */
  watch() {
    const { serviceWorker: worker } = navigator;
    if (!worker) return; // a start needs the network then
    let had = worker.controller;
    worker.addEventListener("controllerchange", () => {
      if (had) this.kiosk.newer();
      had = true;
    });
    this.look();
  }

  /** Has the service worker keep this page and the recordings of a kit. */
  keep(kit) {
    const audio = kit.items.flatMap((i) => Object.values(i.audio ?? {}));
    navigator.serviceWorker?.ready.then((r) => r.active.postMessage({ keep: location.pathname, audio }));
  }

  // Has the worker, also where a first try failed, and asks for a newer one; that comes with the whole new version, which
  // is taken between two people.
  async look() {
    await navigator.serviceWorker?.register("/sw.js", { type: "module", updateViaCache: "none" }).then((r) => r.update()).catch(() => {});
  }
}
