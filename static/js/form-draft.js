// A ballot being filled in on this device: the answers and where they stand in the plain form.

// Who comes back later than this is taken for somebody else: a phone may be shared.
const keptFor = 2 * 3600_000;

/** The questions of the plain form, in order. */
export function questionsOf(form) {
  return [...form.querySelectorAll("[data-kind]")].map((el) => ({
    el, code: el.id.slice(2), kind: el.dataset.kind, who: "who" in el.dataset, must: "must" in el.dataset,
    if: el.dataset.if && JSON.parse(el.dataset.if), part: el.closest("section"),
  }));
}

/** The controls of a question: its radios, boxes or text. */
export function inputs(q) {
  return [...q.el.querySelectorAll("input:not([type=hidden]),textarea")];
}

/** What is ticked or typed in some controls. */
export function given(controls) {
  return controls.filter((i) => i.checked || (i.type === "textarea" && i.value.trim())).map((i) => i.value);
}

/** The answer that values are: a number for a scale, a list for several boxes, or else a word; null is "no answer". */
export function answer(q, values) {
  if (values[0] === "skip") return null;
  return q.kind === "many" ? values : q.kind === "scale" ? Number(values[0]) : values[0];
}

/** A new id, in order of time as those of the server: a UUID of version 7. */
export function newId(now) {
  const b = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 5, t = now; i >= 0; i--, t = Math.floor(t / 256)) b[i] = t % 256;
  b[6] = 0x70 | (b[6] & 15);
  b[8] = 0x80 | (b[8] & 63);
  return [...b].map((x) => x.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** The answers and their ballot's id, kept on the device until there is a receipt. */
export class Draft {
  constructor(form, questions) {
    const { point, instrument } = form.dataset;
    Object.assign(this, { form, questions, key: `sipas:${point}` });
    this.s = this.stored(instrument) ?? this.fresh(instrument);
  }

  stored(instrument) {
    try {
      const s = JSON.parse(localStorage.getItem(this.key));
      this.resumed = s?.v === instrument && Date.now() - s.at < keptFor;
      if (this.resumed) return s;
    } catch {} // storage is off, or what is there is not ours
  }

  fresh(instrument) {
    const { id, started, comment } = this.form.elements;
    const a = {};
    for (const q of this.questions) {
      const on = given(inputs(q));
      if (on.length) a[q.code] = answer(q, on);
    }
    // A page out of this device's cache has an id that may have been used, and began long ago.
    const old = "cached" in document.documentElement.dataset;
    return {
      v: instrument, id: old ? newId(Date.now()) : id.value, started: old ? new Date().toISOString() : started.value,
      began: Date.now(), a, comment: comment.value,
    };
  }

  save(code) {
    if (this.gone) return;
    this.s.at = Date.now();
    if (code != null) this.s.q = code;
    try {
      localStorage.setItem(this.key, JSON.stringify(this.s));
      this.safe = true;
    } catch {} // private mode: the answers live as long as the page
  }

  forget() {
    this.gone = true;
    try {
      localStorage.removeItem(this.key);
    } catch {}
  }

  /** Puts the answers into the plain form, which can carry them through the server. */
  spread() {
    for (const q of this.questions) {
      const mine = q.code in this.s.a ? [this.s.a[q.code] ?? "skip"].flat().map(String) : [];
      for (const i of inputs(q)) {
        if (i.type === "textarea") i.value = mine[0] === "skip" ? "" : (mine[0] ?? "");
        else i.checked = mine.includes(i.value);
      }
    }
  }
}
