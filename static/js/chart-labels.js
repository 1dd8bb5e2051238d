// Where the words of a chart go: beside what they name, over nothing else.

const ruler = document.createElement("canvas").getContext("2d");

/** The width of a text on the screen, in pixels. */
export function widthOf(text, size = 12, weight = 400) {
  ruler.font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
  return ruler.measureText(text).width;
}

const overlap = (a, b) => a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2;

// Whether a piece of line passes through a box: clipped to it, something of it is left.
function crosses({ x1, y1, x2, y2 }, box) {
  let [from, to] = [0, 1];
  for (const [start, way, low, high] of [[x1, x2 - x1, box.x1, box.x2], [y1, y2 - y1, box.y1, box.y2]]) {
    if (way === 0) {
      if (start < low || start > high) return false;
      continue;
    }
    const [a, b] = [(low - start) / way, (high - start) / way];
    from = Math.max(from, Math.min(a, b));
    to = Math.min(to, Math.max(a, b));
  }
  return from < to;
}

function boxOf({ text, size = 12, weight = 400 }, { x, y, anchor = "middle" }) {
  const wide = widthOf(text, size, weight);
  const x1 = anchor === "start" ? x : anchor === "end" ? x - wide : x - wide / 2;
  return { x1, x2: x1 + wide, y1: y - size * 0.62, y2: y + size * 0.62 };
}

/**
 * Gives each label the first of its places that is free; who comes first chooses first. A label without a free place
 * is left out, unless it must be there.
 * @param {{text: string, size?: number, weight?: number, must?: boolean, places: {x: number, y: number, anchor?: string}[]}[]} labels
 * @param {{boxes: object[], lines: object[], within: object}} taken what is drawn already
 * @returns the labels with x and y of their middle
 */
export function placeLabels(labels, { boxes, lines, within }) {
  const taken = [...boxes];
  const placed = [];
  for (const label of labels) {
    const tries = label.places.map((place) => ({ place, box: boxOf(label, place) }));
    const inside = tries.filter(({ box: b }) => b.x1 >= within.x1 && b.x2 <= within.x2 && b.y1 >= within.y1 && b.y2 <= within.y2);
    const free = inside.find(({ box }) => !taken.some((t) => overlap(t, box)) && !lines.some((l) => crosses(l, box)));
    const found = free ?? (label.must ? inside.find(({ box }) => !taken.some((t) => overlap(t, box))) ?? inside[0] ?? tries[0] : null);
    if (!found) continue;
    const { box, place } = found;
    taken.push({ x1: box.x1 - 3, x2: box.x2 + 3, y1: box.y1, y2: box.y2 });
    placed.push({ ...label, x: (box.x1 + box.x2) / 2, y: (box.y1 + box.y2) / 2, leader: place.leader });
  }
  return placed;
}

/** The places around a point, the best first. */
export function around({ px, py }, gap = 8) {
  return [
    { x: px, y: py - gap - 7 }, { x: px, y: py + gap + 7 },
    { x: px + gap, y: py, anchor: "start" }, { x: px - gap, y: py, anchor: "end" },
    { x: px + gap - 2, y: py - gap - 4, anchor: "start" }, { x: px - gap + 2, y: py - gap - 4, anchor: "end" },
    { x: px + gap - 2, y: py + gap + 4, anchor: "start" }, { x: px - gap + 2, y: py + gap + 4, anchor: "end" },
  ];
}
