// The shelf of a phone, on the page: answers that the server refused for good. Loaded only where there are some.
import { saveShelf } from "./shelf-file.js";

const $ = (c) => document.querySelector(c);
const fill = (text, arg) => text.replace("{0}", arg);

/** Says how many answers of this phone the server refused and why, and lets them be saved as a file or sent again. */
export async function showShelf(box) {
  const { shelf, words } = place(box);
  // What the form itself complains of is said there.
  const told = $(".errors:not([hidden])") && $("#f")?.elements.id.value;
  const all = (await box.shelf()).filter((e) => e.id !== told);
  shelf.querySelector("div").hidden = !all.length;
  if (!all.length) return;
  const form = new Intl.PluralRules(document.documentElement.lang).select(all.length);
  shelf.querySelector("b").textContent = fill(words[`kept.${form}`] ?? words["kept.other"], all.length);
  shelf.querySelector("span").replaceChildren(...new Set(all.map(reason)));
}

// Reasons are in the language that the ballot was in.
function reason({ status, problem }) {
  return `${problem?.errors?.[0]?.message ?? problem?.detail ?? problem?.title ?? ""} (${status}) `;
}

// The one place on the page; on a question it stands below what is asked.
function place(box) {
  const template = $("#shelf");
  const words = JSON.parse(template.dataset.words);
  let shelf = $(".shelf");
  if (!shelf) {
    $("main")[$("#f") ? "append" : "prepend"](template.content.cloneNode(true));
    shelf = $(".shelf");
    box.addEventListener("change", () => showShelf(box)); // also that nothing is left
    const [save, again] = shelf.querySelectorAll("button");
    const said = shelf.querySelector("[role=status]");
    save.onclick = async () => (said.textContent = fill(words.saved, await saveShelf(box)));
    again.onclick = async () => {
      said.textContent = "";
      await box.retry().catch(() => {});
      const { shelf: left, queue } = await box.status();
      if (!left) said.focus(); // the button is gone
      said.textContent = left ? words.still : queue ? words.waits : words.sent;
    };
  }
  return { shelf, words };
}
