// The outbox: what somebody answered stays on this device until the server has given a receipt for it, whatever the
// network, the browser or the power does meanwhile. The kiosk, the phone's form and the service worker share it.
import { OutboxRefused, forgive, openStore, queued, tally, trim, within } from "./outbox-store.js";
import { MOST, backoff, send, verdict } from "./outbox-send.js";

export { OutboxRefused };

const RECEIPTS = 200; // kept, for whoever asks later

/** Opens this device's outbox; throws OutboxRefused where the browser keeps nothing. key: of the device, if not paired here. */
export async function openOutbox(options = {}) {
  const box = new Outbox(options);
  await box.open();
  return box;
}

class Outbox extends EventTarget {
  constructor({ key, now = Date.now, random = Math.random, fetch = (...a) => globalThis.fetch(...a), locks = globalThis.navigator?.locks,
    timer = [(f, ms) => setTimeout(f, ms), (t) => clearTimeout(t)] }) {
    super();
    Object.assign(this, { key, now, random, fetch, locks, timer, asked: new Map(), most: MOST, ended: true });
  }

  async open() {
    this.db = await openStore(() => {
      this.stop();
      this.dispatchEvent(new Event("stale")); // a newer page has taken over: this one should be loaded again
    });
    if (!globalThis.BroadcastChannel) return;
    this.air = new BroadcastChannel("sipas-outbox");
    this.air.unref?.();
    this.air.onmessage = () => this.changed(true);
  }

  changed(heard) {
    if (!heard) this.air?.postMessage(0);
    for (const [id, ask] of this.asked) this.look(id, ask);
    this.dispatchEvent(new Event("change"));
  }

  /** Keeps a response until there is a receipt, and returns it as it is kept: on a paired device with its number. */
  async put(body) {
    let kept;
    try {
      await within(this.db, ["entries", "meta"], async (store) => {
        const [entries, meta] = [store("entries"), store("meta")];
        const [device, old] = await Promise.all([meta.get("device"), entries.get(body.id)]);
        const name = `seq:${device?.device ?? ""}`;
        const seq = old?.seq ?? ((await meta.get(name)) ?? 0) + 1;
        kept = device ? { ...body, device: device.device, device_seq: seq } : { ...body };
        entries.put({ id: body.id, seq, body: kept, made: old?.made ?? this.now(), state: "wait", due: 0, tries: 0, sent: old?.sent });
        if (old) return;
        meta.put(seq, name);
        await tally(meta, this.now(), { made: 1 });
      });
    } catch (err) {
      throw OutboxRefused.from(err);
    }
    this.changed();
    return kept;
  }

  /** What became of a response: {receipt, state} or, when the server refused it, {status, problem}. */
  fate(id) {
    let ask = this.asked.get(id);
    if (!ask) {
      ask = {};
      ask.promise = new Promise((tell) => (ask.tell = tell));
      this.asked.set(id, ask);
      this.look(id, ask);
    }
    return ask.promise;
  }

  async look(id, ask) {
    try {
      const tx = this.db.transaction(["receipts", "entries"]);
      const [r, e] = await Promise.all([tx.objectStore("receipts").get(id), tx.objectStore("entries").get(id)]);
      if (e ? e.state !== "shelf" : !r) return;
      this.asked.delete(id);
      ask.tell(e ? { status: e.status, problem: e.problem } : { receipt: r.receipt, state: r.state });
    } catch {} // closed for a newer page
  }

  /** {receipt, state} once the server has it; pending until then. */
  async receipt(id) {
    const f = await this.fate(id);
    return f.receipt ? f : new Promise(() => {});
  }

  /** Sends what waits until nothing is due, one tab at a time. hurry: at once, though a failure asked for patience.
   *  proof: of the work that the event "challenge" asked for. */
  drain({ hurry = false, proof } = {}) {
    this.hurry ||= hurry;
    this.proof = proof;
    this.next ??= this.alone(() => {
      this.next = null; // who asks from here on asks for another look
      return this.sendAll();
    }).finally(() => {
      this.next = null;
      if (!this.ended) return this.arm();
    });
    return this.next;
  }

  // Without Web Locks two tabs may send the same, which the server counts once; one tab has its own turns.
  alone(f) {
    return this.locks ? this.locks.request("sipas-outbox", f) : (this.turn = (this.turn ?? Promise.resolve()).then(f, f));
  }

  async sendAll() {
    const hurry = this.hurry;
    this.hurry = false;
    if (hurry) await forgive(this.db);
    else if (((await this.db.get("meta", "pause"))?.until ?? 0) > this.now()) return;
    while (await this.sendSome());
  }

  // Sends one batch; true when there may be more to send now.
  async sendSome() {
    const batch = await this.db.getAllFromIndex("entries", "queue", queued("wait", this.now()), this.most);
    if (!batch.length) return false;
    await within(this.db, ["entries", "meta"], async (store) => {
      const fresh = batch.filter((e) => !e.sent);
      for (const e of fresh) await store("entries").put(Object.assign(e, { sent: this.now() }));
      if (fresh.length) await tally(store("meta"), this.now(), { sent: fresh.length });
    });
    const key = this.key ?? (await this.device())?.key;
    const { proof } = this;
    this.proof = undefined;
    const { status, after, got } = await send(this.fetch, batch.map((e) => e.body), key, proof);
    if (got?.challenge) this.dispatchEvent(new CustomEvent("challenge", { detail: got }));
    const whole = status === 200 ? null : verdict(status);
    if (whole === "shelf" && batch.length > 1) {
      this.most = Math.ceil(batch.length / 2); // one of them spoils the rest, or all together are too large
      return true;
    }
    const each = new Map(got?.results?.map((r) => [r.id.toLowerCase(), r]));
    const said = (e) => (whole ? { status, problem: got } : (each.get(e.id.toLowerCase()) ?? { status: 0 }));
    const acked = await this.settle(batch, said, after);
    // A server that fails on a whole batch may fail on one of them only.
    if (whole === "wait" && status >= 500) this.most = Math.ceil(this.most / 2);
    else if (!whole) this.most = Math.min(MOST, this.most * 2);
    if (whole && whole !== "shelf") await this.rest(after);
    this.changed();
    return acked >= 0 && !(whole && whole !== "shelf");
  }

  // Writes down what the server said of each, in one transaction with the receipts.
  settle(batch, said, after) {
    return within(this.db, ["entries", "receipts", "meta"], async (store) => {
      const [entries, receipts, meta] = ["entries", "receipts", "meta"].map(store);
      let acked = 0;
      let unpaired = false;
      for (const sent of batch) {
        const e = await entries.get(sent.id);
        const { status, problem, receipt, state } = said(sent);
        const v = verdict(status);
        if (v === "acked") {
          if (e) acked++;
          receipts.put({ id: sent.id, receipt, state, at: this.now() });
        }
        unpaired ||= v === "unpaired";
        // What was put anew meanwhile, with other answers, waits for its own verdict.
        if (!e || JSON.stringify(e.body) !== JSON.stringify(sent.body)) continue;
        if (v === "acked") entries.delete(e.id);
        else if (v === "shelf") entries.put({ ...e, state: "shelf", status, problem: problem ?? null });
        else if (status || batch.length === 1) entries.put({ ...e, tries: e.tries + 1, due: this.now() + backoff(e.tries, after, this.random) });
        else entries.put({ ...e, due: this.now() + 1000 });
      }
      if (unpaired) meta.put("unpaired", "refused");
      else if (acked) meta.delete("refused");
      if (acked) meta.delete("pause");
      await trim(receipts, RECEIPTS);
      await tally(meta, this.now(), { acked });
      return acked;
    });
  }

  // Nothing goes through now: every tab waits.
  rest(after) {
    return within(this.db, ["meta"], async (store) => {
      const tries = (await store("meta").get("pause"))?.tries ?? 0;
      await store("meta").put({ tries: tries + 1, until: this.now() + backoff(tries, after, this.random) }, "pause");
    });
  }

  /** Counts something of today, such as "ignored". */
  note(what) {
    return within(this.db, ["meta"], (store) => tally(store("meta"), this.now(), { [what]: 1 }));
  }

  /** {queue, shelf, made, sent, acked, ignored, lastSeq, refused}. */
  status() {
    return within(this.db, ["entries", "meta"], async (store) => {
      const [queue, meta] = [store("entries").index("queue"), store("meta")];
      const { day, ...counts } = await tally(meta, this.now(), {});
      const device = await meta.get("device");
      return {
        queue: await queue.count(queued("wait")), shelf: await queue.count(queued("shelf")), ...counts,
        lastSeq: (await meta.get(`seq:${device?.device ?? ""}`)) ?? 0, refused: (await meta.get("refused")) ?? null,
      };
    });
  }

  /** What the server refused for good: entries with its status and problem. */
  shelf() {
    return this.db.getAllFromIndex("entries", "queue", queued("shelf"));
  }

  /** The shelf as the text of a file for `sipas import outbox`. */
  async exportShelf() {
    const responses = (await this.shelf()).map((e) => e.body);
    const device = (await this.device())?.device ?? "";
    return JSON.stringify({ sipas_outbox: 1, device, exported_at: new Date(this.now()).toISOString(), responses }, null, 1);
  }

  /** Sends what is on the shelf again: after an import the server gives a receipt for it, and the shelf is empty. */
  async retry() {
    await within(this.db, ["entries"], async (store) => {
      for (const e of await store("entries").index("queue").getAll(queued("shelf"))) {
        await store("entries").put({ ...e, state: "wait", due: 0, tries: 0 });
      }
    });
    this.changed();
    return this.drain({ hurry: true });
  }

  /** {device, key, point, name} of a paired device. */
  device() {
    return this.db.get("meta", "device");
  }

  /** Remembers what pairing gave; what waited for it goes out. */
  async pair(device) {
    await within(this.db, ["meta"], async (store) => {
      await store("meta").put(device, "device");
      await store("meta").delete("refused");
    });
    this.key = undefined;
    this.changed();
    this.drain({ hurry: true }).catch(() => {});
  }

  /** Forgets the device; what waits stays. */
  async unpair() {
    await this.db.delete("meta", "device");
    this.key = undefined;
    this.changed();
  }

  /** Reads and writes what a page keeps beside the queue, such as the kiosk's kit. */
  get(name) {
    return this.db.get("meta", `page:${name}`);
  }

  set(name, value) {
    return this.db.put("meta", value, `page:${name}`);
  }

  /** Sends by itself from now on: now, when the network or the page comes back, and from time to time. */
  start() {
    globalThis.navigator?.storage?.persist?.().catch(() => {});
    const go = () => this.tick();
    const back = () => this.tick({ hurry: true });
    const seen = () => document.visibilityState === "visible" && go();
    globalThis.addEventListener?.("online", back);
    globalThis.document?.addEventListener("visibilitychange", seen);
    this.stop = () => {
      this.ended = true;
      this.timer[1](this.due);
      globalThis.removeEventListener?.("online", back);
      globalThis.document?.removeEventListener("visibilitychange", seen);
    };
    this.ended = false;
    return this.tick();
  }

  stop() {}

  tick(how) {
    this.timer[1](this.due);
    return this.drain(how).catch(() => {});
  }

  async arm() {
    const wait = await this.wait().catch(() => 60_000);
    this.timer[1](this.due);
    if (!this.ended) this.due = this.timer[0](() => this.tick(), wait);
  }

  // How long until something is due; other tabs may have left something, so a minute at most.
  async wait() {
    const first = await this.db.getFromIndex("entries", "queue", queued("wait"));
    const pause = (await this.db.get("meta", "pause"))?.until ?? 0;
    return first ? Math.min(60_000, Math.max(500, Math.max(first.due, pause) - this.now())) : 60_000;
  }
}
