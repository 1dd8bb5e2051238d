// The kiosk: the machine of kiosk-machine.js shown on a screen, its answers put into the outbox, its kit fetched and
// kept so that it starts without the network.
import { asked, body } from "./form-rules.js";
import { Machine } from "./kiosk-machine.js";
import { Hand } from "./kiosk-hand.js";
import { live, page, place, sheet } from "./kiosk-place.js";
import { hoursIn, openAt } from "./kiosk-hours.js";
import { hush, readerOf } from "./kiosk-speech.js";
import { Screens, make } from "./kiosk-view.js";
import { Stops } from "./kiosk-stops.js";
import { StaffDesk } from "./kiosk-staff.js";
import { Line } from "./kiosk-line.js";
import { openOutbox } from "./outbox.js";

const shell = JSON.parse(document.getElementById("words").textContent);

class Kiosk {
  constructor() {
    this.state = { high: false, large: false, sound: true, offline: !navigator.onLine, queue: 0, unpaired: false };
    this.m = new Machine({ asked, body, now: Date.now, uuid: () => crypto.randomUUID(), emit: (what, detail) => this.told(what, detail) });
    this.m.lang = shell.lang;
    this.screens = new Screens(this);
    this.stops = new Stops(this, shell.languages);
    this.t = (key, ...args) => args.reduce((s, a, i) => s.replace(`{${i}}`, a), this.word(key));
    this.tn = (key, n) => this.t(this.plural(key, n), n);
    this.tx = (text) => text?.[this.m.lang] ?? text?.vi ?? "";
    this.hand = new Hand(this);
  }

  get kit() {
    return this.m.kit;
  }

  word(key) {
    const of = (lang) => this.kit?.messages[lang]?.[`kiosk.${key}`] ?? shell.messages[lang]?.[`kiosk.${key}`];
    return of(this.m.lang) ?? of("vi") ?? key;
  }

  plural(key, n) {
    const form = `${key}.${new Intl.PluralRules(this.m.lang).select(n)}`;
    return this.word(form) === form ? `${key}.other` : form;
  }

  async begin() {
    try {
      this.box = await openOutbox({});
    } catch (err) {
      return this.stops.refused(err.reason ?? "missing");
    }
    this.desk = new StaffDesk(this);
    this.line = new Line(this, shell.version);
    this.box.addEventListener("change", () => this.count());
    this.box.addEventListener("stale", () => this.newer());
    this.box.start();
    this.line.watch();
    await this.count();
    if (!(await this.box.device())) return this.stops.pairing();
    const kit = await this.box.get("kit");
    if (kit) await this.use(kit);
    await this.line.start();
    if (!this.kit && !this.stop) this.stops.empty();
  }

  /** Whether nobody is answering, reading or working here. */
  get free() {
    return this.m.screen === "attract" && !sheet.open;
  }

  /** Takes a kit, at once where nobody is answering. */
  async use(kit) {
    this.state.thanks = kit.settings.thanks;
    this.home ??= await this.box.get("lang");
    this.stop = this.fresh = null;
    this.m.load(kit, this.home);
    this.line.keep(kit);
  }

  /** There is another version of the page. */
  newer() {
    this.outdated = true;
    if (this.free) this.between();
  }

  // Between two people is the time for another version of the page, for another kit, and for saying that staff have
  // revoked this device.
  between() {
    if (this.outdated) return location.reload();
    if (this.revoked) return this.line.lost();
    if (this.fresh) return this.use(this.fresh);
  }

  told(what, detail) {
    if (what === "submit") this.keep(detail);
    else if (what === "ignored") this.ignored(detail);
    else if (what === "warn") this.warn();
    else if (what === "left") this.left(detail);
    else if (what === "stayed") this.shut(() => this.focus());
    else if (what === "language") this.draw({ keep: true });
    else if (what === "ticked") this.marks();
    else if (what === "thanks") this.draw({ keep: true });
    else this.moved();
  }

  // Another screen: nothing of the last one's writing or reading goes along.
  moved() {
    if (this.state.reader) hush();
    Object.assign(this.state, { writing: false, personal: "" });
    this.shut();
    if (this.m.screen === "attract") {
      Object.assign(this.state, { high: false, large: false, sound: this.kit.settings.sound });
      if (this.outdated || this.fresh || this.revoked) return this.between();
    }
    this.draw();
  }

  /** Draws the screen; keep: the same one in other words, so that the focus stays where it is. */
  draw({ keep } = {}) {
    if (!this.kit || this.stop) return this.redraw?.();
    const { m, state } = this;
    const held = keep && document.activeElement?.dataset?.act;
    this.dress();
    state.reader = m.screen === "item" ? readerOf(m.lang, m.item.audio?.[m.lang]) : null;
    if (m.screen === "attract") this.times();
    this.badge();
    if (m.screen === "saving") return;
    this.fill(this.screens[m.screen]());
    const again = held && place.querySelector(`[data-act="${held}"]`);
    if (again && document.activeElement !== sheet) again.focus();
    else this.focus();
    setTimeout(() => (document.title = `${document.getElementById("q")?.textContent.trim() ?? "SIPAS"} – ${this.kit.unit.name}`));
  }

  // What is the same on the next screen, such as the name above and the bar below, stays as it is: a slow processor
  // then has half as much to lay out.
  fill(children) {
    const name = `k-screen on-${this.stop ?? this.m.screen}`;
    const [top, ...rest] = children.filter(Boolean);
    const bar = rest.find((c) => c.tagName === "NAV");
    const main = make("main", { id: "main" }, ...rest.filter((c) => c !== bar));
    const [oldTop, oldMain, oldBar] = place.children;
    const same = (was, is) => (was && is ? was.isEqualNode(is) : was === is);
    if (place.className !== name) place.className = name;
    if (oldTop?.tagName !== "HEADER" || !same(oldBar, bar)) return place.replaceChildren(...[top, main, bar].filter(Boolean));
    oldMain.replaceWith(main);
    if (!same(oldTop, top)) oldTop.replaceWith(top);
  }

  dress() {
    const { m, state } = this;
    const dir = (this.kit?.languages ?? shell.languages).find((l) => l.code === m.lang)?.dir ?? "ltr";
    // Even the same value again would make the browser look at every style.
    for (const [name, value] of Object.entries({ lang: m.lang, dir, "data-contrast": state.high ? "high" : "", "data-text": state.large ? "large" : "" })) {
      if (page.getAttribute(name) !== value) page.setAttribute(name, value);
    }
    document.body.classList.toggle("attract", m.screen === "attract" && !!this.kit && !this.stop);
  }

  focus() {
    document.getElementById("q")?.focus({ preventScroll: true });
  }

  times() {
    const { settings, wave } = this.kit;
    const open = openAt(settings.hours, settings.zone, new Date());
    const { closed, shut } = this.state;
    this.state.closed = open ? "" : this.t("closed", hoursIn(settings.hours, this.m.lang));
    this.state.shut = wave.state === "open" ? "" : this.t(wave.state === "draft" ? "wave_draft" : "wave_over");
    return closed !== this.state.closed || shut !== this.state.shut;
  }

  badge() {
    const { state } = this;
    const { queue } = state;
    state.badge = state.unpaired ? { icon: "warn", text: `${this.t("unpaired")}${queue ? ` – ${this.tn("waiting", queue)}` : ""}` }
      : state.offline ? { icon: "offline", text: queue ? `${this.t("offline")} – ${this.tn("waiting", queue)}` : this.t("offline_works") } : null;
  }

  // The badge changes by itself, whatever is on the screen.
  async count() {
    const status = await this.box.status();
    const was = this.state.badge?.text;
    Object.assign(this.state, { queue: status.queue, unpaired: status.refused === "unpaired" });
    if (!this.kit || this.stop) return;
    if (this.m.screen === "attract" && this.times()) this.draw({ keep: true }); // the office opens or closes by itself
    this.badge();
    const { badge } = this.state;
    if (badge?.text === was) return;
    place.querySelector(".k-top")?.replaceWith(this.screens.top());
    if (!was !== !badge) live.polite.textContent = badge?.text ?? this.t("online");
  }

  /** Whether the server was reached just now. */
  reached(yes) {
    this.state.offline = !yes;
    return this.count();
  }

  async keep(ballot) {
    let kept;
    try {
      kept = await this.box.put(ballot);
    } catch (err) {
      return this.stops.refused(err.reason ?? "full");
    }
    this.m.saved(kept);
    const slow = setTimeout(() => this.m.received(kept.id, null), 4000);
    this.box.receipt(kept.id).then(({ receipt }) => {
      clearTimeout(slow);
      this.reached(true);
      this.m.received(kept.id, receipt);
    });
    this.box.drain({ hurry: !this.state.offline }).catch(() => {});
  }

  ignored(seconds) {
    this.box.note("ignored");
    const note = document.getElementById("note");
    const text = this.tn("early", seconds);
    if (note) note.textContent = text;
    live.polite.textContent = text;
    clearTimeout(this.noted);
    this.noted = setTimeout(() => {
      live.polite.textContent = "";
      if (note) note.textContent = "";
    }, seconds * 1000);
  }

  marks() {
    const mine = this.m.answers[this.m.code] ?? [];
    for (const b of place.querySelectorAll("[data-act=toggle]")) {
      b.classList.toggle("on", mine.includes(b.value));
      b.setAttribute("aria-pressed", mine.includes(b.value));
    }
  }

  /** Opens a dialog; what is behind it cannot be reached. */
  show(name, children, role = "dialog") {
    this.shutting = null;
    sheet.setAttribute("role", role);
    sheet.className = `dialog d-${name}`;
    sheet.toggleAttribute("aria-describedby", false);
    if (name === "idle") sheet.setAttribute("aria-describedby", "d-p");
    sheet.replaceChildren(...children);
    if (!sheet.open) sheet.showModal();
    sheet.querySelector(".k-primary, .key")?.focus();
  }

  shut(then) {
    if (sheet.open) {
      sheet.close();
      sheet.replaceChildren();
      live.now.textContent = "";
    }
    then?.();
  }

  warn() {
    hush();
    this.gate = null;
    this.show("idle", this.screens.idle(), "alertdialog");
  }

  left(seconds) {
    if (this.m.warning) {
      this.screens.idleLeft(seconds, this.m.warning.of);
      if (seconds === 10 || seconds === 5) live.now.textContent = this.tn("left", seconds);
      return;
    }
    const back = document.getElementById("left");
    if (back) back.textContent = this.tn("home", seconds);
  }

  // The screen stays on while the page is seen.
  awake() {
    if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => {});
  }

  close() {
    this.desk?.closed();
    this.shut(() => this.focus());
  }

  speak(lang) {
    if (sheet.open) this.shut();
    this.m.speak(lang);
  }
}

globalThis.kiosk = new Kiosk();
globalThis.kiosk.begin();
