// The citizen's form, one statement at a time. The page holds the whole form as plain HTML; this script hides it
// and shows one question after another, keeps the answers on the device until there is a receipt, and sends them as
// JSON through the outbox under an id made once, so that sending twice counts once. Without it the page works as it is.
import { asked, body, findPersonal, pause } from "./form-rules.js";
import { bring, outbox, stayReady } from "./form-send.js";
import { answer, Draft, given, inputs, questionsOf } from "./form-draft.js";

const $ = (id) => document.getElementById(id);
const fill = (text, ...args) => args.reduce((t, a, i) => t.replace(`{${i}}`, a), text);

/** The one screen that is filled anew for every question; the last one asks for a comment and sends. */
class Screen {
  constructor(form, template) {
    this.form = form;
    this.words = template.dataset;
    this.questions = questionsOf(form);
    this.parts = [...form.querySelectorAll("section")];
    this.draft = new Draft(form, this.questions);
    this.bad = {}; // what the server said of an answer, by its code
    this.build(template.content);
    this.listen();
    this.begin();
  }

  build(pieces) {
    const take = (c) => pieces.removeChild(pieces.querySelector(c));
    [this.skip, this.chosen, this.tick] = [".ans-none", ".kept", ".tk"].map(take);
    const screen = document.createElement("div");
    screen.append(pieces);
    for (const [name, c] of Object.entries({
      errors: ".errors", count: ".prog b", part: ".prog span", bars: ".prog svg", head: "h1", said: ".vh", stem: ".stem", say: ".say",
      answers: ".answers", hint: ".hint", resumed: ".note", note: ".note:last-of-type", nav: ".nav",
      next: "[data-go=next]", back: "[data-go=back]", keep: "[data-go=keep]", afresh: "[data-go=afresh]",
    })) this[name] = screen.querySelector(c);
    for (const todo of [...this.bars.children]) {
      const did = todo.cloneNode();
      did.setAttribute("class", "did");
      todo.after(did);
    }
    [this.end, this.send, this.comment] = [$("end"), $("send"), $("comment")];
    this.form.prepend(screen);
    screen.after(this.end, this.note, this.send, this.nav);
    this.end.querySelector("label").className = "vh";
    $("all").hidden = true;
    this.form.noValidate = true;
    this.form.classList.remove("wait");
  }

  listen() {
    const { draft } = this;
    this.next.onclick = () => this.forward();
    this.keep.onclick = () => this.ahead();
    this.back.onclick = () => this.backward();
    this.answers.oninput = () => this.gather();
    this.comment.oninput = () => {
      draft.s.comment = this.comment.value.trim();
      draft.save();
    };
    this.afresh.onclick = () => {
      draft.forget();
      history.replaceState(null, "");
      location.reload();
    };
    this.form.onsubmit = (e) => this.submit(e);
    addEventListener("popstate", (e) => {
      this.depth = e.state?.d ?? 0;
      this.show(e.state?.q ?? this.questions[0]?.code);
    });
    addEventListener("pageshow", (e) => e.persisted && this.done && location.reload());
  }

  begin() {
    const { s, resumed } = this.draft;
    this.comment.value = s.comment;
    this.form.elements.id.value = s.id;
    // A place in the history is worth something only together with the answers it had.
    const here = resumed ? history.state : null;
    this.depth = here?.d ?? 0; // how many steps the back button can go
    const first = here?.q ?? s.q ?? this.list().find((q) => !(q.code in s.a))?.code ?? "";
    history.replaceState({ q: first, d: this.depth }, "");
    this.show(first);
    if (resumed && !here && Object.keys(s.a).length) {
      this.resumed.textContent = this.words.resumed;
      this.afresh.hidden = false;
    }
  }

  list() {
    return asked(this.questions, this.draft.s.a);
  }

  go(code) {
    history.pushState({ q: code, d: ++this.depth }, "");
    this.show(code);
  }

  ahead() {
    const list = this.list();
    this.go(list[list.indexOf(this.at) + 1]?.code ?? "");
  }

  backward() {
    if (this.depth > 0) return history.back();
    const list = this.list();
    const before = list.at(this.at ? list.indexOf(this.at) - 1 : -1).code;
    history.replaceState({ q: before, d: 0 }, "");
    this.show(before);
  }

  forward() {
    if (!this.gather() && this.at.must) this.note.textContent = this.words.required;
    else this.ahead();
  }

  // What was moved into the screen goes home before the next question comes.
  clear() {
    const { at, answers } = this;
    if (at?.kind === "many") at.el.querySelector(".answers").append(...answers.children);
    else if (at?.kind === "text") at.el.append(...answers.children);
    answers.replaceChildren();
  }

  /** Shows the question with a code; the end when there is none such. */
  show(code) {
    this.clear();
    const list = this.list();
    const at = (this.at = list.find((q) => q.code === code));
    const n = at ? list.indexOf(at) : list.length;
    const taps = at && at.kind !== "many" && at.kind !== "text";
    this.title(at ? fill(this.words.at, n + 1, list.length) : this.end.querySelector("label").textContent);
    this.progress();
    this.stem.textContent = at?.el.dataset.stem ?? "";
    this.say.textContent = at ? at.el.querySelector("legend,label").lastChild.textContent : this.words.end;
    this.note.textContent = (at && this.bad[at.code]) ?? "";
    this.errors.hidden = this.afresh.hidden = true;
    this.hint.hidden = at?.kind !== "many";
    this.answers.hidden = !at;
    this.next.hidden = !at || taps;
    this.end.hidden = this.send.hidden = !!at;
    this.back.hidden = n === 0;
    this.keep.hidden = !(taps && at.code in this.draft.s.a);
    if (taps) this.buttons();
    else if (at) this.controls();
    this.draft.save(at?.code ?? "");
    scrollTo(0, 0);
    this.head.focus({ preventScroll: true });
  }

  title(count) {
    this.count.textContent = count;
    this.said.textContent = `${count}. `;
    this.part.textContent = this.at?.part.dataset.name ?? "";
    document.title = `${count} – ${this.words.title}`;
  }

  // A part that is not asked after the answers so far has no bar.
  progress() {
    const list = this.list();
    const unit = 101.2 / list.length; // in percent; 1.2 of it are the gap after each
    let x = 0;
    this.parts.forEach((p, i) => {
      const n = list.filter((q) => q.part === p).length;
      const did = this.at ? list.indexOf(this.at) + 1 - x : n;
      [n, Math.min(n, did)].forEach((w, k) => {
        const bar = this.bars.children[2 * i + k];
        bar.setAttribute("x", `${x * unit}%`);
        bar.setAttribute("width", `${Math.max(0, w * unit - 1.2)}%`);
      });
      x += n;
    });
  }

  // One button an answer: a tap answers and goes on. For a moment they do nothing, or the second tap of a double
  // tap would answer the next question.
  buttons() {
    const made = inputs(this.at).map((input) => this.button(input));
    this.answers.append(...made);
    setTimeout(() => made.forEach((b) => (b.disabled = false)), 250);
  }

  button(input) {
    const { at } = this;
    const none = input.value === "skip";
    const b = none ? this.skip.cloneNode(true) : document.createElement("button");
    if (!none) b.append(...[...input.parentElement.children].slice(1).map((e) => e.cloneNode(true)));
    Object.assign(b, { className: none ? b.className : "ans", type: "button", name: at.code, value: input.value, disabled: true });
    b.onclick = () => {
      this.put(answer(at, [b.value]));
      this.ahead();
    };
    const mine = at.code in this.draft.s.a && String(this.draft.s.a[at.code] ?? "skip") === b.value;
    if (mine) b.setAttribute("aria-pressed", "true");
    if (mine && !none) {
      b.classList.add("on");
      b.querySelector(".w").append(this.chosen.cloneNode(true));
      b.append(this.tick.cloneNode(true));
    }
    return b;
  }

  controls() {
    const { at, answers } = this;
    answers.append(...(at.kind === "many" ? at.el.querySelectorAll(".ans") : inputs(at)));
    const mine = [this.draft.s.a[at.code] ?? []].flat();
    for (const i of this.shown()) {
      if (at.kind === "many") i.checked = mine.includes(i.value);
      else {
        i.value = mine[0] ?? "";
        i.setAttribute("aria-labelledby", "q");
      }
    }
  }

  shown() {
    return [...this.answers.querySelectorAll("input,textarea")];
  }

  // What is ticked or typed is kept at once; going on without any is "no answer".
  gather() {
    const on = given(this.shown());
    this.put(on.length ? answer(this.at, on) : null);
    return on.length;
  }

  put(v) {
    this.draft.s.a[this.at.code] = v;
    delete this.bad[this.at.code];
    this.draft.save();
  }

  submit(e) {
    const lang = e.submitter?.value.match(/^lang:(.*)/)?.[1];
    if (lang && !this.draft.safe) return this.draft.spread();
    e.preventDefault();
    if (lang) location.replace(`?consent=1&all=1&lang=${lang}`);
    else if (!this.at) this.deliver();
    else if (!this.next.hidden) this.forward();
  }

  complain(lines) {
    this.errors.querySelector("ul").replaceChildren(...lines.map(([code, text]) => {
      const li = document.createElement("li");
      const a = document.createElement(code == null ? "p" : "a");
      a.textContent = text;
      if (code != null) a.href = code ? `#q-${code}` : "#comment";
      a.onclick = (e) => {
        if (!code) return;
        e.preventDefault();
        this.go(code);
      };
      li.append(a);
      return li;
    }));
    this.errors.hidden = false;
    document.title = `${this.words.error} ${this.words.title}`;
    this.errors.focus();
  }

  warn(text = "", short) {
    const place = $("c-e");
    this.end.classList.toggle("bad", !!text);
    place.hidden = !text;
    place.lastElementChild.textContent = text;
    this.comment.toggleAttribute("aria-invalid", !!text);
    if (text) this.complain([["", short]]);
  }

  /** Sends the ballot; a tap while it waits for the network tries at once. */
  async deliver() {
    if (this.busy) return this.again?.();
    const found = findPersonal(this.draft.s.comment);
    if (found && !this.sure) {
      this.sure = true; // said once: whoever sends again means it
      return this.warn(fill(this.words[found[0]], found[1]), this.words[`${found[0]}Short`]);
    }
    this.warn();
    this.errors.hidden = true;
    this.busy = true;
    const ballot = this.ballot();
    const [status, got] = await bring(ballot, pause, {
      prove: (problem) => this.prove(problem),
      waiting: (go, kept) => {
        this.again = go;
        this.note.textContent = kept ? this.words.kept : this.words.retry;
      },
    });
    this.note.textContent = "";
    this.proof?.remove();
    const received = status < 300;
    if (received || status === 409) this.draft.forget();
    this.busy = this.done = received;
    if (!received) return this.refused(got);
    location.replace(`/r/${got.receipt}?t=1&lang=${ballot.locale}`);
  }

  // The server has reason to doubt that people send: this machine does some work for it, loaded only now.
  async prove({ challenge, widget }) {
    this.proof ??= document.createElement("div");
    this.note.after(this.proof);
    try {
      return await (await import(widget.script)).prove(this.proof, challenge, widget.words);
    } catch {
      return "";
    }
  }

  // The same answers are the same body, to the millisecond; other answers are another one.
  ballot() {
    const { s } = this.draft;
    const { point, instrument } = this.form.dataset;
    const b = body(s, this.questions, { point, instrument, locale: document.documentElement.lang }, Date.now());
    const said = JSON.stringify([b.answers, b.respondent, b.comment, b.locale]);
    if (s.said === said) b.submitted_at = s.sent;
    else [s.said, s.sent] = [said, b.submitted_at];
    this.draft.save();
    return b;
  }

  refused(problem) {
    const list = this.list();
    const lines = (problem.errors ?? []).map(({ field, message }) => {
      const code = field.replace(/^\w+\./, "");
      const i = list.findIndex((q) => q.code === code);
      if (i < 0) return [null, message];
      this.bad[code] = message;
      return [code, fill(this.words.place, i + 1, message)];
    });
    this.complain(lines.length ? lines : [[null, problem.detail || problem.title]]);
  }
}

// The intro asks for the whole form at once when there is a script to show it.
$("start")?.insertAdjacentHTML("beforeend", '<input type="hidden" name="all" value="1">');
if ($("screen")) new Screen($("f"), $("screen"));

// After the page has been painted: send what an earlier visit left, and be ready for the next one without network.
addEventListener("load", async () => {
  await outbox();
  stayReady();
});
