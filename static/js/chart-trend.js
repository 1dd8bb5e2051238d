// Lines over time. A line stops where the method changes, where nothing is known, and where another source begins.
import { around, placeLabels, widthOf } from "./chart-labels.js";
import { endsOf, frameOf, inkOfWords, inks, numeral, obstacles, pointMarks, thinned, ticksOf, wordMarks } from "./chart-frame.js";

/** The points of one series and one method, in their order: what one line joins. */
function stretches(points) {
  const groups = new Map();
  for (const p of points) {
    const key = `${p.segment} ${p.series}`;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(p);
  }
  return [...groups.values()];
}

// The bands of one method each, with the lines between them half way.
function bandsOf(points, [from, to]) {
  const bands = [];
  for (const p of points) {
    const b = (bands[p.segment] ??= { low: Infinity, high: -Infinity, name: p.method, short: p.shortMethod });
    b.low = Math.min(b.low, p.x);
    b.high = Math.max(b.high, p.x);
  }
  const there = bands.filter(Boolean).sort((a, b) => a.low - b.low);
  there.forEach((b, i) => {
    b.from = i === 0 ? from : (there[i - 1].high + b.low) / 2;
    b.to = i === there.length - 1 ? to : (b.high + there[i + 1].low) / 2;
  });
  return there;
}

// The name of a band stands at its inner end, so that it reads together with the line that it is about.
function bandNames(bands, frame) {
  return bands.map((band, i) => {
    const [x1, x2] = [i === 0 ? 0 : frame.toX(band.from), i === bands.length - 1 ? frame.width : frame.toX(band.to)];
    const text = [band.name, band.short].find((t) => widthOf(t) + 8 <= x2 - x1);
    const [x, anchor] = i === 0 ? [x2 - 6, "end"] : i === bands.length - 1 ? [x1 + 6, "start"] : [(x1 + x2) / 2, "middle"];
    return text && { text, must: true, places: [{ x, y: 9, anchor }] };
  }).filter(Boolean);
}

// Marks of events stand in rows below the names of the bands, each where it does not meet the one before.
function eventNames(events, frame, top) {
  const rows = [];
  return events.map(({ x, mark }) => {
    const px = frame.toX(x);
    const wide = widthOf(mark) + 10;
    const anchor = px + wide > frame.width ? "end" : "start";
    const [x1, x2] = anchor === "end" ? [px - wide, px] : [px, px + wide];
    let row = rows.findIndex((taken) => taken.every((t) => x2 < t.x1 || t.x2 < x1));
    if (row < 0) row = rows.push([]) - 1;
    rows[row].push({ x1, x2 });
    return { text: mark, must: true, places: [{ x: anchor === "end" ? px - 4 : px + 4, y: top + 9 + row * 15, anchor }] };
  });
}

// Values: of few points all, of many the last, the first and the ends of the range.
function valueNames(groups, narrow) {
  const list = [];
  for (const group of groups) {
    const known = group.filter((p) => Number.isFinite(p.y));
    const ys = known.map((p) => p.y);
    const close = known.length > 1 && Math.abs(known.at(-1).px - known[0].px) / (known.length - 1) < 34;
    for (const p of known) {
      const end = p === known.at(-1) ? 1 : p === known[0] ? 2 : p.y === Math.max(...ys) || p.y === Math.min(...ys) ? 3 : 4;
      const quiet = p.tone === "ref" && end > 2;
      if (p.key || (!quiet && !((close || narrow) && end === 4))) list.push({ p, rank: (p.key ? 0 : p.tone === "ref" ? 10 : 5) + end });
    }
  }
  return list.sort((a, b) => a.rank - b.rank).map(({ p }) => ({
    text: p.text, size: p.key ? 16 : 12, weight: p.key ? 600 : 400, must: p.key, fill: inkOfWords(p.tone),
    places: around(p, p.key ? 12 : 8),
  }));
}

// The name of a series stands by its longest stretch, at any point where there is room.
function seriesNames(groups, one) {
  if (one) return [];
  const longest = new Map();
  for (const g of groups) if (g.length > (longest.get(g[0].series)?.length ?? 0)) longest.set(g[0].series, g);
  return [...longest.values()].map((g) => {
    const known = g.filter((p) => Number.isFinite(p.y));
    const middle = known[Math.floor((known.length - 1) / 2)];
    const places = [middle, ...known.toReversed()].flatMap((p) => [10, 24, 38].flatMap((gap) => around(p, gap)));
    return { text: g[0].series, weight: 600, must: true, fill: inkOfWords(g[0].tone), places };
  });
}

// Lines from top to bottom: where the method changed and where something happened.
function uprights({ frame, bands, happened }, events) {
  const at = (x, y1) => ({ x1: frame.toX(x), y1, x2: frame.toX(x), y2: frame.height - frame.bottom });
  return [...bands.slice(1).map((b) => at(b.from, 0)), ...events.map((e, i) => at(e.x, happened[i].places[0].y - 6))];
}

function piecesOf(groups) {
  return groups.flatMap((g) => g.slice(1).map((p, i) => ({ x1: g[i].px, y1: g[i].py, x2: p.px, y2: p.py })).filter((l) => Number.isFinite(l.y1 + l.y2)));
}

// Intervals: a bar at each point, or a band where points stand close.
function intervalMarks(Plot, groups) {
  const having = (g) => g.filter((p) => Number.isFinite(p.low) && Number.isFinite(p.high));
  return groups.map(having).filter((g) => g.length > 0).map((g) => {
    const close = g.length > 1 && (g.at(-1).px - g[0].px) / (g.length - 1) < 14;
    const ink = inks[g[0].tone];
    return close ? Plot.areaY(g, { x: "x", y1: "low", y2: "high", fill: ink, fillOpacity: 0.15 })
      : Plot.ruleX(g, { x: "x", y1: "low", y2: "high", stroke: ink, strokeWidth: 1.5 });
  });
}

function refMarks(Plot, refs, frame) {
  const lines = Plot.ruleY(refs, { y: "value", stroke: "var(--ink)", strokeWidth: 1, strokeDasharray: "2 2" });
  const names = refs.map((r) => ({
    text: `${r.name} ${r.text}`, must: true, fill: "var(--ink)",
    places: [-9, 9].map((dy) => ({ x: frame.width, y: frame.toY(r.value) + dy, anchor: "end" })),
  }));
  return [lines, names];
}

// The room that a trend takes: in rows from the top the names of its bands, what happened, the lines, the times.
function layTrend({ points, refs, events, x: ofX, y: ofY }, width) {
  const narrow = width < 480;
  const banded = new Set(points.map((p) => p.segment)).size > 1;
  const x = endsOf(points.map((p) => p.x).concat(events.map((e) => e.x)), ofX.ends, 0);
  const y = endsOf(points.flatMap((p) => [p.y, p.low, p.high]).concat(refs.map((r) => r.value)), ofY.ends);
  const names = banded ? 18 : 0;
  const sides = { width, right: 30, left: 46, x, y };
  const happened = eventNames(events, frameOf({ ...sides, height: 100, top: 0, bottom: 0 }), names);
  const room = happened.reduce((most, e) => Math.max(most, e.places[0].y + 9), names);
  const frame = frameOf({ ...sides, height: (narrow ? 260 : 320) + room, top: room + 22, bottom: 30 });
  return { frame, narrow, happened, bands: banded ? bandsOf(points, x) : [], ticks: ticksOf(y), ceiling: names + 2 };
}

// Where points lie in pixels, and which of them is to be read first: without another choice the newest of the unit.
function placePoints(points, frame) {
  for (const p of points) Object.assign(p, { px: frame.toX(p.x), py: frame.toY(p.y), pLow: frame.toY(p.low), pHigh: frame.toY(p.high) });
  const newest = points.filter((p) => p.tone === "" && Number.isFinite(p.y)).at(-1);
  if (newest && !points.some((p) => p.key)) newest.key = true;
}

// Words that stand where the axes are: numbers beside the lines, times below them.
function trendAxes({ points, y }, { frame, ticks }) {
  const level = ticks.map((v, i) => ({ text: numeral(v) + (i === ticks.length - 1 ? y.unit : ""), fill: "var(--ink-3)", must: true, places: [{ x: 0, y: frame.toY(v) - 8, anchor: "start" }] }));
  const times = [...new Map(points.filter((p) => p.tick).map((p) => [p.x, { text: p.tick, px: p.px }])).values()].sort((a, b) => a.px - b.px);
  const below = thinned(times, frame.width).map(({ text, px }) => ({ text, fill: "var(--ink-3)", must: true, places: [{ x: px, y: frame.height - 12 }] }));
  return [...level, ...below];
}

// All words of a trend, each in its place: what belongs to the frame first, then what matters most to read.
function trendWords(chart, laid, groups, refNames, dense) {
  const { frame, bands, happened, narrow } = laid;
  const everywhere = { x1: -9, x2: frame.width + 9, y1: 0, y2: frame.height };
  const fixed = placeLabels([...trendAxes(chart, laid), ...bandNames(bands, frame), ...happened], { boxes: [], lines: [], within: everywhere });
  const taken = obstacles(chart.points.filter((p) => Number.isFinite(p.y)), [...piecesOf(groups), ...uprights(laid, chart.events)], dense ? 2.5 : 4.5);
  for (const l of fixed) taken.boxes.push({ x1: l.x - widthOf(l.text) / 2, x2: l.x + widthOf(l.text) / 2, y1: l.y - 7, y2: l.y + 7 });
  const values = valueNames(groups, narrow);
  const one = new Set(chart.points.map((p) => p.series)).size < 2;
  const inOrder = [...refNames, ...values.filter((v) => v.must), ...seriesNames(groups, one), ...values.filter((v) => !v.must)];
  return [...fixed, ...placeLabels(inOrder, { ...taken, within: frame.within })];
}

/** Draws a trend: its marks, its frame and its points in the order the keyboard goes. */
export function drawTrend(Plot, chart, width) {
  const { points, refs, events } = chart;
  const laid = layTrend(chart, width);
  const { frame, bands, ticks, happened, ceiling } = laid;
  placePoints(points, frame);
  const groups = stretches(points);
  const dense = groups.some((g) => g.length > 1 && (g.at(-1).px - g[0].px) / (g.length - 1) < 10);
  const [refLines, refNames] = refMarks(Plot, refs, frame);
  const [floor, roof] = [frame.fromY(frame.height - frame.bottom), frame.fromY(0)];
  return {
    frame, points,
    marks: [
      Plot.rectX(bands.filter((_, i) => i % 2 === 1 && i < bands.length - 1), { x1: "from", x2: "to", y1: floor, y2: frame.fromY(ceiling), fill: "var(--sunk)" }),
      Plot.ruleY(ticks, { x1: frame.fromX(0), x2: frame.fromX(width), stroke: "var(--grid)" }),
      Plot.ruleX(bands.slice(1), { x: "from", y1: floor, y2: roof, stroke: "var(--ink-2)", strokeDasharray: "3 3" }),
      Plot.ruleX(events, { x: "x", y1: floor, y2: (d) => frame.fromY(happened[events.indexOf(d)].places[0].y - 6), stroke: "var(--ink-3)", strokeDasharray: "1 3" }),
      refLines,
      ...intervalMarks(Plot, groups),
      ...groups.map((g) => Plot.line(g, { x: "x", y: "y", stroke: inks[g[0].tone], strokeWidth: 2.25, strokeLinecap: "round" })),
      pointMarks(Plot, points, dense ? 2 : 4.5),
      ...wordMarks(Plot, trendWords(chart, laid, groups, refNames, dense), frame),
    ],
  };
}
