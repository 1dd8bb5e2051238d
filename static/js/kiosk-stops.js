// What stops a kiosk, said on the whole screen: it can keep nothing, it has no questions yet, it is paired with no point.
import { Pad, codeOf } from "./kiosk-pair.js";
import { barButton, make } from "./kiosk-view.js";

/** The stops of one kiosk. */
export class Stops {
  constructor(kiosk, languages) {
    Object.assign(this, { kiosk, languages });
    // A code that was scanned stands in the address: good once, and nothing to leave there.
    this.code = codeOf(new URLSearchParams(location.hash.slice(1)).get("pair") ?? "");
    if (location.hash) history.replaceState(null, "", location.pathname);
  }

  stop(name, draw) {
    const { kiosk } = this;
    kiosk.shut();
    kiosk.stop = name;
    kiosk.redraw = () => {
      kiosk.dress();
      draw(kiosk);
      document.title = `${document.getElementById("q").textContent} – SIPAS`;
      kiosk.focus();
    };
    kiosk.redraw();
  }

  /** Nothing can be kept here, for a reason of the outbox. */
  refused(reason) {
    this.say("refused", `refused_${reason}`);
  }

  /** A device that is paired, but has no kit and does not reach the server. */
  empty() {
    this.say("no_kit", "no_kit_how");
  }

  say(title, text) {
    this.stop(title, ({ t, screens }) => this.kiosk.fill(screens.refusal(t(title), t(text), barButton("reload", "again", t("reload"), { class: "k-btn k-primary" }))));
  }

  /** Asks for the code that staff made, unless one was scanned. */
  pairing(wrong = "") {
    const { code } = this;
    this.code = "";
    if (code.length === 6) return this.pair(code);
    this.stop("pair", (kiosk) => {
      const { t, state, screens } = kiosk;
      const text = kiosk.pad?.text ?? "";
      const pad = new Pad({ make, length: 6, words: { name: t("pair_code"), remove: t("remove") }, full: (all) => this.pair(all) });
      pad.text = text.length < 6 ? text : "";
      pad.show();
      kiosk.pad = pad;
      kiosk.fill([screens.top(),
        make("div", { class: "k-main k-pair" },
          make("div", { class: "p-how" }, make("h1", { id: "q", tabindex: "-1" }, t("pair")), make("p", { class: "lead" }, t("pair_how")),
            state.queue > 0 && make("p", { class: "k-kept" }, `${kiosk.tn("waiting", state.queue)}. ${t("pair_kept")}`),
            make("p", { class: "k-warn", role: "alert" }, wrong && t(wrong))),
          pad.places, pad.board),
        make("nav", { class: "k-foot", "aria-label": t("languages") }, ...this.languages.map((l) => screens.language(l)))]);
    });
  }

  async pair(code) {
    const { kiosk } = this;
    const wrong = await kiosk.line.pair(code);
    kiosk.pad?.clear();
    if (wrong) return this.pairing(wrong);
    // The address of the point is what the service worker keeps.
    location.replace(`/k/${(await kiosk.box.device()).point}`);
  }
}
