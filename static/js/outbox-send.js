// What an answer of the server means for what waits.

/** Most responses in one request. */
export const MOST = 50;

const problemOf = (got) => (got && typeof got === "object" ? got : null);

/** Sends some bodies: {status, after, got}. Status 0: no network, or something between here and our server answered.
 *  The lone ballot of a phone goes by itself, where a proof of work may be asked for. */
export async function send(fetch, bodies, key, proof) {
  const one = !key && bodies.length === 1 && bodies[0];
  const headers = { "Content-Type": "application/json", "Accept-Language": bodies[0].locale ?? "vi" };
  if (key) headers.Authorization = `Bearer ${key}`;
  if (proof) headers["X-Proof"] = proof;
  try {
    const res = await fetch(`/api/v1/responses${one ? "" : "/batch"}`, {
      method: "POST", headers, body: JSON.stringify(one || { responses: bodies }), signal: AbortSignal.timeout?.(20_000),
    });
    const after = Number(res.headers.get("Retry-After")) || 0;
    let got = problemOf(await res.json().catch(() => null));
    let { status } = res;
    if (one && got?.receipt && res.ok) [status, got] = [200, { results: [{ ...got, status }] }];
    // A gate of a hotel's network says 403 or 404 too, but does not speak JSON of ours.
    const ours = res.ok ? Array.isArray(got?.results) : got && ("title" in got || "type" in got);
    return { status: ours || status === 429 || status >= 500 ? status : 0, after, got };
  } catch {
    return { status: 0, after: 0 };
  }
}

/** What to do with an entry after a status: "acked", "unpaired", "wait" or "shelf". */
export function verdict(status) {
  if (status === 200 || status === 201) return "acked";
  if (status === 401) return "unpaired";
  return status >= 400 && status < 500 && ![408, 425, 429].includes(status) ? "shelf" : "wait";
}

/** How long to wait, in ms: twice as long after each failure, never less than the server asked for, and up to half more. */
export function backoff(tries, after, random) {
  return Math.max(after * 1000, Math.min(300_000, 1000 * 2 ** tries)) * (1 + random() / 2);
}
