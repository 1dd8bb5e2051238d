// What people do at a kiosk: presses, keys, writing.
import { findPersonal } from "./form-rules.js";
import { Knock } from "./kiosk-exit.js";
import { live, page, place, sheet } from "./kiosk-place.js";
import { readAloud, tickSound } from "./kiosk-speech.js";

/** The hand that works one kiosk. */
export class Hand {
  constructor(kiosk) {
    this.kiosk = kiosk;
    this.knock = new Knock(Date.now);
    this.listen();
  }

  listen() {
    const { kiosk } = this;
    document.addEventListener("click", (e) => this.press(e.target.closest?.("[data-act]"), e));
    document.addEventListener("pointerdown", () => kiosk.m.touch());
    document.addEventListener("keydown", (e) => this.key(e));
    document.addEventListener("input", (e) => {
      kiosk.m.touch();
      kiosk.state.personal = "";
      this.write(e.target.value);
    });
    document.addEventListener("contextmenu", (e) => e.preventDefault());
    sheet.addEventListener("cancel", (e) => {
      e.preventDefault();
      if (kiosk.m.warning) kiosk.m.stay();
      else kiosk.close();
    });
    addEventListener("online", () => kiosk.line?.beat());
    addEventListener("offline", () => kiosk.box && kiosk.reached(false));
    globalThis.speechSynthesis?.addEventListener("voiceschanged", () => kiosk.m.screen === "item" && !kiosk.state.writing && kiosk.draw({ keep: true }));
    document.addEventListener("visibilitychange", () => kiosk.awake());
    kiosk.awake();
    setInterval(() => kiosk.kit && !kiosk.stop && kiosk.m.tick(), 250);
  }

  write(text) {
    const { m } = this.kiosk;
    if (m.screen === "comment") m.comment = text.trim();
    else if (text.trim()) m.answers[m.code] = text.trim();
    else delete m.answers[m.code];
  }

  key(e) {
    const { kiosk } = this;
    kiosk.m.touch();
    if (kiosk.pad && !e.ctrlKey && !e.metaKey && (e.key === "Backspace" || (/^[0-9a-z]$/i.test(e.key)))) return kiosk.pad.press(e.key);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
    if (!step || e.target.tagName === "TEXTAREA") return;
    const all = [...(sheet.open ? sheet : place).querySelectorAll(".tile, .key, .k-btn, .k-touch")].filter((b) => !b.disabled);
    const at = all.indexOf(document.activeElement);
    const first = all.findIndex((b) => b.classList.contains("tile"));
    all[at < 0 ? Math.max(0, first) : (at + step * (page.dir === "rtl" ? -1 : 1) + all.length) % all.length]?.focus();
    e.preventDefault();
  }

  press(b, e) {
    const { kiosk } = this;
    const { m, state } = kiosk;
    if (!b) return m.stray();
    if (state.sound && b.dataset.act !== "corner") setTimeout(tickSound); // the next screen comes first
    const acts = {
      corner: () => (this.knock.press() ? kiosk.desk?.knocked() : m.touch()),
      start: () => m.start(),
      answer: () => m.answer(m.item.kind === "scale" ? Number(b.value) : b.value),
      toggle: () => m.toggle(b.value),
      next: () => this.next(),
      none: () => m.answer(null),
      back: () => m.back(),
      finish: () => m.finish(),
      done: () => m.done(),
      stay: () => m.stay(),
      leave: () => m.leave(),
      write: () => this.startWriting(),
      read: () => readAloud(state.reader, [m.item.stem, m.item.text, ...m.item.options.map((o) => o.label)].map(kiosk.tx).filter(Boolean)),
      lang: () => kiosk.speak(b.value),
      contrast: () => this.toggle("high", b),
      large: () => this.toggle("large", b),
      mute: () => this.toggle("sound", b),
      easier: () => kiosk.show("easier", kiosk.screens.easier()),
      languages: () => kiosk.show("languages", kiosk.screens.languages()),
      phone: () => kiosk.show("phone", kiosk.screens.phone()),
      close: () => kiosk.close(),
      reload: () => location.reload(),
      key: () => kiosk.pad?.press(b.value),
    };
    (acts[b.dataset.act] ?? (() => kiosk.desk?.press(b.dataset.act, b)))(e);
  }

  toggle(what, b) {
    const { kiosk } = this;
    kiosk.state[what] = !kiosk.state[what];
    kiosk.draw({ keep: true });
    if (!sheet.open) return;
    sheet.replaceChildren(...kiosk.screens.easier());
    sheet.querySelector(`[data-act=${b.dataset.act}]`).focus();
  }

  startWriting() {
    this.kiosk.state.writing = true;
    this.kiosk.draw({ keep: true });
    document.getElementById("typed")?.focus();
  }

  // A comment that names a person is shown to its writer once more; sending it again is their answer.
  next() {
    const { kiosk } = this;
    const { m, state } = kiosk;
    const text = document.getElementById("typed")?.value.trim() ?? "";
    const personal = text && findPersonal(text);
    if (personal && !state.personal) {
      state.personal = kiosk.t(`personal_${personal[0]}`, personal[1]);
      document.getElementById("hint").textContent = live.polite.textContent = state.personal;
      return;
    }
    if (m.screen === "comment") return m.send();
    m.answer(m.answers[m.code] ?? null);
  }
}
