// On a page without a form: what an earlier visit left on this phone is sent, or shown when the server refused it.
// Whoever never answered here loads nothing more.
import { watchShelf } from "./shelf-watch.js";

addEventListener("load", async () => {
  const all = await globalThis.indexedDB?.databases?.().catch(() => {});
  if (all && !all.some(({ name }) => name === "sipas")) return;
  try {
    const { openOutbox } = await import("./outbox.js");
    const box = await openOutbox();
    watchShelf(box);
    box.start();
  } catch {} // the browser keeps nothing
});
