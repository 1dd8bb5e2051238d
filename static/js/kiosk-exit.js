// The way out for staff: five presses in the corner, then a PIN that is checked on the device.

/** Counts presses; press() is true with the fifth within three seconds. */
export class Knock {
  constructor(now) {
    Object.assign(this, { now, times: [] });
  }

  press() {
    this.times = [...this.times, this.now()].filter((t) => this.now() - t <= 3000);
    if (this.times.length < 5) return false;
    this.times = [];
    return true;
  }
}

const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (b) => parseInt(b, 16));

/** Whether a PIN is the one of a verifier. */
export async function isPin(pin, { salt, rounds, hash }, subtle = crypto.subtle) {
  const key = await subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const bits = await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: bytesOf(salt), iterations: rounds }, key, 256);
  const want = bytesOf(hash);
  return new Uint8Array(bits).reduce((diff, b, i) => diff | (b ^ want[i]), want.length ^ 32) === 0;
}

/** Lets PINs be tried: after the second wrong one each costs a wait that doubles, up to five minutes. */
export class Gate {
  constructor(now, check, memory = {}) {
    Object.assign(this, { now, check, memory });
    memory.wrong ??= 0;
    memory.until ??= 0;
  }

  /** Seconds until the next PIN is looked at. */
  get wait() {
    return Math.max(0, Math.ceil((this.memory.until - this.now()) / 1000));
  }

  async open(pin) {
    if (this.wait) return false;
    const right = await this.check(pin);
    this.memory.wrong = right ? 0 : this.memory.wrong + 1;
    const { wrong } = this.memory;
    this.memory.until = wrong < 3 ? 0 : this.now() + Math.min(300, 5 * 2 ** (wrong - 3)) * 1000;
    return right;
  }
}
