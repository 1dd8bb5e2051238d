// What a kiosk does, without a page, a network or a clock of its own: which screen is shown, what an answer, a pause
// or a stray press does to it. It tells what happened through emit(what, detail). It imports nothing, so that it can
// be put into kiosk.js as it is and driven by tests with a clock of theirs.

/** Presses so soon after a new screen came are the second half of a double tap. */
const doubled = 250;

/** One kiosk. Screens: attract, item, comment, saving, thanks. */
export class Machine {
  /**
   * @param {{asked: Function, body: Function, now: () => number, uuid: () => string, emit: (what: string, detail?: any) => void}} tools
   *   asked and body of form-rules.js
   */
  constructor(tools) {
    Object.assign(this, tools);
    this.quietUntil = -Infinity; // presses before this are ignored: the response interval
    this.screen = "attract";
  }

  /** Takes another kit. Whoever is answering keeps the one they began with. */
  load(kit, lang) {
    this.kit = kit;
    this.home = kit.languages.some((l) => l.code === lang) ? lang : kit.languages[0].code;
    this.questions = kit.items.map((item) => ({ ...item, if: item.show_if }));
    this.reset();
  }

  /** Nothing of the last person remains. */
  reset() {
    Object.assign(this, { screen: "attract", lang: this.home, answers: {}, comment: "", code: "", warning: null, thanks: null });
    this.shown();
  }

  shown() {
    this.since = this.touched = this.now();
    this.emit("screen");
  }

  /** The questions that are asked after the answers so far. */
  list() {
    return this.asked(this.questions, this.answers);
  }

  get item() {
    return this.list().find((q) => q.code === this.code);
  }

  /** How far: the number of this question and of all. */
  get progress() {
    const list = this.list();
    return { at: list.findIndex((q) => q.code === this.code) + 1, of: list.length };
  }

  /** Whether a press counts now. */
  ready() {
    this.touched = this.now();
    return !this.warning && this.now() - this.since >= doubled;
  }

  /** Ignores a press inside the response interval, and counts it. */
  early() {
    if (this.now() >= this.quietUntil) return false;
    this.emit("ignored", Math.ceil((this.quietUntil - this.now()) / 1000));
    return true;
  }

  start() {
    if (this.screen !== "attract" || this.early() || !this.ready()) return;
    this.begin = { id: this.uuid(), started: new Date(this.now()).toISOString(), began: this.now() };
    this.go(this.list()[0].code);
  }

  go(code) {
    this.screen = code ? "item" : "comment";
    this.code = code;
    this.shown();
  }

  /** Answers the question shown: a value, several, or null for "no opinion"; and goes on. */
  answer(value) {
    if (this.screen !== "item" || !this.ready()) return;
    this.answers[this.code] = value;
    const list = this.list();
    const next = list[list.findIndex((q) => q.code === this.code) + 1];
    if (next) this.go(next.code);
    else if (list.length > 1) this.go("");
    else this.submit(true);
  }

  /** Ticks or unticks one of several. */
  toggle(value) {
    if (this.screen !== "item") return;
    this.touched = this.now();
    const mine = this.answers[this.code] ?? [];
    const next = mine.includes(value) ? mine.filter((v) => v !== value) : [...mine, value];
    if (next.length) this.answers[this.code] = this.item.options.map((o) => o.value).filter((v) => next.includes(v));
    else delete this.answers[this.code];
    this.emit("ticked");
  }

  back() {
    if (!this.ready()) return;
    const list = this.list();
    const i = this.screen === "comment" ? list.length : list.findIndex((q) => q.code === this.code);
    if (i > 0) this.go(list[i - 1].code);
    else if (Object.keys(this.answers).length === 0) this.reset();
  }

  /** Ends early: what there is, is kept. */
  finish() {
    if (!["item", "comment"].includes(this.screen) || !this.ready()) return;
    this.end(true);
  }

  /** Sends a ballot that was filled to its end. */
  send() {
    if (this.screen === "comment" && this.ready()) this.submit(true);
  }

  end(thank) {
    if (Object.keys(this.answers).length) this.submit(thank);
    else this.reset();
  }

  /** Hands the ballot over; it is partial while a question that is asked has neither an answer nor a "no opinion". */
  submit(thank) {
    const { point, instrument } = this.kit;
    const ballot = { ...this.begin, a: this.answers, comment: this.comment };
    const body = this.body(ballot, this.questions, { point: point.code, instrument, locale: this.lang }, this.now());
    if (this.list().some((q) => !(q.code in this.answers))) body.partial = true;
    Object.assign(this, { screen: "saving", warning: null, thank });
    this.emit("submit", body);
  }

  /** The ballot is safe on the device. */
  saved(kept) {
    if (this.screen !== "saving") return;
    const { interval, thanks } = this.kit.settings;
    if (!this.thank) return this.reset(); // nobody pressed: the next person need not wait
    this.quietUntil = this.now() + interval * 1000;
    Object.assign(this, { answers: {}, comment: "", code: "", screen: "thanks" });
    this.thanks = { id: kept.id, seq: kept.device_seq, until: this.now() + thanks * 1000, receipt: null, late: false };
    this.shown();
  }

  /** The server has the ballot, or has not answered for a while. */
  received(id, receipt) {
    if (this.thanks?.id !== id) return;
    this.thanks.receipt = receipt;
    this.thanks.late = !receipt;
    // A code wants time to be photographed.
    if (receipt) this.thanks.until = Math.max(this.thanks.until, this.now() + this.kit.settings.thanks * 1000);
    this.emit("thanks");
  }

  done() {
    if (this.screen === "thanks" && this.ready()) this.reset();
  }

  /** A press that hit nothing. */
  stray() {
    this.touched = this.now();
    if (this.screen === "thanks") this.early();
  }

  speak(lang) {
    this.touched = this.now();
    this.lang = lang;
    this.emit("language");
  }

  stay() {
    this.warning = null;
    this.touched = this.now();
    this.emit("stayed");
  }

  leave() {
    this.warning = null;
    this.end(true);
  }

  /** Something else has the screen, such as the staff: nobody is idle. */
  touch() {
    this.touched = this.now();
  }

  /** Looks at the clock. */
  tick() {
    const now = this.now();
    if (this.screen === "thanks") this.count(this.thanks, () => this.reset());
    else if (this.warning) this.count(this.warning, () => this.end(false));
    else if (now - this.touched >= (this.kit?.settings.idle ?? 30) * 1000) {
      if (this.screen === "attract") return this.untouched();
      if (this.screen === "saving") return;
      this.warning = { until: now + this.kit.settings.stay * 1000, of: this.kit.settings.stay };
      this.warning.left = this.warning.of;
      this.emit("warn");
    }
  }

  // The attract screen goes back to the house's language, once.
  untouched() {
    if (this.kit && this.lang !== this.home) this.reset();
  }

  count(what, over) {
    const left = Math.ceil((what.until - this.now()) / 1000);
    if (left <= 0) return over();
    if (left === what.left) return;
    what.left = left;
    this.emit("left", left);
  }
}
