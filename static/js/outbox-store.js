// Where answers wait: the IndexedDB database "sipas".
//
// entries: {id, seq, body, made, state, due, tries, sent, status, problem}. state is "wait" or "shelf"; due is when to
//          try next, 0 being at once.
// receipts: {id, receipt, state, at}, the last few, so that whoever asked for one finds it.
// meta: by name. "device", "seq:<device>", "day", "pause", "refused".
import { openDB } from "./vendor/idb.js";

/** The version of the schema. Every older one is carried forward by upgrade. */
export const SCHEMA = 2;

/** Storage cannot keep an answer. reason: "missing", "full", "newer" (the page is older than the data) or "blocked". */
export class OutboxRefused extends Error {
  constructor(reason, cause) {
    super(`outbox refused: ${reason}`, { cause });
    this.name = "OutboxRefused";
    this.reason = reason;
  }

  static from(err) {
    if (err instanceof OutboxRefused) return err;
    const reasons = { QuotaExceededError: "full", VersionError: "newer" };
    return new OutboxRefused(reasons[err?.name] ?? "missing", err);
  }
}

// Schema 1 had entries {id, seq, body, made} and meta, and neither order nor shelf.
async function upgrade(db, from, _, tx) {
  if (from < 1) {
    db.createObjectStore("entries", { keyPath: "id" });
    db.createObjectStore("meta");
  }
  if (from < 2) {
    const entries = tx.objectStore("entries");
    entries.createIndex("queue", ["state", "due", "seq"]);
    db.createObjectStore("receipts", { keyPath: "id" }).createIndex("at", "at");
    for (let c = await entries.openCursor(); c; c = await c.continue()) {
      await c.update({ state: "wait", due: 0, tries: 0, ...c.value });
    }
  }
}

// Chromium goes on writing where a kill or a loss of power tore its log, and at its next start takes the log for damaged
// and throws all of it away. Deleting a database, whatever is in it, makes it begin a new log.
function renewLog() {
  return new Promise((go) => {
    const ask = indexedDB.open("sipas-log");
    ask.onerror = go;
    ask.onsuccess = () => {
      ask.result.close();
      const end = indexedDB.deleteDatabase("sipas-log");
      end.onsuccess = end.onerror = go;
    };
  });
}

/** Opens the database and proves that it takes writes. closed is called when a newer page wants it. */
export async function openStore(closed) {
  if (!globalThis.indexedDB) throw new OutboxRefused("missing");
  try {
    let late;
    const opening = renewLog().then(() => openDB("sipas", SCHEMA, {
      upgrade,
      blocking(_, __, event) {
        event.target.close();
        closed();
      },
      terminated: closed,
    }));
    const limit = new Promise((_, no) => (late = setTimeout(no, 10_000, new OutboxRefused("blocked"))));
    const db = await Promise.race([opening, limit]).finally(() => clearTimeout(late));
    await db.put("meta", Date.now(), "opened");
    return db;
  } catch (err) {
    throw OutboxRefused.from(err);
  }
}

/** The keys of the index "queue" that have a state: those due until a time, or all. */
export function queued(state, until = []) {
  return IDBKeyRange.bound([state], [state, until, []]); // a list sorts after every number
}

/** One transaction over some stores; f gets a function that gives a store. What f throws undoes it. */
export async function within(db, stores, f) {
  const tx = db.transaction(stores, "readwrite", { durability: "strict" });
  const done = tx.done;
  done.catch(() => {}); // it is awaited below, or what f threw says more
  try {
    const v = await f((name) => tx.objectStore(name));
    await done;
    return v;
  } catch (err) {
    try {
      tx.abort();
    } catch {} // it has ended already
    throw err;
  }
}

/** Counts of this device's day; yesterday's are gone. Returns them. */
export async function tally(meta, now, more) {
  const at = new Date(now);
  const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()].join("-");
  const old = await meta.get("day");
  const counts = { made: 0, sent: 0, acked: 0, ignored: 0, ...(old?.day === day ? old : {}), day };
  for (const [k, n] of Object.entries(more)) counts[k] += n;
  await meta.put(counts, "day");
  return counts;
}

/** Leaves the newest receipts. */
export async function trim(receipts, most) {
  let over = (await receipts.count()) - most;
  for (let c = over > 0 && (await receipts.index("at").openCursor()); c && over > 0; over--) {
    await c.delete();
    c = await c.continue();
  }
}

/** Forgets that sending failed. */
export function forgive(db) {
  return within(db, ["entries", "meta"], async (store) => {
    await store("meta").delete("pause");
    const entries = store("entries");
    for (const e of await entries.index("queue").getAll(queued("wait"))) if (e.due) await entries.put({ ...e, due: 0 });
  });
}
