// Whoever opens a page of a phone learns of answers that the server refused while no page was open.

/** Shows the shelf of an outbox on this page as soon as something is there; the script for that comes only then. */
export function watchShelf(box) {
  const look = async () => (await box.shelf())[0] && (await import("./shelf.js")).showShelf(box);
  box.addEventListener("change", look);
  look();
}
