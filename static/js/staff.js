// Small comforts for staff pages. Everything works without them.

// What only works with a script is hidden until there is one.
for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false;

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());

// The list of what to correct takes the focus, so that it is read out first.
document.querySelector("[data-focus]")?.focus();

// Copies every table that is in sight as tabs and lines: both Word and Excel take that. Numbers stay as the page's language
// writes them, which a spreadsheet set to the same takes for numbers; it knows no other minus than the keyboard's.
for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.lastChild;
  button.addEventListener("click", async () => {
    const tables = [...document.querySelectorAll("main table")].filter((table) => table.checkVisibility?.() ?? true);
    await navigator.clipboard.writeText(tables.map(tabbed).join("\n\n"));
    const words = label.textContent;
    label.textContent = button.dataset.copy;
    setTimeout(() => (label.textContent = words), 4000);
  });
}

function tabbed(table) {
  const plain = (text) => text.trim().replace(/\s+/g, " ").replace(/−(?=\d)/g, "-");
  const caption = plain(table.closest("figure, section")?.querySelector("h2")?.textContent ?? "");
  const rows = [...table.rows].map((row) => [...row.cells].map((cell) => plain(cell.innerText)).join("\t"));
  return [caption, ...rows].filter(Boolean).join("\n");
}

// A page with running jobs fetches its list again until they are over; one that waits for something (data-waiting)
// changes once, when it has come: what reads the page aloud must not hear it every time.
const every = 2000;

async function follow() {
  const part = document.querySelector("[data-running], [data-waiting]");
  if (!part) return;
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(part.id);
    if (fresh && !("waiting" in fresh.dataset)) {
      part.replaceChildren(...document.adoptNode(fresh).childNodes);
      part.toggleAttribute("data-running", "running" in fresh.dataset);
      if ("waiting" in part.dataset) document.title = page.title;
      delete part.dataset.waiting;
    }
  } catch {
    // The network is away; the next round may find it.
  }
  setTimeout(follow, every);
}
setTimeout(follow, every);

// How long a pairing code still works, in words.
for (const left of document.querySelectorAll("[data-expires]")) {
  const tick = () => {
    const minutes = Math.ceil((Number(left.dataset.expires) - Date.now()) / 60_000);
    left.textContent = minutes > 0 ? left.dataset.left.replace("#", minutes) : left.dataset.over;
    if (minutes > 0) setTimeout(tick, 5000);
  };
  tick();
}
