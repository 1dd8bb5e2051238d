// What an answer of the server means for what waits.

/** Most responses in one request. */
export const MOST = 50;

const problemOf = (got) => (got && typeof got === "object" ? got : null);

/** Sends some bodies: {status, after, got}. Status 0: no network, or something between here and our server answered. */
export async function sendBatch(fetch, bodies, key) {
  try {
    const headers = { "Content-Type": "application/json", "Accept-Language": bodies[0].locale ?? "vi" };
    if (key) headers.Authorization = `Bearer ${key}`;
    const res = await fetch("/api/v1/responses/batch", {
      method: "POST", headers, body: JSON.stringify({ responses: bodies }), signal: AbortSignal.timeout?.(20_000),
    });
    const after = Number(res.headers.get("Retry-After")) || 0;
    const got = problemOf(await res.json().catch(() => null));
    // A gate of a hotel's network says 403 or 404 too, but does not speak JSON of ours.
    const ours = res.ok ? Array.isArray(got?.results) : got && ("title" in got || "type" in got);
    return { status: ours || res.status === 429 || res.status >= 500 ? res.status : 0, after, got };
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
