// The outbox without a page: its own clock, chance and server, and an IndexedDB in memory.
import assert from "node:assert/strict";
import { test } from "node:test";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { script } from "../scripts.mjs";

const { openOutbox, OutboxRefused } = await script("outbox.js");
const { backoff, verdict } = await script("outbox-send.js");
globalThis.BroadcastChannel = undefined; // each test is one browser of its own
globalThis.IDBKeyRange = IDBKeyRange;

/** Locks as a browser has them: one holder at a time, in order. */
function webLocks() {
  let last = Promise.resolve();
  return { request: (_, f) => (last = last.catch(() => {}).then(f)) };
}

/** A browser's storage with a clock, and a server that does what answer says of each response. */
function world(t, answer = () => 201) {
  globalThis.indexedDB = new IDBFactory();
  const w = { time: Date.UTC(2026, 2, 2, 1), random: 0, posts: [], answer, locks: webLocks(), stored: new Map(), headers: {} };
  w.fetch = async (url, { body, headers }) => {
    const got = JSON.parse(body);
    const alone = url === "/api/v1/responses";
    if (!alone) assert.equal(url, "/api/v1/responses/batch");
    const responses = alone ? [got] : got.responses;
    w.posts.push({ ids: responses.map((r) => r.id), headers });
    const whole = w.whole?.(responses);
    if (whole === 0) throw new TypeError("no network");
    if (whole) return reply(whole, whole === 403 ? undefined : { title: "no" }, w.headers);
    const results = responses.map((r) => {
      const status = w.answer(r);
      if (status < 300) w.stored.set(r.id, (w.stored.get(r.id) ?? 0) + 1);
      return status < 300 ? { id: r.id, status, receipt: `R-${r.id}`, state: "counted" } : { id: r.id, status, problem: { title: `${status}` } };
    });
    if (w.lost) throw new TypeError("the answer was lost");
    if (alone) return results[0].problem ? reply(results[0].status, results[0].problem) : reply(results[0].status, results[0]);
    return reply(200, { results });
  };
  w.box = async (more) => {
    const box = await openOutbox({ now: () => w.time, random: () => w.random, fetch: w.fetch, locks: w.locks, ...more });
    t.after(() => box.db.close());
    return box;
  };
  return w;
}

function reply(status, got, headers = {}) {
  return { ok: status < 300, status, headers: new Headers(headers), json: async () => { if (!got) throw new SyntaxError(); return got; } };
}

const id = (n) => `019ccee1-0000-7000-8000-${String(n).padStart(12, "0")}`;
const body = (n) => ({ id: id(n), point: "P", locale: "vi", answers: { P1: 5 } });
const counts = async (box, ...names) => {
  const s = await box.status();
  return names.map((n) => s[n]);
};

test("what is put waits, is sent, and leaves a receipt", async (t) => {
  const w = world(t);
  const box = await w.box();
  assert.deepEqual(await box.put(body(1)), body(1));
  const receipt = box.receipt(id(1));
  assert.deepEqual(await counts(box, "queue", "made", "sent", "acked"), [1, 1, 0, 0]);
  await box.drain();
  assert.deepEqual(await receipt, { receipt: `R-${id(1)}`, state: "counted" });
  assert.deepEqual(await box.receipt(id(1)), await receipt, "asked later");
  assert.deepEqual(await counts(box, "queue", "shelf", "made", "sent", "acked"), [0, 0, 1, 1, 1]);
  assert.equal(w.posts[0].headers.Authorization, undefined);
});

test("a paired device numbers its responses and shows its key", async (t) => {
  const w = world(t);
  const box = await w.box();
  await box.pair({ device: "d1", key: "sk_1", point: "P", name: "n" });
  assert.deepEqual(await box.put(body(1)), { ...body(1), device: "d1", device_seq: 1 });
  assert.equal((await box.put(body(2))).device_seq, 2);
  assert.equal((await box.put(body(1))).device_seq, 1, "put twice, numbered once");
  assert.deepEqual(await counts(box, "lastSeq", "made"), [2, 2]);
  await box.drain();
  assert.equal(w.posts[0].headers.Authorization, "Bearer sk_1");
  await box.pair({ device: "d2", key: "sk_2", point: "P", name: "n" });
  assert.equal((await box.put(body(3))).device_seq, 1, "another device counts anew");
  await box.unpair();
  await box.pair({ device: "d1", key: "sk_3", point: "P", name: "n" });
  assert.equal((await box.put(body(4))).device_seq, 3, "the old one goes on");
});

test("what a status means", async (t) => {
  for (const [want, list] of Object.entries({
    acked: [200, 201], unpaired: [401], wait: [0, 408, 425, 429, 500, 502, 503, 504],
    shelf: [400, 403, 404, 409, 410, 413, 415, 422, 428],
  })) for (const s of list) assert.equal(verdict(s), want, String(s));
  for (const status of [404, 409, 410, 413, 422]) {
    const w = world(t, () => status);
    const box = await w.box();
    await box.put(body(1));
    const fate = box.fate(id(1));
    await box.drain();
    assert.deepEqual(await fate, { status, problem: { title: String(status) } });
    assert.deepEqual(await counts(box, "queue", "shelf"), [0, 1]);
    const file = JSON.parse(await box.exportShelf());
    assert.deepEqual([file.sipas_outbox, file.responses], [1, [body(1)]]);
    w.answer = () => 200; // somebody has imported the file
    await box.retry();
    assert.deepEqual(await counts(box, "queue", "shelf", "acked"), [0, 0, 1]);
  }
});

test("one bad response does not hold up the others", async (t) => {
  const w = world(t, (r) => (r.id === id(2) ? 422 : r.id === id(3) ? 503 : 201));
  const box = await w.box();
  for (const n of [1, 2, 3, 4]) await box.put(body(n));
  await box.drain();
  assert.deepEqual(await counts(box, "queue", "shelf", "acked"), [1, 1, 2]);
  assert.deepEqual(w.posts.map((p) => p.ids.length), [4]);
  w.time += 1001;
  w.answer = () => 201;
  await box.drain();
  assert.deepEqual(await counts(box, "queue", "acked"), [0, 3]);
});

test("without network everything stays, ever longer apart, and one hurry is enough", async (t) => {
  const w = world(t);
  w.whole = () => 0;
  const box = await w.box();
  await box.put(body(1));
  await box.drain();
  await box.drain();
  assert.equal(w.posts.length, 1, "the pause holds");
  w.time += 1000;
  await box.drain();
  w.time += 1000;
  await box.drain();
  assert.equal(w.posts.length, 2, "the second pause is longer");
  w.whole = () => undefined;
  await box.drain({ hurry: true });
  assert.deepEqual(await counts(box, "queue", "acked"), [0, 1]);
});

test("backoff doubles within its bounds and obeys the server", () => {
  for (const r of [0, 0.5, 0.999]) {
    for (const [tries, low] of [[0, 1000], [1, 2000], [5, 32_000], [40, 300_000]]) {
      const ms = backoff(tries, 0, () => r);
      assert.ok(ms >= low && ms < 1.5 * low, `${tries}: ${ms}`);
    }
    assert.ok(backoff(0, 60, () => r) >= 60_000);
  }
});

test("the work that the server asks of a phone is handed to the page, and its proof to the server", async (t) => {
  const w = world(t);
  const box = await w.box();
  const { fetch } = w;
  box.fetch = (url, o) => (o.headers["X-Proof"] === "done" ? fetch(url, o) : reply(429, { title: "slow", challenge: { c: 1 } }, { "Retry-After": "60" }));
  box.addEventListener("challenge", (e) => assert.deepEqual(e.detail.challenge, { c: 1 }));
  await box.put(body(1));
  await box.drain();
  assert.deepEqual(await counts(box, "queue"), [1]);
  await box.drain({ hurry: true, proof: "done" });
  assert.deepEqual(await counts(box, "queue"), [0]);
});

test("Retry-After is obeyed", async (t) => {
  const w = world(t);
  w.whole = () => 429;
  w.headers = { "Retry-After": "20" };
  const box = await w.box();
  await box.put(body(1));
  await box.drain();
  w.time += 19_999;
  await box.drain();
  assert.equal(w.posts.length, 1);
  w.time += 1;
  w.whole = undefined;
  await box.drain();
  assert.deepEqual(await counts(box, "queue"), [0]);
});

test("a revoked key loses nothing, and says so until it is paired again", async (t) => {
  for (const how of ["whole", "each"]) {
    const w = world(t, () => (how === "each" ? 401 : 201));
    if (how === "whole") w.whole = () => 401;
    const box = await w.box();
    await box.pair({ device: "d1", key: "sk_1" });
    await box.put(body(1));
    await box.drain();
    assert.deepEqual(await counts(box, "queue", "shelf", "refused"), [1, 0, "unpaired"]);
    [w.whole, w.answer] = [undefined, () => 201];
    await box.pair({ device: "d1", key: "sk_2" });
    await box.drain({ hurry: true });
    assert.deepEqual(await counts(box, "queue", "acked", "refused"), [0, 1, null]);
  }
});

test("batches are of 50, and halved when they are too large, down to the one that is", async (t) => {
  const w = world(t);
  w.whole = (rs) => (rs.length > 20 || rs.some((r) => r.id === id(7)) ? 413 : undefined);
  const box = await w.box();
  for (let n = 1; n <= 120; n++) await box.put(body(n));
  await box.drain();
  assert.equal(w.posts[0].ids.length, 50);
  assert.deepEqual(await counts(box, "queue", "shelf", "acked"), [0, 1, 119]);
  assert.deepEqual((await box.shelf()).map((e) => [e.id, e.status]), [[id(7), 413]]);
  assert.ok([...w.stored.values()].every((n) => n === 1), "none was sent again after its receipt");
});

test("a gate between here and the server shelves nothing", async (t) => {
  const w = world(t);
  w.whole = () => 403; // without a problem of ours
  const box = await w.box();
  await box.put(body(1));
  await box.drain();
  assert.deepEqual(await counts(box, "queue", "shelf"), [1, 0]);
});

test("killed between the put and the answer, it is sent again and counted once", async (t) => {
  const w = world(t);
  w.lost = true;
  const first = await w.box();
  await first.put(body(1));
  await first.drain();
  first.db.close();
  w.lost = false;
  w.answer = (r) => (w.stored.has(r.id) ? 200 : 201);
  const second = await w.box();
  assert.deepEqual(await counts(second, "queue"), [1]);
  await second.drain({ hurry: true });
  assert.deepEqual(await second.receipt(id(1)), { receipt: `R-${id(1)}`, state: "counted" });
  assert.deepEqual(await counts(second, "queue", "made", "sent", "acked"), [0, 1, 1, 1]);
});

test("two tabs send once; without locks perhaps twice, which counts once", async (t) => {
  for (const locks of [webLocks(), null]) {
    const w = world(t, (r) => (w.stored.has(r.id) ? 200 : 201));
    const boxes = [await w.box({ locks }), await w.box({ locks })];
    for (let n = 1; n <= 60; n++) await boxes[n % 2].put(body(n));
    await Promise.all(boxes.flatMap((b) => [b.drain(), b.drain()]));
    for (const b of boxes) await b.drain();
    assert.deepEqual(await counts(boxes[0], "queue", "acked"), [0, 60]);
    assert.equal(w.stored.size, 60);
    if (locks) assert.deepEqual([...w.stored.values()].filter((n) => n !== 1), []);
  }
});

test("what is put while a batch is under way goes out too", async (t) => {
  const w = world(t);
  const box = await w.box();
  await box.put(body(1));
  w.answer = () => 201;
  const { fetch } = w;
  let late;
  box.fetch = async (...a) => {
    if (!late) {
      late = true;
      await box.put(body(2));
      late = box.drain();
    }
    return fetch(...a);
  };
  await box.drain();
  await late;
  assert.deepEqual(await counts(box, "queue", "acked"), [0, 2]);
});

test("other answers under the same id are not taken for those that were sent", async (t) => {
  const w = world(t);
  const box = await w.box();
  await box.put(body(1));
  const { fetch } = w;
  let once = false;
  box.fetch = async (...a) => {
    if (!once) await box.put({ ...body(1), answers: { P1: 1 } });
    once = true;
    return fetch(...a);
  };
  w.answer = (r) => (r.answers.P1 === 5 ? 201 : 409);
  await box.drain();
  assert.deepEqual((await box.shelf()).map((e) => [e.body.answers.P1, e.status]), [[1, 409]]);
});

test("counts are of one day", async (t) => {
  const w = world(t);
  const box = await w.box();
  await box.put(body(1));
  await box.note("ignored");
  assert.deepEqual(await counts(box, "made", "ignored"), [1, 1]);
  w.time += 24 * 3600_000;
  assert.deepEqual(await counts(box, "queue", "made", "ignored"), [1, 0, 0]);
});

test("the queue of schema 1 is carried to the present", async (t) => {
  const w = world(t);
  await new Promise((done, fail) => {
    const req = indexedDB.open("sipas", 1);
    req.onerror = fail;
    req.onupgradeneeded = () => {
      const entries = req.result.createObjectStore("entries", { keyPath: "id" });
      req.result.createObjectStore("meta").put(70, "seq:d1");
      for (let n = 1; n <= 70; n++) entries.put({ id: id(n), seq: n, made: w.time, body: { ...body(n), device: "d1", device_seq: n } });
    };
    req.onsuccess = () => done(req.result.close());
  });
  const box = await w.box();
  await box.pair({ device: "d1", key: "sk_1" });
  assert.equal((await box.put(body(71))).device_seq, 71);
  await box.drain();
  assert.deepEqual(await counts(box, "queue", "shelf", "lastSeq"), [0, 0, 71]);
  assert.equal(w.stored.size, 71);
  assert.deepEqual(w.posts[0].ids.slice(0, 3), [1, 2, 3].map(id), "in order");
});

test("a page older than the data refuses; one that is overtaken lets go", async (t) => {
  const w = world(t);
  const box = await w.box();
  const stale = new Promise((go) => box.addEventListener("stale", go));
  const newer = await new Promise((done) => {
    const req = indexedDB.open("sipas", 99);
    req.onsuccess = () => done(req.result);
  });
  await stale;
  await assert.rejects(box.put(body(1)), OutboxRefused);
  await assert.rejects(w.box(), { name: "OutboxRefused", reason: "newer" });
  newer.close();
});

test("storage that is missing or full is refused in so many words", async (t) => {
  const w = world(t);
  const box = await w.box();
  const { transaction } = globalThis.IDBDatabase.prototype;
  globalThis.IDBDatabase.prototype.transaction = () => { throw new DOMException("no room", "QuotaExceededError"); };
  try {
    await assert.rejects(box.put(body(1)), { name: "OutboxRefused", reason: "full" });
  } finally {
    globalThis.IDBDatabase.prototype.transaction = transaction;
  }
  globalThis.indexedDB = undefined;
  await assert.rejects(openOutbox(), { name: "OutboxRefused", reason: "missing" });
});

test("started, it sends by itself when the time has come", async (t) => {
  const w = world(t);
  w.whole = () => 0;
  const timers = [];
  const box = await w.box({ timer: [(f, ms) => timers.push([f, ms]), () => {}] });
  await box.put(body(1));
  await box.start();
  assert.equal(w.posts.length, 1);
  const [go, ms] = timers.pop();
  assert.equal(ms, 1000);
  w.time += ms;
  w.whole = undefined;
  await go();
  assert.deepEqual(await counts(box, "queue"), [0]);
  assert.equal(timers.pop()[1], 60_000);
  box.stop();
});
