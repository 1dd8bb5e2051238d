// Sending a ballot over a network that may not be there.

/** Sends a ballot once: [status, what the server said], or [0, seconds to wait] when that decides nothing. */
export async function post(ballot) {
  let res, got;
  try {
    res = await fetch("/api/v1/responses", {
      method: "POST", body: JSON.stringify(ballot), signal: AbortSignal.timeout(20_000),
      headers: { "Content-Type": "application/json", "Accept-Language": ballot.locale },
    });
    got = await res.json();
  } catch {} // no network, or not our server
  if (got && res.status !== 429 && res.status < 500) return [res.status, got];
  return [0, Number(res?.headers.get("Retry-After")) || 0];
}

/** Sends until the server has decided. waiting is called before every pause, with what ends it early. */
export async function insist(ballot, pause, waiting) {
  for (let tries = 0; ; tries++) {
    const [status, got] = await post(ballot);
    if (status) return [status, got];
    await new Promise((go) => {
      waiting(go);
      addEventListener("online", go, { once: true });
      setTimeout(go, pause(tries, got, Math.random()));
    });
  }
}
