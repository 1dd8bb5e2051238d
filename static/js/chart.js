// Charts of staff pages. Each is drawn from the table in its own figure, which is there without this script too and
// stays when anything goes wrong. A change in the table draws the chart again: whoever brings new numbers changes
// cells and nothing else.
import { tipMark } from "./chart-frame.js";
import { listen } from "./chart-keys.js";
import { drawQuadrant } from "./chart-quadrant.js";
import { drawSlope } from "./chart-slope.js";
import { drawTrend } from "./chart-trend.js";
import { saveChart } from "./chart-save.js";
import { readChart } from "./chart-table.js";

const kinds = { trend: drawTrend, quadrant: drawQuadrant, slope: drawSlope };
const paper = 680; // the width of a chart on A4, in pixels

function paint(Plot, chart, width, keys) {
  const { marks, frame, points } = kinds[chart.kind](Plot, chart, width);
  const { height, top, right, bottom, left, scales } = frame;
  const svg = Plot.plot({
    width, height, marginTop: top, marginRight: right, marginBottom: bottom, marginLeft: left, ...scales, marks: [...marks, tipMark(Plot, points)],
    style: { fontFamily: "var(--font-staff)", fontSize: "12px", overflow: "visible" },
    ariaLabel: chart.title, ariaDescription: `${chart.sub} ${keys}`,
  });
  svg.setAttribute("role", "group");
  for (const part of svg.children) if (!part.matches(".c-points")) part.setAttribute("aria-hidden", "true");
  return svg;
}

/** Draws a figure and keeps it drawn. */
function keep(Plot, figure) {
  const box = figure.querySelector(".chart-box");
  const table = figure.querySelector("table");
  let chart, svg, width = 0, places = [];
  const draw = (wide) => {
    if (!(wide > 0)) return; // in something that is closed
    const had = places.indexOf(document.activeElement);
    chart = readChart(figure);
    svg = paint(Plot, chart, wide, box.dataset.keys);
    box.replaceChildren(svg);
    const points = chart.points.filter((p) => Number.isFinite(p.x) && Number.isFinite(p.y));
    const drawn = points.toSorted((a, b) => a.pooled - b.pooled); // discs, then diamonds
    const shapes = [...svg.querySelectorAll(".c-points :is(circle, path)")];
    places = points.map((p) => shapes[drawn.indexOf(p)]);
    const focus = listen(svg, places, points);
    if (had >= 0) focus(Math.min(had, places.length - 1));
    width = wide;
  };
  const fit = () => draw(Math.floor(box.clientWidth));
  fit();
  new ResizeObserver(() => Math.floor(box.clientWidth) !== width && fit()).observe(box);
  new MutationObserver(fit).observe(table, { subtree: true, childList: true, characterData: true, attributes: true });
  addEventListener("beforeprint", () => draw(paper));
  addEventListener("afterprint", fit);
  figure.dataset.drawn = "";
  figure.querySelector("details.tbl").open = false;
  for (const button of figure.querySelectorAll("[data-save]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await saveChart(svg, chart, button.dataset.save, figure.id);
      figure.querySelector("[data-said]").textContent = box.dataset.saved;
    });
  }
}

const figures = [...document.querySelectorAll("figure[data-chart]")].filter((f) => f.dataset.chart in kinds && f.querySelector("tbody tr"));
if (figures.length > 0) {
  // Words are measured in the font that they will be shown in.
  const [Plot] = await Promise.all([import("static:vendor/plot/plot-0.6.17.js"), document.fonts.ready]);
  for (const figure of figures) keep(Plot, figure);
}
