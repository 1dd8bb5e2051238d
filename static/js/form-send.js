// Sending a ballot over a network that may not be there. It goes to the outbox of this device first, and stays there
// until there is a receipt; where the browser keeps nothing, it lives as long as the page.
import { watchShelf } from "./shelf-watch.js";

let box;
/** The outbox of this device, sending by itself what waits in it; null where the browser keeps nothing. */
export function outbox() {
  return (box ??= import("./outbox.js").then(async ({ openOutbox }) => {
    const b = await openOutbox();
    watchShelf(b);
    b.start();
    return b;
  }).catch(() => null));
}

/** Has the service worker keep this page and, where the browser can, send what waits after the page is closed. */
export async function stayReady() {
  try {
    await navigator.serviceWorker.register("/sw.js", { type: "module", updateViaCache: "none" });
    (await navigator.serviceWorker.ready).active.postMessage({ keep: location.href.split("#")[0] });
  } catch {} // none in this browser, or not over plain HTTP
}

/** Sends a ballot once: [status, what the server said], or [0, seconds to wait, problem] when that decides nothing. */
async function post(ballot, proof) {
  let res, got;
  try {
    res = await fetch("/api/v1/responses", {
      method: "POST", body: JSON.stringify(ballot), signal: AbortSignal.timeout(20_000),
      headers: { "Content-Type": "application/json", "Accept-Language": ballot.locale, ...(proof && { "X-Proof": proof }) },
    });
    got = await res.json();
  } catch {} // no network, or not our server
  if (got && res.status !== 429 && res.status < 500) return [res.status, got];
  return [0, Number(res?.headers.get("Retry-After")) || 0, got];
}

// Sends until the server has decided. page.waiting is called before every pause, with what ends it early.
async function insist(ballot, pause, page) {
  for (let tries = 0, proof; ; tries++) {
    const [status, got, problem] = await post(ballot, proof);
    if (status) return [status, got];
    proof = problem?.challenge && (await page.prove(problem));
    if (proof) continue;
    await new Promise((go) => {
      page.waiting(go, false);
      addEventListener("online", go, { once: true });
      setTimeout(go, pause(tries, got, Math.random()));
    });
  }
}

/** Brings a ballot to the server: [status, what the server said]. page.waiting(again, kept) is called when that takes
 *  longer: kept says that it is safe to leave. page.prove(problem) does the work that the server asks for. */
export async function bring(ballot, pause, page) {
  const b = await outbox();
  try {
    await b.put(ballot);
  } catch {
    return insist(ballot, pause, page); // no outbox, or no room in it
  }
  const challenged = async ({ detail }) => {
    const proof = await page.prove(detail);
    if (proof) b.drain({ hurry: true, proof });
  };
  b.addEventListener("challenge", challenged);
  let decided = false;
  const wait = () => decided || page.waiting(() => b.drain({ hurry: true }), true);
  const long = setTimeout(wait, 4000);
  b.drain({ hurry: true }).catch(() => {}).then(() => setTimeout(wait, 150));
  navigator.serviceWorker?.ready.then((r) => r.sync?.register("sipas-outbox")).catch(() => {});
  const { receipt, status, problem } = await b.fate(ballot.id);
  decided = true;
  clearTimeout(long);
  b.removeEventListener("challenge", challenged);
  return receipt ? [200, { receipt }] : [status, problem ?? {}];
}
