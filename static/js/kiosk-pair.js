// What is typed on the screen itself: the six characters that pair a device, and the PIN of staff.

const signs = "23456789ABCDEFGHJKMNPQRSTUWXYZ"; // survey.PointAlphabet: nothing that looks like something else

/** The characters of a code in what was typed or scanned. */
export const codeOf = (text) => [...text.toUpperCase()].filter((c) => signs.includes(c)).slice(0, 6).join("");

/** A pad of keys under places for what is typed. typed() tells what there is; full(text) is called once it is complete. */
export class Pad {
  /** @param {{make: Function, keys?: string, length: number, secret?: boolean, words: {name: string, remove: string, enter?: string}, full: Function}} how */
  constructor(how) {
    Object.assign(this, { keys: signs, text: "", ...how });
    const { make, keys, words, length } = this;
    this.places = make("div", { class: "places", role: "img" });
    this.board = make("div", { class: `pad${keys.length > 10 ? "" : " digits"}`, role: "group", "aria-label": words.name },
      ...[...keys].map((k) => make("button", { class: "key", type: "button", "data-act": "key", value: k }, k)),
      make("button", { class: "key wide", type: "button", "data-act": "key", value: "<" }, words.remove),
      words.enter && make("button", { class: "key wide enter", type: "button", "data-act": "key", value: "!" }, words.enter));
    this.most = length;
    this.show();
  }

  show() {
    const { make, text, secret, most, words } = this;
    const n = words.enter ? Math.max(4, text.length) : most;
    this.places.replaceChildren(...Array.from({ length: n }, (_, i) => make("span", { class: i < text.length ? "has" : "" }, secret && text[i] ? "•" : (text[i] ?? ""))));
    this.places.setAttribute("aria-label", `${words.name}: ${secret ? text.length : [...text].join(" ") || "–"}`);
  }

  /** A key of the pad or of a keyboard. */
  press(key) {
    if (key === "<" || key === "Backspace") this.text = this.text.slice(0, -1);
    else if (key === "!" || key === "Enter") return this.text && this.full(this.text);
    else if (key.length === 1 && this.keys.includes(key.toUpperCase()) && this.text.length < this.most) this.text += key.toUpperCase();
    else return;
    this.show();
    if (this.text.length === this.most && !this.words.enter) this.full(this.text);
  }

  clear() {
    this.text = "";
    this.show();
  }
}
