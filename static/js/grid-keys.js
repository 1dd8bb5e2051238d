// A table of many links is one stop of the Tab key: the arrow keys go from cell to cell. Without this script each link
// is a stop of its own.

const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

for (const table of document.querySelectorAll("table[data-grid]")) {
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
  const linkAt = (row, column) => rows[row]?.cells[column]?.querySelector("a.xp");
  const links = [...table.querySelectorAll("tbody a.xp")];
  for (const link of links.slice(1)) link.tabIndex = -1;

  // The next cell with a link in the direction of the key; cells without one are passed over.
  const next = (link, [down, right]) => {
    const cell = link.closest("td, th");
    let [row, column] = [rows.indexOf(cell.parentElement), cell.cellIndex];
    while (rows[(row += down)] && column + right >= 0 && (column += right) < table.tHead.rows[0].cells.length) {
      const found = linkAt(row, column);
      if (found) return found;
    }
    return null;
  };
  table.addEventListener("keydown", (e) => {
    const way = step[e.key];
    if (!way || !e.target.matches("a.xp") || e.altKey || e.ctrlKey || e.metaKey) return;
    const to = next(e.target, way);
    e.preventDefault();
    if (!to) return;
    e.target.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  });
}
