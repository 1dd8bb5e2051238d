// Keeps the figures of an open page up to date without loading it again. The server says when enough has come in; the
// page then asks for itself and takes over the words that changed, and nothing else: what has the focus, what is
// selected, what is unfolded and how far it is scrolled stay. Without this script a page changes when it is loaded.
const line = document.getElementById("live");
const step = Number(line.dataset.step); // by fewer responses nothing on the page may grow: see adr/0024
let shown = Number(line.dataset.n);
let source, announced = 0;

const number = (text) => Number(text.replace(/\D/g, ""));
const known = (node) => node.nodeType === Node.TEXT_NODE || node.nodeType === Node.ELEMENT_NODE;

/** What is never touched: what people type into, what scripts draw, what has no n of its own to go by. */
const left = "form, .chart-box, .acts, [data-said], .qs, #live";

/** Attributes that belong to the reader or to other scripts. */
const kept = new Set(["open", "hidden", "data-drawn", "tabindex", "aria-pressed"]);

/** Which column of a table says for how many people a row stands; -1: none. */
function columnOf(table) {
  const cells = [...(table.tHead?.rows[0]?.cells ?? [])];
  return cells.findIndex((th) => th.dataset.is === "n" || th.textContent.trim() === "n");
}

const rowsOf = (table) => [...table.tBodies].flatMap((body) => [...body.rows]);
const keyOf = (row) => row.querySelector("th")?.textContent.trim() ?? "";

/** A row may change when it stands for as many as before or for enough more: otherwise its change tells what few said. */
function mayMove(row, fresh, column) {
  const [was, now] = [row, fresh].map((r) => number(r.cells[column]?.textContent ?? ""));
  return was === now || now >= was + step;
}

/** The rows of a table by what they are about, each with the one that takes its place. */
function pairs(table, fresh) {
  const of = new Map(rowsOf(fresh).map((row) => [keyOf(row), row]));
  return rowsOf(table).map((row) => [row, of.get(keyOf(row))]);
}

/** Whether anything in a part has grown by too little; whoever sums it up must wait with it. */
function holds(part, fresh) {
  const [a, b] = [part, fresh].map((p) => [...p.querySelectorAll("table")]);
  if (a.length !== b.length) return true;
  return a.some((table, i) => {
    const column = columnOf(table);
    return column >= 0 && pairs(table, b[i]).some(([row, next]) => !next || (next.cells[column] && !mayMove(row, next, column)));
  });
}

function attributes(old, fresh) {
  for (const { name } of [...old.attributes]) if (!kept.has(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (!kept.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
}

function selected(node) {
  const chosen = getSelection();
  return chosen && !chosen.isCollapsed && chosen.containsNode(node, true);
}

const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName;

/** Makes old say what fresh says; touches only what differs. */
function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType === Node.TEXT_NODE) {
    if (!selected(old)) old.data = fresh.data;
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE || old.matches(left)) return;
  if (old.matches("table") && columnOf(old) >= 0) return morphRows(old, fresh);
  if (old.matches("figure, section.fig") && holds(old, fresh)) {
    // Its title sums up rows of which one must not change yet: the rows that may change do, the words wait.
    const tables = [old, fresh].map((part) => [...part.querySelectorAll("table")]);
    if (tables[0].length === tables[1].length) tables[0].forEach((table, i) => columnOf(table) >= 0 && morphRows(table, tables[1][i]));
    return;
  }
  attributes(old, fresh);
  const [a, b] = [old, fresh].map((n) => [...n.childNodes].filter(known));
  if (a.length === b.length && a.every((n, i) => alike(n, b[i]))) a.forEach((n, i) => morph(n, b[i]));
  else if (!old.contains(document.activeElement) && !selected(old)) old.replaceChildren(...b.map((n) => document.importNode(n, true)));
}

/** Rows stay where they are, under the eyes of who reads them; loading the page puts them into order again. */
function morphRows(table, fresh) {
  const column = columnOf(table);
  for (const [row, next] of pairs(table, fresh)) {
    if (!next || row.cells.length !== next.cells.length || (row.cells[column] && next.cells[column] && !mayMove(row, next, column))) continue;
    attributes(row, next);
    [...row.cells].forEach((cell, i) => morph(cell, next.cells[i]));
  }
}

/** Takes over a page as it is now. */
function take(page) {
  const [main, fresh] = [document, page].map((d) => d.getElementById("main"));
  if (!fresh?.querySelector("#live")) return location.reload(); // the figures are gone: the page says why
  // What sums up another part waits with it.
  for (const part of main.querySelectorAll("[data-live-with]")) {
    const [a, b] = [main, fresh].map((m) => [...m.querySelectorAll(part.dataset.liveWith)]);
    const waits = a.length !== b.length || a.some((other, i) => holds(other.parentElement, b[i].parentElement));
    const twin = [...fresh.querySelectorAll("[data-live-with]")][[...main.querySelectorAll("[data-live-with]")].indexOf(part)];
    if (waits && twin) twin.replaceWith(document.importNode(part, true));
  }
  morph(main, fresh);
  shown = Number(fresh.querySelector("#live").dataset.n);
  tell();
}

// Seen every time, read out once a minute at most.
function tell() {
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  line.firstElementChild.textContent = line.dataset.words.replace("#", time);
  line.hidden = false;
  if (Date.now() - announced < 60_000) return;
  announced = Date.now();
  line.lastElementChild.textContent = line.dataset.aloud;
}

let busy = false;
async function refresh() {
  if (busy) return;
  busy = true;
  try {
    const answer = await fetch(location.href, { headers: { "Sipas-Shown": String(shown), Accept: "text/html" } });
    if (answer.redirected) return close(); // signed out
    if (answer.status === 200) take(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // The network is away; the stream says when it is back.
  } finally {
    busy = false;
  }
}

function close() {
  source?.close();
  source = undefined;
}

function open() {
  if (document.hidden || source) return;
  const address = new URL(line.dataset.live, location.href);
  address.searchParams.set("n", shown);
  source = new EventSource(address);
  source.addEventListener("moved", refresh);
  source.addEventListener("error", () => {
    if (source?.readyState !== EventSource.CLOSED) return; // the browser comes again by itself
    source = undefined;
    setTimeout(open, 30_000);
  });
}

// A page that nobody looks at asks for nothing, and neither does one of somebody who pays for every byte.
if (!navigator.connection?.saveData && "EventSource" in window) {
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
}
