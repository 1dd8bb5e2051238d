// Importance across, performance up: what matters and does badly lies at the lower right.
import { around, placeLabels, widthOf } from "./chart-labels.js";
import { endsOf, frameOf, inkOfWords, inks, numeral, obstacles, pointMarks, ticksOf, wordMarks } from "./chart-frame.js";

// Numbers along both axes, and what the axes measure at their ends.
function axisNames(chart, frame, ticksX, ticksY) {
  const { width, height, bottom } = frame;
  const last = (list, v, unit) => numeral(v) + (v === list.at(-1) ? unit : "");
  return [
    ...ticksY.map((v) => ({ text: last(ticksY, v, chart.y.unit), places: [{ x: 0, y: frame.toY(v) - 8, anchor: "start" }] })),
    ...ticksX.map((v) => ({ text: last(ticksX, v, chart.x.unit), places: [{ x: frame.toX(v), y: height - bottom + 14 }] })),
    { text: `↑ ${chart.y.name}`, fill: "var(--ink-2)", places: [{ x: 0, y: 9, anchor: "start" }] },
    { text: `${chart.x.name} →`, fill: "var(--ink-2)", places: [{ x: width, y: height - 7, anchor: "end" }] },
  ].map((l) => ({ fill: "var(--ink-3)", must: true, ...l }));
}

function cornerNames(corners, { within, top, height, bottom, left, width, right }) {
  const [x1, x2, y1, y2] = [left + 2, width - right, top + 2, height - bottom - 10];
  const at = [[x1, y1, "start"], [x2, y1, "end"], [x1, y2, "start"], [x2, y2, "end"]];
  return corners.map((text, i) => ({ text, weight: 600, fill: "var(--ink-3)", must: true, places: [{ x: at[i][0], y: at[i][1], anchor: at[i][2] }] }))
    .filter(({ text }) => text && within && widthOf(text, 12, 600) < (x2 - x1) / 2 - 8);
}

function meanNames(refs, frame) {
  return refs.map((r) => ({
    text: `${r.name} ${r.text}`, must: true, fill: "var(--ink-2)",
    places: r.axis === "x"
      ? [frame.top - 14, frame.height - frame.bottom - 26].map((y) => ({ x: frame.toX(r.value) + 5, y, anchor: "start" }))
      : [["end", frame.width], ["start", frame.left + 2]].flatMap(([anchor, x]) => [-9, 9].map((dy) => ({ x, y: frame.toY(r.value) + dy, anchor }))),
  }));
}

// A name stands beside its point, or a little off with a line to it; those that matter most choose first.
function pointNames(points) {
  const order = (p) => (p.key ? 0 : p.tone === "down" ? 1 : p.tone === "up" ? 2 : 3);
  return points.toSorted((a, b) => order(a) - order(b) || b.px - a.px).map((p) => ({
    text: p.short, weight: p.key ? 600 : 400, must: p.key, fill: p.tone === "" || p.tone === "same" ? "var(--ink)" : inkOfWords(p.tone), px: p.px, py: p.py,
    places: [...besides(p), ...[20, 32, 48, 64].flatMap((gap) => around(p, gap).map((place) => ({ ...place, leader: true })))],
  }));
}

// Beyond the ends of its interval a name cannot be taken for that of a point near by.
function besides(p) {
  const [above, below, right, left, ...corners] = around(p, 7);
  const ends = Number.isFinite(p.pLeft) ? [{ ...right, x: p.pRight + 5 }, { ...left, x: p.pLeft - 5 }] : [right, left];
  return [...ends, above, below, ...corners];
}

// Names keep off all that is drawn; those that find no room so may lie on intervals, which show beside them, but on nothing else.
function placeNames(points, boxes, fixed, within) {
  const boxOf = (l) => ({ x1: l.x - widthOf(l.text, 12, l.weight) / 2 - 3, x2: l.x + widthOf(l.text, 12, l.weight) / 2 + 3, y1: l.y - 8, y2: l.y + 8 });
  const names = pointNames(points);
  const first = placeLabels(names, { boxes: [...boxes, ...fixed.map(boxOf)], lines: [], within });
  const left = names.filter((n) => !first.some((l) => l.px === n.px && l.py === n.py));
  const spots = obstacles(points.map(({ px, py }) => ({ px, py })), []).boxes;
  return [...first, ...placeLabels(left, { boxes: [...spots, ...[...fixed, ...first].map(boxOf)], lines: [], within })];
}

// Where the line from a point meets its name: at the nearest edge of it.
function leaderTo({ text, weight, x, y, px, py }) {
  const half = widthOf(text, 12, weight) / 2;
  return { x1: px, y1: py, x2: Math.max(x - half, Math.min(x + half, px)), y2: Math.max(y - 7, Math.min(y + 7, py)) };
}

// Intervals both ways: where two crosses meet, neither factor is known to matter more or to do better.
function whiskers(Plot, points) {
  const ink = { stroke: (p) => inks[p.tone], strokeOpacity: 0.45, strokeWidth: 1.5 };
  const having = (low, high) => points.filter((p) => Number.isFinite(p[low]) && Number.isFinite(p[high]));
  return [
    Plot.ruleX(having("low", "high"), { x: "x", y1: "low", y2: "high", ...ink }),
    Plot.ruleY(having("xLow", "xHigh"), { y: "y", x1: "xLow", x2: "xHigh", ...ink }),
  ];
}

/** Draws importance × performance. */
export function drawQuadrant(Plot, chart, width) {
  const points = chart.points.filter((p) => Number.isFinite(p.x) && Number.isFinite(p.y));
  const narrow = width < 480;
  const of = (axis) => chart.refs.filter((r) => r.axis === axis);
  const x = endsOf(points.flatMap((p) => [p.x, p.xLow, p.xHigh]).concat(of("x").map((r) => r.value)), chart.x.ends);
  const y = endsOf(points.flatMap((p) => [p.y, p.low, p.high]).concat(of("y").map((r) => r.value)), chart.y.ends, narrow ? 0.25 : 0.08);
  const height = narrow ? 420 : Math.round(Math.min(460, width * 0.62)); // where names find no room beside points, there is some above and below
  const frame = frameOf({ width, height, top: 46, right: 14, bottom: 42, left: 40, x, y });
  for (const p of points) Object.assign(p, { px: frame.toX(p.x), py: frame.toY(p.y), pLow: frame.toY(p.low), pHigh: frame.toY(p.high), pLeft: frame.toX(p.xLow), pRight: frame.toX(p.xHigh) });
  const [ticksX, ticksY] = [ticksOf(x, narrow ? 4 : 7), ticksOf(y)];
  const all = { x1: -9, x2: width + 9, y1: 0, y2: height };
  const { boxes } = obstacles(points, []);
  const fixed = placeLabels([...axisNames(chart, frame, ticksX, ticksY), ...cornerNames(chart.corners, frame), ...meanNames(chart.refs, frame)], { boxes, lines: [], within: all });
  const labels = placeNames(points, boxes, fixed, { x1: narrow ? 0 : 26, x2: width, y1: frame.top - 6, y2: height - frame.bottom });
  const leaders = labels.filter((l) => l.leader).map(leaderTo);
  const [floor, roof] = [frame.fromY(height - frame.bottom), frame.fromY(frame.top - 22)];
  return {
    frame, points,
    marks: [
      Plot.ruleY(ticksY, { x1: frame.fromX(0), x2: frame.fromX(width), stroke: "var(--grid)" }),
      Plot.ruleX(ticksX, { y1: floor, y2: roof, stroke: "var(--grid)" }),
      Plot.ruleY(of("y"), { y: "value", x1: frame.fromX(0), x2: frame.fromX(width), stroke: "var(--ink-2)", strokeDasharray: "3 3" }),
      Plot.ruleX(of("x"), { x: "value", y1: floor, y2: roof, stroke: "var(--ink-2)", strokeDasharray: "3 3" }),
      ...whiskers(Plot, points),
      Plot.link(leaders, { x1: (l) => frame.fromX(l.x1), y1: (l) => frame.fromY(l.y1), x2: (l) => frame.fromX(l.x2), y2: (l) => frame.fromY(l.y2), stroke: "var(--ink-3)" }),
      pointMarks(Plot, points, 5),
      ...wordMarks(Plot, [...fixed, ...labels], frame),
    ],
  };
}
