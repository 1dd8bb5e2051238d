// The screens of a kiosk, made of elements. Nothing here knows why a screen is shown; a press is told by its data-act.

const svgSpace = "http://www.w3.org/2000/svg";

/** An element: make("p", {class: "k-state", "data-act": "x"}, "text", otherElement). */
export function make(tag, attributes, ...children) {
  const e = /^(svg|use|rect|circle|path|text)$/.test(tag) ? document.createElementNS(svgSpace, tag) : document.createElement(tag);
  for (const [k, v] of Object.entries(attributes ?? {})) if (v != null && v !== false) e.setAttribute(k, v === true ? "" : v);
  e.append(...children.filter((c) => c != null && c !== false && c !== ""));
  return e;
}

/** A sign of the sprite in the page. */
export const sign = (name, c = "ic") =>
  make("svg", { class: c, viewBox: c.startsWith("face") ? "0 0 64 64" : c === "mark" ? "0 0 32 32" : "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    make("use", { href: `#k-${name}` }));

/** A QR code of the kit, or one that the server draws. */
export const qrOf = ({ qr, size }, name) =>
  make("svg", { class: "qr", viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": name, "shape-rendering": "crispEdges" },
    make("rect", { width: size, height: size, fill: "#fff" }), make("path", { d: qr, fill: "#17211f" }));

/** A button of the bar below. */
export const barButton = (act, icon, text, more = {}) =>
  make("button", { class: "k-btn", type: "button", "data-act": act, ...more }, icon && sign(icon), make("span", {}, text));

const bigButton = (act, text, kind = "k-primary", icon) =>
  make("button", { class: `k-btn ${kind}`, type: "button", "data-act": act }, icon && sign(icon), make("span", {}, text));

/** The screens; w is what they are shown with: {m: machine, t, tn, tx, state, lang, ...}. */
export class Screens {
  constructor(w) {
    this.w = w;
  }

  top() {
    const { kit, state, t, tx, m } = this.w;
    const badge = state.badge
      ? make("p", { class: "k-state k-off" }, sign(state.badge.icon), state.badge.text)
      : make("p", { class: "k-state" }, m.screen === "attract" ? "" : t("anonymous"));
    return make("header", { class: "k-top" },
      make("button", { class: "k-corner", type: "button", "data-act": "corner" }, sign("mark", "mark"), make("span", { class: "vh" }, t("staff"))),
      make("b", { lang: "vi" }, kit ? kit.unit.name : "SIPAS"),
      kit?.wave.synthetic && make("span", { class: "k-demo" }, t("demo")), badge);
  }

  attract() {
    const { kit, t, tx, tn, state } = this.w;
    const minutes = kit.minutes > 1 ? tn("minutes", kit.minutes) : t("minute");
    return [
      this.top(), this.arc(),
      make("div", { class: "k-main" },
        make("div", { class: "a-head" },
          make("h1", { tabindex: "-1", id: "q" }, tx(kit.ask)),
          make("p", {}, t("facts", t("anonymous"), minutes)),
          state.closed && make("p", { class: "a-closed" }, sign("clock"), state.closed)),
        state.shut
          ? make("p", { class: "a-shut" }, state.shut)
          : make("button", { class: "k-touch", type: "button", "data-act": "start", "aria-describedby": "q" }, make("span", { class: "vh" }, t("start"))),
        !state.shut && make("p", { class: "a-go", "aria-hidden": "true" }, sign("finger"), t("touch")),
        make("p", { class: "a-note", id: "note" })),
      make("nav", { class: "k-foot", "aria-label": t("languages") }, ...kit.languages.map((l) => this.language(l)),
        !state.shut && barButton("phone", "phone", t("phone"))),
    ];
  }

  language(l) {
    const { m, t } = this.w;
    return make("button", { class: "k-btn", type: "button", "data-act": "lang", value: l.code, lang: l.code, "aria-current": l.code === m.lang && "true" },
      make("span", {}, l.name, l.machine && make("small", {}, t("machine"))));
  }

  arc() {
    const at = { land: ["0 0 1280 800", [[50, 208], [284, 358], [578, 412], [872, 358], [1106, 208]]],
      port: ["0 0 800 1280", [[30, 538], [170, 700], [338, 762], [506, 700], [646, 538]]] };
    return make("div", { class: "a-arcs", "aria-hidden": "true" }, ...Object.entries(at).map(([c, [box, spots]]) =>
      make("svg", { class: `a-arc ${c}`, viewBox: box },
        ...spots.map(([x, y], i) => make("use", { href: `#k-f${i + 1}`, class: `f${i + 1}`, x, y, width: 124, height: 124 })))));
  }

  progress() {
    const { m, kit, t } = this.w;
    const { at, of } = m.progress;
    if (of < 2) return make("div", { class: "prog none" });
    const list = m.list();
    const per = kit.parts.map((p) => list.filter((q) => q.part === p.code)).filter((l) => l.length);
    const gap = per.length > 1 ? 1.2 : 0;
    const unit = (100 - gap * (per.length - 1)) / of;
    const bars = make("svg", { "aria-hidden": "true", focusable: "false" });
    let x = 0;
    let before = 0;
    for (const l of per) {
      const did = Math.max(0, Math.min(l.length, (at || of + 1) - 1 - before));
      for (const [c, n] of [["todo", l.length], ["did", did]]) {
        if (n) bars.append(make("rect", { class: c, x: `${x.toFixed(2)}%`, width: `${(n * unit).toFixed(2)}%`, height: 8, rx: 2 }));
      }
      x += l.length * unit + gap;
      before += l.length;
    }
    return make("div", { class: "prog" }, make("p", {}, make("b", {}, at ? t("at", at, of) : t("last"))), bars);
  }

  item() {
    const { m, t, tx, kit, state } = this.w;
    const q = m.item;
    const stem = tx(q.stem) || tx(kit.parts.find((p) => p.code === q.part)?.lead);
    // A question may say itself how it is answered.
    const [, say = tx(q.text), hint = q.kind === "many" && t("several")] = tx(q.text).match(/^(.+?[?？])\s*(.+)$/) ?? [];
    return [this.top(), this.progress(),
      make("div", { class: q.kind === "many" ? "k-main tight" : "k-main" },
        make("h1", { id: "q", tabindex: "-1" }, stem && make("span", { class: "k-stem" }, stem), " ", make("span", { class: "k-say" }, say),
          hint && make("span", { class: "k-hint" }, hint)),
        state.reader && barButton("read", "sound", t("read"), { class: "k-btn k-read" })),
      this.answers(q), this.bar()];
  }

  answers(q) {
    const { m, t, tx } = this.w;
    const mine = m.answers[q.code];
    if (q.kind === "text") return this.writing(mine ?? "", t("skip"));
    const chosen = (v) => [mine].flat().some((a) => a != null && String(a) === v);
    const tiles = q.options.map((o, i) => make("button", {
      class: `tile${q.faces ? "" : " plain"}${chosen(o.value) ? " on" : ""}`, type: "button",
      "data-act": q.kind === "many" ? "toggle" : "answer", value: o.value,
      "aria-pressed": q.kind === "many" || chosen(o.value) ? String(chosen(o.value)) : null,
    }, q.faces && sign(`f${i + 1}`, `face f${i + 1}`), !q.faces && q.kind === "many" && make("i", { class: "box", "aria-hidden": "true" }, sign("tick")),
    make("span", { class: "w" }, tx(o.label))));
    const group = make("div", { class: `tiles ${q.faces ? "faces" : "words"} n${Math.min(tiles.length, 9)}`, role: "group", "aria-labelledby": "q" }, ...tiles);
    if (q.kind !== "many") return group;
    return make("div", { class: "k-many" }, group, make("div", { class: "k-end" }, bigButton("next", t("next"))));
  }

  // The keyboard of the device comes only when somebody wants to write.
  writing(text, none) {
    const { t, state } = this.w;
    return make("div", { class: "k-write" },
      state.writing
        ? make("textarea", { id: "typed", maxlength: "2000", rows: "4", autocomplete: "off", spellcheck: "false", "aria-labelledby": "q", "aria-describedby": "hint" }, text)
        : text && make("p", { class: "k-words" }, text),
      make("p", { class: "k-warn", id: "hint" }, state.personal || (state.writing && this.w.m.screen === "item" ? t("write_hint") : "")),
      make("div", { class: "k-end" },
        !state.writing && bigButton("write", t(text ? "write_more" : "write"), "k-second", "pen"),
        bigButton("next", state.writing || text ? t(this.w.m.screen === "comment" ? "send" : "next") : none)));
  }

  comment() {
    const { m, t } = this.w;
    return [this.top(), this.progress(),
      make("div", { class: "k-main" }, make("h1", { id: "q", tabindex: "-1" }, make("span", { class: "k-say" }, t("comment")), make("span", { class: "k-hint" }, t("comment_hint")))),
      this.writing(m.comment, t("send_plain")), this.bar()];
  }

  bar() {
    const { m, t, kit, state } = this.w;
    const first = m.screen === "item" && m.progress.at === 1;
    const others = kit.languages.filter((l) => l.code !== m.lang);
    return make("nav", { class: "k-foot", "aria-label": t("controls") },
      !first && barButton("back", "back", t("back")),
      m.screen === "item" && barButton("none", "", t("none")),
      barButton("finish", "again", t(first ? "restart" : "finish")),
      barButton("contrast", "contrast", t(state.high ? "light" : "dark"), { "aria-pressed": String(state.high) }),
      barButton("easier", "letters", t("easier"), { "aria-haspopup": "dialog" }),
      others.length === 1 ? this.language(others[0]) : others.length > 1 && barButton("languages", "globe", t("language"), { "aria-haspopup": "dialog" }));
  }

  thanks() {
    const { m, t, tn, state } = this.w;
    const { receipt, late, seq, left } = m.thanks;
    const kept = !receipt && (late || state.offline);
    const lead = receipt ? t("received") : kept ? t(state.offline ? "kept_offline" : "kept_late") : t("sending");
    return [this.top(),
      make("div", { class: "k-main" }, make("div", { class: "k-thanks" },
        make("div", {},
          make("div", { class: `big${receipt ? "" : " wait"}` }, sign(receipt ? "tick" : "lock")),
          make("h1", { id: "q", tabindex: "-1" }, kept ? t("kept") : t("thanks")),
          make("p", { class: "lead" }, lead)),
        receipt
          ? make("section", { class: "stub", "aria-label": t("receipt") }, make("div", { class: "stub-a" }, make("p", { class: "cap" }, t("scan"))),
            make("div", { class: "stub-b" }, make("img", { class: "qr", src: `/r/${receipt}/qr.svg`, alt: t("scan_name"), width: 220, height: 220 }),
              make("p", { class: "code", translate: "no" }, receipt.replaceAll("-", " "))))
          : seq && make("section", { class: "stub", "aria-label": t("stub") }, make("div", { class: "stub-a" }, make("p", { class: "cap" }, t("stub_hint"))),
            make("div", { class: "stub-b" }, make("p", { class: "k-seq" }, make("span", {}, t("stub")), make("b", {}, `${seq}`)))))),
      make("div", { class: "k-end" }, bigButton("done", t("done")), make("p", { class: "k-back", id: "left" }, tn("home", left ?? state.thanks)),
        make("p", { class: "a-note", id: "note" }))];
  }

  /** Only words, for what stops a kiosk altogether. */
  refusal(title, text, ...acts) {
    return [this.top(), make("div", { class: "k-main k-stop" },
      make("div", { class: "big stop" }, sign("warn")), make("h1", { id: "q", tabindex: "-1" }, title), make("p", { class: "lead" }, text)),
    make("div", { class: "k-end" }, ...acts)];
  }

  idle() {
    const { m, t } = this.w;
    const { left } = m.warning;
    return [make("div", { class: "d-head" },
      make("svg", { class: "ring", viewBox: "0 0 148 148", "aria-hidden": "true" }, make("circle", { cx: 74, cy: 74, r: 64 }),
        make("circle", { class: "left", id: "ring", cx: 74, cy: 74, r: 64, "stroke-dasharray": "402.1 402.1", transform: "rotate(-90 74 74)" }),
        make("text", { x: 74, y: 75, id: "ringleft" }, `${left}`)),
      make("div", {}, make("h1", { id: "d-t" }, t("idle")), make("p", { id: "d-p" }, this.idleIn(left)))),
    make("div", { class: "d-acts" }, bigButton("stay", t("stay")), bigButton("leave", t("finish"), "k-second"))];
  }

  idleIn(left) {
    const { tn, t, m } = this.w;
    return `${tn("idle_in", left)} ${t(Object.keys(m.answers).length ? "idle_kept" : "idle_empty")}`;
  }

  /** Moves the ring without making anything anew. */
  idleLeft(left, of) {
    const ring = document.getElementById("ring");
    if (!ring) return;
    ring.setAttribute("stroke-dasharray", `${((402.1 * left) / of).toFixed(1)} 402.1`);
    document.getElementById("ringleft").textContent = left;
    document.getElementById("d-p").textContent = this.idleIn(left);
  }

  easier() {
    const { t, state } = this.w;
    const choice = (act, icon, on, text) => make("button", { class: "k-btn k-second k-choice", type: "button", "data-act": act, "aria-pressed": String(on) },
      sign(icon), make("span", {}, text), make("b", {}, t(on ? "on" : "off")));
    return [make("h1", { id: "d-t" }, t("easier")),
      make("div", { class: "d-list" }, choice("large", "letters", state.large, t("large")), choice("contrast", "contrast", state.high, t("dark")),
        choice("mute", "sound", state.sound, t("sound"))),
      make("div", { class: "d-acts one" }, bigButton("close", t("close")))];
  }

  languages() {
    const { t, kit } = this.w;
    return [make("h1", { id: "d-t" }, t("language")), make("div", { class: "d-list" }, ...kit.languages.map((l) => {
      const b = this.language(l);
      b.classList.add("k-second", "k-choice");
      return b;
    })), make("div", { class: "d-acts one" }, bigButton("close", t("close")))];
  }

  phone() {
    const { t, kit } = this.w;
    return [make("div", { class: "d-qr" }, make("div", {}, make("h1", { id: "d-t" }, t("phone_title")), make("p", {}, t("phone_how")),
      make("p", { class: "code", translate: "no" }, kit.phone.url.replace(/^https?:\/\//, ""))),
    qrOf(kit.phone, t("phone_name"))), make("div", { class: "d-acts one" }, bigButton("close", t("close")))];
  }
}
