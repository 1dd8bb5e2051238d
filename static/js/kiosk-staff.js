// What staff see after the PIN: how this device does, and what can be done with it.
import { Gate, isPin } from "./kiosk-exit.js";
import { Pad } from "./kiosk-pair.js";
import { barButton, make } from "./kiosk-view.js";
import { saveShelf } from "./shelf-file.js";

/** The desk of staff on one kiosk. */
export class StaffDesk {
  constructor(kiosk) {
    this.kiosk = kiosk;
    this.gate = null;
  }

  /** Somebody has pressed the corner five times. */
  async knocked() {
    const { kiosk } = this;
    const { t, kit, box } = kiosk;
    if (!kit) return;
    kiosk.m.touch();
    if (!kit.settings.pin) return this.open();
    const memory = (await box.get("gate")) ?? {};
    this.gate = new Gate(Date.now, (pin) => isPin(pin, kit.settings.pin), memory);
    kiosk.pad = new Pad({ make, keys: "1234567890", length: 8, secret: true, words: { name: "PIN", remove: t("remove"), enter: t("enter") }, full: (pin) => this.try(pin) });
    this.said = make("p", { class: "k-warn", role: "alert" });
    kiosk.show("pin", [make("h1", { id: "d-t" }, t("pin")), make("p", {}, t("pin_how")), kiosk.pad.places, kiosk.pad.board, this.said,
      make("div", { class: "d-acts one" }, barButton("close", "", t("cancel"), { class: "k-btn k-second" }))]);
  }

  async try(pin) {
    const { kiosk, gate } = this;
    const { t, tn } = kiosk;
    const right = await gate.open(pin);
    await kiosk.box.set("gate", gate.memory);
    kiosk.pad?.clear();
    if (right) return this.open();
    this.said.textContent = gate.wait ? `${t("pin_wrong")} ${tn("pin_wait", gate.wait)}` : t("pin_wrong");
  }

  closed() {
    this.kiosk.pad = this.gate = null;
    clearInterval(this.awake);
  }

  async open() {
    const { kiosk } = this;
    kiosk.pad = this.gate = null;
    clearInterval(this.awake);
    this.awake = setInterval(() => kiosk.m.touch(), 5000);
    setTimeout(() => clearInterval(this.awake), 5 * 60_000); // whoever forgets to close it: the idle rule does
    await this.draw();
  }

  async draw(said = "") {
    const { kiosk } = this;
    const { t, box, kit, m } = kiosk;
    const [s, device] = [await box.status(), await box.device()];
    const row = (name, value) => [make("dt", {}, name), make("dd", {}, `${value}`)];
    const act = (name, text, kind = "k-second") => barButton(name, "", text, { class: `k-btn ${kind}` });
    const locked = !kit.settings.pin;
    kiosk.show("staff", [
      make("h1", { id: "d-t" }, t("staff")),
      make("p", {}, `${device?.name ?? "–"} · ${kit.point.name} · ${kit.point.code}`),
      make("dl", { class: "k-facts" }, ...row(t("s_queue"), s.queue), ...row(t("s_shelf"), s.shelf), ...row(t("s_made"), s.made ?? 0), ...row(t("s_sent"), s.sent ?? 0),
        ...row(t("s_acked"), s.acked ?? 0), ...row(t("s_ignored"), s.ignored ?? 0), ...row(t("s_seq"), s.lastSeq), ...row(t("s_line"), t(kiosk.state.offline ? "offline" : "online")),
        ...row(t("s_version"), kiosk.line.version)),
      make("p", { class: "k-warn", role: "status" }, said || (locked ? t("no_pin") : "")),
      make("div", { class: "d-grid" }, act("close", t("staff_close"), "k-primary"), act("send-now", t("s_send")), act("shelf", t("s_export")), act("house", `${t("s_language")}: ${this.houseName()}`),
        act("reload", t("reload")), !locked && act("unpair", t("s_unpair")), !locked && act("exit", t("s_exit"))),
    ]);
    m.touch();
  }

  houseName() {
    const { kit, m } = this.kiosk;
    return kit.languages.find((l) => l.code === m.home).name;
  }

  press(name) {
    const acts = { "send-now": () => this.send(), shelf: () => this.save(), house: () => this.house(), unpair: () => this.askUnpair(),
      "unpair-yes": () => this.unpair(), exit: () => this.exit() };
    acts[name]?.();
  }

  // What was refused too: once its file has been imported, the server gives a receipt for it.
  async send() {
    const { box, t } = this.kiosk;
    await box.retry().catch(() => {});
    const { queue } = await box.status();
    await this.draw(queue ? this.kiosk.tn("waiting", queue) : t("s_none"));
  }

  // A file on the device, for `sipas import outbox`.
  async save() {
    const { box, t } = this.kiosk;
    await saveShelf(box);
    await this.draw(t("s_saved"));
  }

  async house() {
    const { kiosk } = this;
    const codes = kiosk.kit.languages.map((l) => l.code);
    const next = codes[(codes.indexOf(kiosk.m.home) + 1) % codes.length];
    await kiosk.box.set("lang", next);
    kiosk.home = kiosk.m.home = next;
    await this.draw();
  }

  // What waits goes under the name of this pairing: it is sent before that ends.
  async askUnpair() {
    const { kiosk } = this;
    const { t, tn, box } = kiosk;
    await box.drain({ hurry: true }).catch(() => {});
    const { queue } = await box.status();
    if (queue) return this.draw(`${tn("waiting", queue)}. ${t("unpair_first")}`);
    kiosk.show("unpair", [make("h1", { id: "d-t" }, t("unpair")), make("p", {}, t("unpair_how")),
      make("div", { class: "d-acts" }, barButton("close", "", t("cancel"), { class: "k-btn k-primary" }), barButton("unpair-yes", "", t("s_unpair"), { class: "k-btn k-second" }))], "alertdialog");
  }

  async unpair() {
    const { kiosk } = this;
    const device = await kiosk.box.device();
    if (device) await kiosk.box.set("old-device", device.device);
    await kiosk.box.unpair();
    this.closed();
    kiosk.shut();
    kiosk.m.reset();
    kiosk.stops.pairing();
  }

  exit() {
    close();
    location.replace("about:blank"); // where a window may not close itself
  }
}
