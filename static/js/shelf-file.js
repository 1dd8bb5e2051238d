// The shelf of a device as a file for `sipas import outbox`.

/** Has the browser save what the server refused; returns the file's name. */
export async function saveShelf(box) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([await box.exportShelf()], { type: "application/json" }));
  link.download = `sipas-outbox-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return link.download;
}
