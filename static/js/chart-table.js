// A chart knows what its table says and nothing else: this reads the table of a figure.

const exact = (cell) => Number(cell?.querySelector("data")?.value || NaN);
const said = (cell) => cell?.textContent.trim().replace(/\s+/g, " ") ?? "";
const ends = (from, to) => (from === undefined ? null : [Number(from), Number(to)]);

/** A figure as data: its points in the order of the rows, and the words it may use. */
export function readChart(figure) {
  const table = figure.querySelector("table");
  const heads = {};
  const columns = {};
  for (const th of table.tHead.rows[0].cells) {
    columns[th.dataset.is] = th.cellIndex;
    heads[th.dataset.is] = said(th);
  }
  const { xFrom, xTo, xName, xUnit = "", yFrom, yTo, yName, yUnit = "" } = figure.dataset;
  const chart = {
    kind: figure.dataset.chart,
    title: said(figure.querySelector("h2")),
    sub: said(figure.querySelector(".sub")),
    foot: [...figure.querySelectorAll("[data-n], [data-asof]")].map(said),
    notes: [...figure.querySelectorAll(":scope > .cap")].map(said),
    heads,
    x: { name: xName ?? heads.x, unit: xUnit, ends: ends(xFrom, xTo) },
    y: { name: yName ?? heads.value, unit: yUnit, ends: ends(yFrom, yTo) },
    corners: [...figure.querySelectorAll("[data-corners] > li")].map(said),
  };
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
  chart.events = rows.filter((row) => row.dataset.event !== undefined).map((row) => ({ x: Number(row.dataset.x), mark: row.dataset.event, text: said(row) }));
  chart.points = rows.filter((row) => row.dataset.event === undefined).map((row) => readPoint(row, columns, chart));
  chart.refs = [...(table.tFoot?.rows ?? [])].map((row) => {
    const cell = row.cells[columns[row.dataset.ref === "x" ? "x" : "value"]];
    return { axis: row.dataset.ref, name: said(row.cells[0]), value: exact(cell), text: said(cell) };
  });
  return chart;
}

function readPoint(row, columns, chart) {
  const cell = (is) => row.cells[columns[is]];
  const { x, tick, short, segment = "0", method, tone = "" } = row.dataset;
  const point = {
    label: said(cell("label")), series: said(cell("series")), method: said(cell("method")), text: said(cell("value")), n: said(cell("n")),
    tick, tone, short: short ?? said(cell("label")), shortMethod: method ?? said(cell("method")), segment: Number(segment),
    hollow: row.dataset.hollow !== undefined, key: row.dataset.key !== undefined,
    pooled: row.dataset.pooled !== undefined, gap: row.dataset.gap !== undefined,
    x: columns.x === undefined ? Number(x) : exact(cell("x")), xText: said(cell("x")),
    xLow: exact(cell("xlow")), xHigh: exact(cell("xhigh")), xLowText: said(cell("xlow")), xHighText: said(cell("xhigh")),
    y: exact(cell("value")), low: exact(cell("low")), high: exact(cell("high")), lowText: said(cell("low")), highText: said(cell("high")),
  };
  point.words = inWords(point, chart);
  return point;
}

// What a tip shows and what is read out: the cells of the row, one line for each figure.
function inWords({ label, series, method, text, n, xText, xLowText, xHighText, lowText, highText }, { heads, x, y }) {
  const between = (low, high) => (low && high ? ` (${low}–${high})` : "");
  const value = `${text}${y.unit}${between(lowText, highText)}`;
  return [
    [label, series].filter(Boolean).join(", "),
    method,
    xText && `${heads.x}: ${xText}${x.unit}${between(xLowText, xHighText)}`,
    heads.x ? `${heads.value}: ${value}` : value,
    n && `${heads.n} = ${n}`,
  ].filter(Boolean).join("\n");
}
