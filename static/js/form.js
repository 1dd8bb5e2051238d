// The citizen's form, one statement at a time. The page holds the whole form as plain HTML; this script hides it
// and shows one question after another, keeps the answers on the device until there is a receipt, and sends them as
// JSON under an id made once, so that sending twice counts once. Without it the page works as it is.

/** Whether a question is asked after the answers so far; the same rule as survey.Condition. */
export function holds(c, given) {
  if (!c) return true;
  if (c.all) return c.all.every((d) => holds(d, given));
  if (c.any) return c.any.some((d) => holds(d, given));
  return [given[c.item]].flat().some((v) => c.in.includes(String(v)));
}

/** The questions that are asked, in order; an answer to a hidden question opens no other one. */
export function asked(questions, answers) {
  const given = {};
  return questions.filter((q) => {
    const yes = holds(q.if, given);
    if (yes && q.code in answers) given[q.code] = answers[q.code];
    return yes;
  });
}

// The same list as in form_personal.go.
const personal = [
  ["email", /[^\s@]+@[^\s@]+\.[A-Za-z]{2,}/],
  ["id", /\b(?:0\d{11}|[1-9]\d{8})\b/],
  ["phone", /(?:\+84|\b84|\b0)[ .-]?[235789](?:[ .-]?\d){8,9}\b/],
];

/** What in a comment names a person, and how it begins and ends: ["phone", "0912 … 678"]; or undefined. */
export function findPersonal(text) {
  for (const [kind, re] of personal) {
    const m = re.exec(text);
    if (m) return [kind, m[0].length > 7 ? `${m[0].slice(0, 4).trim()} … ${m[0].slice(-3).trim()}` : `${m[0].slice(0, 2)} …`];
  }
}

/** How long to wait before sending again, in ms: what the server asked for, or twice as long each time, with jitter. */
export function pause(tries, after, random) {
  return (after > 0 ? after * 1000 : Math.min(30_000, 1000 * 2 ** tries)) * (1 + random / 2);
}

/** The body of POST /api/v1/responses. Time runs from the server's start, so that a wrong clock does no harm. */
export function body(s, questions, frame, now) {
  const b = {
    ...frame, id: s.id, started_at: s.started,
    submitted_at: new Date(Date.parse(s.started) + Math.max(0, now - s.began)).toISOString(), answers: {}, respondent: {},
  };
  for (const q of asked(questions, s.a)) {
    if (q.code in s.a) b[q.who ? "respondent" : "answers"][q.code] = s.a[q.code];
  }
  if (s.comment) b.comment = s.comment;
  return b;
}

// Who comes back later than this is taken for somebody else: a phone may be shared.
const kept = 2 * 3600_000;

const $ = (id) => document.getElementById(id);
const fill = (text, ...args) => args.reduce((t, a, i) => t.replace(`{${i}}`, a), text);

function start(form, template) {
  const { point, instrument } = form.dataset;
  const words = template.dataset;
  const key = `sipas:${point}`;
  const questions = [...form.querySelectorAll("[data-kind]")].map((el) => ({
    el, code: el.id.slice(2), kind: el.dataset.kind, who: "who" in el.dataset, must: "must" in el.dataset,
    if: el.dataset.if && JSON.parse(el.dataset.if), part: el.closest("section"),
  }));
  const parts = [...form.querySelectorAll("section")];
  const inputs = (q) => [...q.el.querySelectorAll("input:not([type=hidden]),textarea")];
  const comment = $("comment");

  let at; // the question shown; undefined is the end
  let depth; // how many steps the back button can go
  let busy, again, done, sure, resumed, stored;
  let bad = {};
  const s = load();

  // The screen: one of each, filled anew for every question.
  const screen = document.createElement("div");
  const pieces = template.content;
  const [skip, chosen, tick] = [".ans-none", ".kept", ".tk"].map((c) => pieces.removeChild(pieces.querySelector(c)));
  screen.append(pieces);
  const find = (c) => screen.querySelector(c);
  const [errors, head, answers, hint, note, next, back, keep, afresh, bars] =
    [".errors", "h1", ".answers", ".hint", ".note", "[data-go=next]", "[data-go=back]", "[data-go=keep]", "[data-go=afresh]", ".prog svg"].map(find);
  for (const r of [...bars.children]) {
    r.setAttribute("class", "todo");
    const did = r.cloneNode();
    did.setAttribute("class", "did");
    r.after(did);
  }
  form.prepend(screen);
  screen.after($("end"), $("send"));
  $("send").after(find(".nav"), note, afresh);
  $("all").hidden = true;
  $("end").querySelector("label").className = "vh";
  form.noValidate = true;
  form.classList.remove("wait");

  function load() {
    try {
      const old = JSON.parse(localStorage.getItem(key));
      resumed = old?.v === instrument && Date.now() - old.at < kept;
      if (resumed) return old;
    } catch {}
    const a = {};
    for (const q of questions) {
      const on = inputs(q).filter((i) => i.checked || (i.type === "textarea" && i.value)).map((i) => i.value);
      if (on.length) a[q.code] = on[0] === "skip" ? null : value(q, on);
    }
    return { v: instrument, id: form.elements.id.value, started: form.elements.started.value, began: Date.now(), a, comment: comment.value };
  }

  function save() {
    s.at = Date.now();
    s.q = at?.code ?? "";
    try {
      localStorage.setItem(key, JSON.stringify(s));
      stored = true;
    } catch {} // private mode: the answers live as long as the page
  }

  // Puts the answers into the plain form, which can carry them through the server.
  function spread() {
    for (const q of questions) {
      const mine = q.code in s.a ? [s.a[q.code] ?? "skip"].flat().map(String) : [];
      for (const i of inputs(q)) {
        if (i.type === "textarea") i.value = mine.filter((v) => v !== "skip").join();
        else i.checked = mine.includes(i.value);
      }
    }
  }

  function value(q, on) {
    return q.kind === "many" ? on : q.kind === "scale" ? Number(on[0]) : on[0];
  }

  function go(code) {
    history.pushState({ q: code, d: ++depth }, "");
    show(code);
  }

  function ahead() {
    const list = asked(questions, s.a);
    go(list[list.indexOf(at) + 1]?.code ?? "");
  }

  // What was moved into the screen goes home before the next question comes.
  function clear() {
    if (at?.kind === "many") at.el.querySelector(".answers").append(...answers.children);
    else if (at?.kind === "text") at.el.append(...answers.children);
    answers.replaceChildren();
    errors.hidden = true;
  }

  function show(code) {
    clear();
    const list = asked(questions, s.a);
    const i = list.findIndex((q) => q.code === code);
    at = list[i];
    const n = i < 0 ? list.length : i;
    find(".prog b").textContent = at ? fill(words.at, n + 1, list.length) : $("end").querySelector("label").textContent;
    find(".prog span").textContent = at?.part.dataset.name ?? "";
    progress();
    find(".stem").textContent = at?.el.dataset.stem ?? "";
    find(".vh").textContent = `${find(".prog b").textContent}. `;
    find(".say").textContent = at ? at.el.querySelector("legend,label").lastChild.textContent : words.end;
    document.title = `${find(".prog b").textContent} – ${words.title}`;
    const taps = at && at.kind !== "many" && at.kind !== "text";
    hint.hidden = at?.kind !== "many";
    next.hidden = !at || taps;
    answers.hidden = !at;
    $("end").hidden = $("send").hidden = !!at;
    back.hidden = n === 0;
    afresh.hidden = true;
    keep.hidden = !(taps && at.code in s.a);
    say(at && bad[at.code]);
    if (taps) buttons();
    else if (at) controls();
    save();
    scrollTo(0, 0);
    head.focus({ preventScroll: true });
  }

  function progress() {
    const where = at ? questions.indexOf(at) : questions.length;
    parts.forEach((p, i) => {
      const own = questions.filter((q) => q.part === p);
      const share = Math.min(1, Math.max(0, (where + 1 - questions.indexOf(own[0])) / own.length));
      const [todo, did] = [bars.children[2 * i], bars.children[2 * i + 1]];
      did.setAttribute("width", `${parseFloat(todo.getAttribute("width")) * share}%`);
    });
  }

  // One button an answer: a tap answers and goes on. For a moment they do nothing, or the second tap of a double
  // tap would answer the next question.
  function buttons() {
    const made = inputs(at).map((input) => {
      if (input.value === "skip") return skip.cloneNode(true);
      const b = document.createElement("button");
      b.className = "ans";
      b.type = "button";
      b.value = input.value;
      b.append(...[...input.parentElement.children].slice(1).map((e) => e.cloneNode(true)));
      return b;
    });
    for (const b of made) {
      b.name = at.code;
      b.disabled = true;
      b.onclick = () => choose(b.value);
      const mine = b.value === "skip" ? s.a[at.code] === null : String(s.a[at.code] ?? "") === b.value;
      if (!mine) continue;
      b.setAttribute("aria-pressed", "true");
      if (b.value === "skip") continue;
      b.classList.add("on");
      b.querySelector(".w").append(chosen.cloneNode(true));
      b.append(tick.cloneNode(true));
    }
    answers.append(...made);
    setTimeout(() => made.forEach((b) => (b.disabled = false)), 250);
  }

  function controls() {
    answers.append(...(at.kind === "many" ? at.el.querySelectorAll(".ans") : inputs(at)));
    for (const i of inputsShown()) {
      if (at.kind === "many") i.checked = [s.a[at.code] ?? []].flat().includes(i.value);
      else {
        i.value = s.a[at.code] ?? "";
        i.setAttribute("aria-labelledby", "q");
      }
    }
  }

  function inputsShown() {
    return [...answers.querySelectorAll("input,textarea")];
  }

  function choose(v) {
    put(v === "skip" ? null : value(at, [v]));
    ahead();
  }

  function put(v) {
    s.a[at.code] = v;
    delete bad[at.code];
    save();
  }

  // What is ticked or typed is kept at once; going on without any is "no opinion".
  function gather() {
    const on = inputsShown().filter((i) => i.checked || (i.type === "textarea" && i.value.trim())).map((i) => i.value);
    put(on.length ? value(at, on) : null);
    return on.length;
  }

  function say(text = "") {
    note.textContent = text;
  }

  function complain(lines) {
    errors.querySelector("ul").replaceChildren(...lines.map(([code, text]) => {
      const li = document.createElement("li");
      const a = document.createElement(code === undefined ? "p" : "a");
      a.textContent = text;
      if (code !== undefined) a.href = code ? `#q-${code}` : "#comment";
      a.onclick = (e) => {
        if (!code) return;
        e.preventDefault();
        go(code);
      };
      li.append(a);
      return li;
    }));
    errors.hidden = false;
    document.title = `${words.error} ${words.title}`;
    errors.focus();
  }

  function warn(text = "", short) {
    $("end").classList.toggle("bad", !!text);
    $("c-e").hidden = !text;
    $("c-e").lastElementChild.textContent = text;
    comment.toggleAttribute("aria-invalid", !!text);
    if (text) complain([["", short]]);
  }

  async function send() {
    if (busy) return again?.();
    const found = findPersonal(s.comment);
    if (found && !sure) {
      sure = true;
      return warn(fill(words[found[0]], found[1]), words[`${found[0]}Short`]);
    }
    warn();
    errors.hidden = true;
    busy = true;
    for (let tries = 0; busy; tries++) {
      const after = await once();
      if (after === undefined) busy = false;
      else {
        say(words.retry);
        await new Promise((r) => {
          again = r;
          addEventListener("online", r, { once: true });
          setTimeout(r, pause(tries, after, Math.random()));
        });
      }
    }
  }

  // Sends once. Returns undefined when it is over, or else how many seconds the server wants to be left alone.
  async function once() {
    const b = body(s, questions, { point, instrument, locale: document.documentElement.lang }, Date.now());
    // The same answers are the same body, to the millisecond; other answers are another one.
    const said = JSON.stringify([b.answers, b.respondent, b.comment, b.locale]);
    if (s.said === said) b.submitted_at = s.sent;
    else [s.said, s.sent] = [said, b.submitted_at];
    save();
    let res, got;
    try {
      res = await fetch("/api/v1/responses", {
        method: "POST", body: JSON.stringify(b), signal: AbortSignal.timeout(20_000),
        headers: { "Content-Type": "application/json", "Accept-Language": b.locale },
      });
      got = await res.json();
    } catch {
      got = null;
    }
    if (!got || res.status === 429 || res.status >= 500) return Number(res?.headers.get("Retry-After")) || 0;
    say();
    if (res.ok || res.status === 409) forget();
    if (res.ok) {
      done = true;
      location.replace(`/r/${got.receipt}?t=1&lang=${b.locale}`);
    } else refused(got, asked(questions, s.a));
  }

  function refused(problem, list) {
    const lines = (problem.errors ?? []).map(({ field, message }) => {
      const code = field.replace(/^\w+\./, "");
      const i = list.findIndex((q) => q.code === code);
      if (i >= 0) bad[code] = message;
      return i >= 0 ? [code, fill(words.place, i + 1, message)] : [undefined, message];
    });
    complain(lines.length ? lines : [[undefined, problem.detail || problem.title]]);
  }

  function forget() {
    try {
      localStorage.removeItem(key);
    } catch {}
  }

  function forward() {
    if (at && !next.hidden && !gather() && at.must) return say(words.required);
    ahead();
  }

  next.onclick = forward;
  keep.onclick = ahead;
  back.onclick = () => {
    if (depth > 0) return history.back();
    const list = asked(questions, s.a);
    const before = list.at(at ? list.indexOf(at) - 1 : -1).code;
    history.replaceState({ q: before, d: 0 }, "");
    show(before);
  };
  answers.oninput = () => gather();
  comment.oninput = () => {
    s.comment = comment.value.trim();
    save();
  };
  form.onsubmit = (e) => {
    const lang = e.submitter?.value.match(/^lang:(.*)/)?.[1];
    if (lang && !stored) return spread();
    e.preventDefault();
    if (lang) location.replace(`?consent=1&all=1&lang=${lang}`);
    else if (at) next.hidden || forward();
    else send();
  };
  addEventListener("popstate", (e) => {
    depth = e.state?.d ?? 0;
    show(e.state?.q ?? questions[0]?.code);
  });
  addEventListener("pageshow", (e) => e.persisted && done && location.reload());

  afresh.onclick = () => {
    forget();
    history.replaceState(null, "");
    location.reload();
  };

  comment.value = s.comment;
  form.elements.id.value = s.id;
  // A place in the history is worth something only together with the answers it had.
  const here = resumed ? history.state : null;
  depth = here?.d ?? 0;
  const first = here?.q ?? s.q ?? asked(questions, s.a).find((q) => !(q.code in s.a))?.code ?? "";
  history.replaceState({ q: first, d: depth }, "");
  show(first);
  if (resumed && !here && Object.keys(s.a).length) {
    say(words.resumed);
    afresh.hidden = false;
  }
}

if (globalThis.document) {
  const intro = $("start");
  if (intro) {
    const all = document.createElement("input");
    Object.assign(all, { type: "hidden", name: "all", value: "1" });
    intro.append(all);
  }
  if ($("screen")) start($("f"), $("screen"));
}
