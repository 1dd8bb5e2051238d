// A chart as a file that stands for itself: title, source and n in it, fonts and colours inside.
import { widthOf } from "./chart-labels.js";

const kept = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "stroke-linecap", "stroke-linejoin",
  "font-family", "font-size", "font-weight", "text-anchor", "paint-order"];
const margin = 24;

// Styles of the page do not travel with the file: what they come to is written at each element.
function inlined(svg) {
  const copy = svg.cloneNode(true);
  const [from, to] = [svg.querySelectorAll("*"), copy.querySelectorAll("*")];
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const name of kept) to[i].setAttribute(name, style.getPropertyValue(name));
    for (const name of ["tabindex", "role", "class", "style"]) to[i].removeAttribute(name);
  });
  for (const part of copy.querySelectorAll("style, [aria-label=tip]")) part.remove();
  return copy;
}

// Words in lines no wider than the picture.
function wrapped(text, size, weight, room) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (lines.at(-1) && widthOf(longer, size, weight) > room) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

function paragraph(text, { y, size, weight, fill, room }) {
  const lines = wrapped(text, size, weight, room);
  const step = Math.round(size * 1.4);
  return {
    bottom: y + lines.length * step,
    texts: lines.map((line, i) => ({ line, y: y + (i + 1) * step - 4, size, weight, fill })),
  };
}

const dataURL = (blob) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result);
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(blob);
});

// The faces of the page's font that the words of the chart need, as the style sheet declares them.
async function fontFaces(family) {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).filter((r) => r instanceof CSSFontFaceRule);
  const faces = rules.filter((r) => family.includes(r.style.getPropertyValue("font-family").replaceAll('"', "")));
  const texts = await Promise.all(faces.map(async (rule) => {
    const url = rule.style.getPropertyValue("src").match(/url\("?([^")]+)"?\)/)[1];
    const data = await dataURL(await (await fetch(url)).blob());
    return rule.cssText.replace(/src:[^;]+;/, `src: url(${data}) format("woff2");`);
  }));
  return texts.join("\n");
}

function svgElement(name, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  return element;
}

/** The chart with its title above and its source below, as the text of an SVG file. */
async function standalone(svg, chart) {
  const { width, height } = svg.viewBox.baseVal;
  const style = getComputedStyle(svg);
  const ink = (name) => style.getPropertyValue(name).trim();
  const head = paragraph(chart.title, { y: margin, size: 16, weight: 600, fill: ink("--ink"), room: width });
  const sub = paragraph(chart.sub, { y: head.bottom + 2, size: 13, weight: 400, fill: ink("--ink-2"), room: width });
  const top = sub.bottom + 12;
  let foot = { bottom: top + height + 12, texts: [] };
  const below = [...chart.events.map((e) => e.text), ...chart.notes, chart.foot.join(" · ")].filter(Boolean).map((text) => {
    foot = paragraph(text, { y: foot.bottom, size: 12, weight: 400, fill: ink("--ink-3"), room: width });
    return foot;
  });
  const [wide, high] = [width + 2 * margin, Math.ceil(foot.bottom + margin - 8)];
  const out = svgElement("svg", { xmlns: "http://www.w3.org/2000/svg", width: wide, height: high, viewBox: `0 0 ${wide} ${high}`, "font-family": style.fontFamily });
  out.append(svgElement("title", {}, chart.title), svgElement("desc", {}, [chart.sub, ...chart.foot].join(" ")));
  out.append(svgElement("style", {}, await fontFaces(style.fontFamily)));
  out.append(svgElement("rect", { width: wide, height: high, fill: ink("--sheet") }));
  for (const { line, y, size, weight, fill } of [head, sub, ...below].flatMap((p) => p.texts)) {
    out.append(svgElement("text", { x: margin, y, "font-size": size, "font-weight": weight, fill }, line));
  }
  const drawing = inlined(svg);
  const place = svgElement("g", { transform: `translate(${margin},${top})`, "text-anchor": "middle", fill: ink("--ink") });
  place.append(...drawing.childNodes);
  out.append(place);
  return { text: new XMLSerializer().serializeToString(out), wide, high };
}

async function painted({ text, wide, high }, scale) {
  const image = new Image();
  image.src = await dataURL(new Blob([text], { type: "image/svg+xml" }));
  await image.decode();
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: wide * scale, height: high * scale });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** Saves a chart as "svg", or as "png" with two dots for each pixel. */
export async function saveChart(svg, chart, kind, name) {
  const drawing = await standalone(svg, chart);
  const blob = kind === "png" ? await painted(drawing, 2) : new Blob([drawing.text], { type: "image/svg+xml" });
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `${name}.${kind}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
