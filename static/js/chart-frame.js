// What all kinds of charts share: where a value lies in pixels, colours, points, words.
import { widthOf } from "./chart-labels.js";

/** Colours are tokens of the style sheet, by what they say. */
export const inks = {
  "": "var(--data)", ref: "var(--data-ref)", same: "var(--data-ref)", up: "var(--data-up)", down: "var(--data-down)",
};
export const inkOfWords = (tone) => (tone === "ref" || tone === "same" ? "var(--ink-2)" : inks[tone]);

/** A frame that turns values into pixels and back; both ways of it are given to Plot as scales. */
export function frameOf({ width, height, top, right, bottom, left, x, y }) {
  const linear = ([d0, d1], [r0, r1]) => {
    const per = (r1 - r0) / (d1 - d0 || 1);
    return { to: (v) => r0 + (v - d0) * per, from: (p) => d0 + (p - r0) / per };
  };
  const across = [left, width - right];
  const up = [height - bottom, top];
  const [h, v] = [linear(x, across), linear(y, up)];
  return {
    width, height, top, right, bottom, left,
    toX: h.to, toY: v.to, fromX: h.from, fromY: v.from,
    scales: { x: { domain: x, range: across, axis: null }, y: { domain: y, range: up, axis: null } },
    within: { x1: 0, x2: width, y1: top - 14, y2: height - bottom + 4 },
  };
}

/** Round numbers between two ends, at most so many. */
export function ticksOf([from, to], most = 6) {
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 25, 50, 100].find((s) => (to - from) / s <= most - 1) ?? (to - from) / most;
  const first = Math.ceil(from / step - 1e-9);
  return Array.from({ length: Math.floor(to / step + 1e-9) - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** The ends of an axis: those the page gives, further out where the numbers are; or around the numbers. */
export function endsOf(values, given, pad = 0.08) {
  const known = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  if (given) return [Math.min(given[0], low), Math.max(given[1], high)];
  const room = (high - low || 1) * pad;
  return [low - room, high + room];
}

/** Numbers on an axis, as the language of the page writes them. */
export const numeral = (v) => new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(v);

/** Which of the ticks fit beside each other, counted from the last. */
export function thinned(ticks, room) {
  const wide = Math.max(...ticks.map(({ text }) => widthOf(text))) + 14;
  const near = ticks.slice(1).reduce((least, t, i) => Math.min(least, t.px - ticks[i].px), Infinity);
  const every = Math.max(1, Math.ceil(wide / Math.min(near, room)));
  return ticks.filter((_, i) => (ticks.length - 1 - i) % every === 0);
}

/** Where points and lines are, for words to keep off them. */
export function obstacles(points, lines, radius = 4) {
  const boxes = points.flatMap(({ px, py, pLow, pHigh, pLeft, pRight }) => {
    const taken = [{ x1: px - radius - 1, x2: px + radius + 1, y1: py - radius - 1, y2: py + radius + 1 }];
    if (Number.isFinite(pLow)) taken.push({ x1: px - 2, x2: px + 2, y1: Math.min(pLow, pHigh), y2: Math.max(pLow, pHigh) });
    if (Number.isFinite(pLeft)) taken.push({ x1: Math.min(pLeft, pRight), x2: Math.max(pLeft, pRight), y1: py - 2, y2: py + 2 });
    return taken;
  });
  return { boxes, lines };
}

/** The words that were given their places. */
export function wordMarks(Plot, labels, frame) {
  return [400, 600].map((fontWeight) =>
    Plot.text(labels.filter(({ weight = 400 }) => weight === fontWeight), {
      x: (d) => frame.fromX(d.x), y: (d) => frame.fromY(d.y), text: "text", fontSize: (d) => d.size ?? 12, fontWeight,
      fill: (d) => d.fill ?? "var(--ink-2)", stroke: "var(--sheet)", strokeWidth: 3, lineAnchor: "middle", className: "c-words",
    }));
}

const known = (points) => points.filter(({ y }) => Number.isFinite(y));

/** The points: discs, and diamonds where responses of others were put together. */
export function pointMarks(Plot, points, r = 4.5) {
  const dots = (some, shape) => Plot.dot(some, {
    x: "x", y: "y", ...shape, className: "c-points", ariaLabel: "words",
    fill: (d) => (d.hollow ? "var(--sheet)" : inks[d.tone]), stroke: (d) => (d.hollow ? inks[d.tone] : "var(--sheet)"),
    strokeWidth: (d) => (d.hollow ? 2.5 : 1.5),
  });
  const discs = dots(known(points).filter((d) => !d.pooled), { r });
  const pooled = known(points).filter((d) => d.pooled);
  return pooled.length ? [discs, dots(pooled, { r: r * 1.35, symbol: "diamond" })] : discs;
}

/** What tells of the point that is pointed at or has the focus: over everything else. */
export function tipMark(Plot, points) {
  return Plot.tip(known(points), Plot.pointer({
    x: "x", y: "y", title: "words", maxRadius: 60, fontSize: 12, lineHeight: 1.4, lineWidth: 30, fill: "var(--sheet)", stroke: "var(--ink-3)",
    className: "c-tip",
  }));
}
