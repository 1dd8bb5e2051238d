// Ranks from one time to the next, the first on top. A change that chance may explain stays grey.
import { widthOf } from "./chart-labels.js";
import { frameOf, inkOfWords, inks, pointMarks, wordMarks } from "./chart-frame.js";

// Names that share a rank move apart: downwards, and from the floor up again.
function apart(labels, floor, least = 15) {
  const list = labels.toSorted((a, b) => a.y - b.y);
  for (let i = 1; i < list.length; i++) list[i].y = Math.max(list[i].y, list[i - 1].y + least);
  for (let i = list.length - 1, low = floor; i >= 0; i--, low -= least) list[i].y = Math.min(list[i].y, low);
  return list;
}

// The longest beginning of a name that has room; the whole of it is in the table and in the tip.
function fitted(text, room) {
  if (widthOf(text) <= room) return text;
  let words = text.split(" ");
  while (words.length > 1 && widthOf(`${words.join(" ")} …`) > room) words = words.slice(0, -1);
  return `${words.join(" ")} …`;
}

// The rank at the left end; rank and name at the right end.
function endNames(lines, frame, right) {
  const first = lines.filter((l) => l.length > 1).map((l) => ({ p: l[0], text: l[0].text })).map(({ p, text }) => ({ p, text, x: p.px - 12 - widthOf(text) / 2, y: p.py }));
  const last = lines.map((l) => l.at(-1)).map((p) => {
    const text = fitted(`${p.text}  ${p.series}`, right - 14);
    return { p, text, x: p.px + 12 + widthOf(text, 12, p.key ? 600 : 400) / 2, y: p.py };
  });
  const floor = frame.height - 9;
  return [...apart(first, floor), ...apart(last, floor)].map(({ p, ...l }) => ({ ...l, weight: p.key ? 600 : 400, fill: p.tone === "same" ? "var(--ink-2)" : inkOfWords(p.tone) }));
}

// What one line joins: steps beside each other, measured in one way, of who was the same.
function unbroken(lines) {
  return lines.flatMap((line) => line.reduce((parts, p) => {
    const last = parts.at(-1)?.at(-1);
    if (last && last.segment === p.segment && !p.gap && p.x - last.x === 1) parts.at(-1).push(p);
    else parts.push([p]);
    return parts;
  }, []));
}

// Where the method changes from one step to the next.
const breaksOf = (steps) => steps.slice(1).map((s, i) => ({ x: (steps[i].x + s.x) / 2, broken: steps[i].segment !== s.segment })).filter((b) => b.broken);

/** Draws how ranks moved. */
export function drawSlope(Plot, chart, width) {
  const points = chart.points.filter((p) => Number.isFinite(p.x) && Number.isFinite(p.y));
  const lines = [...Map.groupBy(points, (p) => p.series).values()].map((l) => l.toSorted((a, b) => a.x - b.x));
  const steps = [...new Map(points.map((p) => [p.x, p])).values()].sort((a, b) => a.x - b.x);
  const worst = Math.max(...points.map((p) => p.y), ...points.map((p) => p.high).filter(Number.isFinite));
  const longest = Math.max(...lines.map((l) => widthOf(`${l.at(-1).text}  ${l.at(-1).series}`, 12, 600)));
  const right = Math.min(longest + 24, width * 0.55);
  const left = Math.max(...lines.map((l) => widthOf(l[0].text))) + 20;
  const ranks = new Set(points.map((p) => p.y)).size;
  const height = 44 + Math.max(6, Math.max(ranks, lines.length)) * 21;
  const frame = frameOf({ width, height, top: 40, right, bottom: 14, left, x: [steps[0].x, steps.at(-1).x], y: [worst, Math.min(...points.map((p) => p.y))] });
  for (const p of points) Object.assign(p, { px: frame.toX(p.x), py: frame.toY(p.y), pLow: NaN, pHigh: NaN });
  const heads = steps.map((s, i) => {
    const text = s.tick ?? s.label;
    const half = widthOf(text) / 2;
    return { text, fill: "var(--ink-3)", y: 12, x: i === 0 ? Math.max(half, s.px) : s.px };
  });
  const ends = points.filter((p) => Number.isFinite(p.low) && Number.isFinite(p.high));
  return {
    frame, points,
    marks: [
      Plot.ruleX(steps, { x: "x", y1: frame.fromY(frame.height), y2: frame.fromY(24), stroke: "var(--grid)" }),
      Plot.ruleX(ends, { x: "x", y1: "low", y2: "high", stroke: (p) => inks[p.tone], strokeWidth: 5, strokeOpacity: 0.18 }),
      Plot.ruleX(breaksOf(steps), { x: "x", y1: frame.fromY(frame.height), y2: frame.fromY(24), stroke: "var(--ink-2)", strokeDasharray: "3 3" }),
      ...unbroken(lines).toSorted((a, b) => (a[0].tone === "same") - (b[0].tone === "same")).reverse()
        .map((l) => Plot.line(l, { x: "x", y: "y", stroke: inks[l.at(-1).tone], strokeWidth: l.at(-1).tone === "same" ? 1.25 : 2.25 })),
      pointMarks(Plot, points, 4.5),
      ...wordMarks(Plot, [...heads, ...endNames(lines, frame, right)], frame),
    ],
  };
}
