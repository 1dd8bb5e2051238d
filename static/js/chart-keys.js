// Going through the points of a chart with the keyboard. Each point is a picture with its words, one of them is in the
// order of the Tab key; arrows move from there, and what has the focus shows its tip.

const svgNames = "http://www.w3.org/2000/svg";

/** Makes the circles of a chart reachable. @returns what gives the focus to a point, by its place in the table */
export function listen(svg, circles, points) {
  const places = circles.map((c, i) => ({ c, ...points[i] }));
  const tip = (kind, at) => {
    const { px = 0, py = 0 } = at ?? {};
    const { left, top, width } = svg.getBoundingClientRect();
    const scale = width / svg.viewBox.baseVal.width;
    svg.dispatchEvent(new PointerEvent(kind, { pointerType: "mouse", clientX: left + px * scale, clientY: top + py * scale }));
  };
  const go = (place) => {
    if (!place) return;
    for (const { c } of places) c.setAttribute("tabindex", c === place.c ? "0" : "-1");
    place.c.focus({ preventScroll: false });
  };
  for (const place of places) {
    const { c } = place;
    c.setAttribute("role", "img");
    c.setAttribute("tabindex", "-1");
    c.addEventListener("focus", () => {
      if (!c.matches(":focus-visible")) return;
      ring(svg, place);
      tip("pointermove", place);
    });
    c.addEventListener("blur", () => {
      svg.querySelector(".c-ring")?.remove();
      tip("pointerleave");
    });
    c.addEventListener("keydown", (e) => {
      if (e.key === "Escape") return tip("pointerleave");
      const to = next(places, place, e.key);
      if (to === undefined || e.altKey || e.ctrlKey || e.metaKey) return;
      e.preventDefault();
      go(to);
    });
  }
  places.at(-1)?.c.setAttribute("tabindex", "0");
  return (i) => go(places[i]);
}

/** Where a key leads: along the line of the point, or to the nearest point of the next line. undefined: nowhere. */
function next(places, { c, px, py, series }, key) {
  const line = places.filter((p) => p.series === series);
  const at = line.findIndex((p) => p.c === c);
  switch (key) {
    case "ArrowRight": return line[Math.min(at + 1, line.length - 1)];
    case "ArrowLeft": return line[Math.max(at - 1, 0)];
    case "Home": return line[0];
    case "End": return line.at(-1);
    case "ArrowUp": return beside(places.filter((p) => p.py < py && p.c !== c && p.series !== series), px, py) ?? null;
    case "ArrowDown": return beside(places.filter((p) => p.py > py && p.c !== c && p.series !== series), px, py) ?? null;
  }
}

function beside(places, px, py) {
  const far = (p) => 9 * (p.px - px) ** 2 + (p.py - py) ** 2;
  return places.reduce((best, p) => (best && far(best) <= far(p) ? best : p), undefined);
}

// Two rings, as around everything that has the focus, so that one of them always contrasts.
function ring(svg, { px, py }) {
  svg.querySelector(".c-ring")?.remove();
  const g = svg.appendChild(document.createElementNS(svgNames, "g"));
  g.setAttribute("class", "c-ring");
  g.setAttribute("aria-hidden", "true");
  for (const [r, ink] of [[11, "var(--focus-out)"], [8.5, "var(--focus-in)"]]) {
    const circle = g.appendChild(document.createElementNS(svgNames, "circle"));
    for (const [name, value] of Object.entries({ cx: px, cy: py, r, fill: "none", stroke: ink, "stroke-width": r === 11 ? 3 : 2 })) circle.setAttribute(name, value);
  }
}
