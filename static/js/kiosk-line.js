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
      const device = (await box.get("old-device")) ?? (await box.device())?.device;
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
      if (++this.beats % 15 === 0) await this.look();
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
    if (!kiosk.kit || kiosk.m.screen === "attract") return kiosk.use(kit);
    kiosk.fresh = kit;
  }

  // Staff have revoked this device: its queue stays, and it may be paired again.
  async lost() {
    const { kiosk } = this;
    const device = await kiosk.box.device();
    if (device) await kiosk.box.set("old-device", device.device);
    kiosk.state.unpaired = true;
    clearInterval(this.timer);
    if (kiosk.m.kit) kiosk.m.reset();
    kiosk.showPairing("pair_lost");
  }

  // Whether the server has a newer page than this one; it is taken between two people.
  async look() {
    const text = await (await fetch(location.pathname, { cache: "no-cache" })).text();
    const mine = document.querySelector("script[src]").getAttribute("src");
    if (!text.includes(mine)) this.kiosk.outdated = true;
    if (this.kiosk.outdated && this.kiosk.m.screen === "attract") this.kiosk.between();
  }
}
