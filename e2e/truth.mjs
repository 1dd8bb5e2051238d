// What figures on pages have to be: what `sipas index --format json` prints, and what counting the rows of an export by hand
// gives. Nothing here knows how the program or a page does it.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A number as a language writes it, and how far what it was rounded from may lie; null where there is none.
 * @returns {{value: number, within: number} | null}
 */
export function numberIn(text, lang) {
  const [, sign, digits] = text.replace(/[\s\u00a0]*%$/, "").match(/^([-+−]?)([\d.,]+)$/) ?? [];
  if (digits === undefined) return null;
  const plain = lang === "vi" ? digits.replaceAll(".", "").replace(",", ".") : digits.replaceAll(",", "");
  return { value: Number(plain) * (/[-−]/.test(sign) ? -1 : 1), within: 0.5 * 10 ** -(plain.split(".")[1]?.length ?? 0) + 1e-9 };
}

/** The first number in a sentence. */
export const firstNumber = (text, lang) => numberIn(text.match(/[-+−]?\d[\d.,]*(?<=\d)/)?.[0] ?? "", lang);

/** Compares figures of a page with what they have to be; what differs is in faults, how many were compared in seen. */
export class Comparison {
  constructor(lang) {
    Object.assign(this, { lang, seen: 0, faults: [] });
  }

  /** Compares a number as a page writes it; says whether there was one. */
  check(what, text, want) {
    const got = numberIn(text ?? "", this.lang);
    if (got === null) return false;
    this.seen++;
    if (!(Math.abs(got.value - want) <= got.within)) this.faults.push(`${what}: ${text} on the page, ${want} counted`);
    return true;
  }

  /** A number that must be there. */
  must(what, text, want) {
    if (!this.check(what, text, want)) this.faults.push(`${what}: “${text}” on the page, ${want} counted`);
  }
}

/** The figures of a server's data. */
export class Truth {
  #printed = new Map();
  #rows = new Map();
  #instruments = new Map();

  /** @param {import("./server.mjs").Server} server */
  constructor(server) {
    this.server = server;
  }

  /** What the command prints of a view, by unit: the unit and those directly below it. */
  reports({ wave, from, to, channel }, unit) {
    const args = ["index", "--wave", wave, "--unit", unit, "--by", "unit", "--format", "json"];
    for (const [flag, value] of Object.entries({ from, to, channel })) if (value) args.push(`--${flag}`, value);
    const key = args.join(" ");
    if (!this.#printed.has(key)) this.#printed.set(key, new Map(JSON.parse(this.server.run(...args)).map((r) => [r.unit, r])));
    return this.#printed.get(key);
  }

  /** The figure that a link to an explanation names. */
  figure({ wave, unit, figure, from, to, channel }) {
    return figureOf(this.reports({ wave, from, to, channel }, unit).get(unit), figure);
  }

  /** Every response of a wave, of whatever state, as an export writes it. */
  rows(wave) {
    if (!this.#rows.has(wave)) {
      const file = join(this.server.data, `${wave}.ndjson`);
      this.server.run("export", "responses", "--wave", wave, "--format", "ndjson", "--out", file);
      this.#rows.set(wave, readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line)));
    }
    return this.#rows.get(wave);
  }

  /** Those that count, of a unit and all below it. */
  counted(wave, unit = "qn") {
    return this.rows(wave).filter((r) => r.state === "counted" && within(r, unit));
  }

  /** An instrument as the API describes it. */
  async instrument(id) {
    if (!this.#instruments.has(id)) this.#instruments.set(id, await (await fetch(`${this.server.url}/api/v1/instruments/${id}`)).json());
    return this.#instruments.get(id);
  }

  /** Forgets what may have changed since. */
  forget() {
    this.#printed.clear();
    this.#rows.clear();
  }
}

export const within = (row, unit) => row.unit === unit || row.unit.startsWith(`${unit}.`);

/** The figure of a report that a link names: "overall", "factor:service.access", "item:S24". */
export function figureOf(report, part) {
  const [kind, code] = part.split(/:(.*)/);
  if (kind === "overall") return report.overall;
  const list = { domain: report.domains, factor: report.factors, item: report.items }[kind];
  const found = list?.find((f) => f.code === code);
  if (!found) throw new Error(`the command prints no ${part}`);
  return found;
}

/** The items that a figure is made of. */
export function itemsOf({ domains }, part) {
  const [kind, code] = part.split(/:(.*)/);
  if (kind === "item") return [code];
  const factors = domains.flatMap((d) => d.factors.map((f) => ({ ...f, domain: d.code, path: `${d.code}.${f.code}` })));
  return factors.filter((f) => kind === "overall" || (kind === "domain" ? f.domain : f.path) === code).flatMap((f) => f.items);
}

/** How many chose each level of an item, and how many passed it over. */
export function countsOf(rows, item) {
  const given = rows.map((r) => r.answers[item]);
  const counts = [1, 2, 3, 4, 5].map((level) => given.filter((v) => v === level).length);
  const answered = counts.reduce((a, b) => a + b, 0);
  return { counts, answered, skipped: given.filter((v) => v === null).length, satisfied: counts[3] + counts[4] };
}

/**
 * A figure from rows: the mean over its items of the share of answers that are satisfied, which is how every questionnaire of
 * the demo is to be computed. n is of the most answered item. Null percent: nobody answered.
 */
export function figureFrom(rows, instrument, part) {
  const { item, factor, domain, overall, satisfied } = instrument.index;
  if (`${item} ${factor} ${domain} ${overall} ${satisfied}` !== "satisfied-share mean-of-items mean-of-items mean-of-items 4,5") throw new Error(`${instrument.id} is computed otherwise`);
  const items = itemsOf(instrument, part).map((code) => countsOf(rows, code)).filter((c) => c.answered > 0);
  const percent = items.length === 0 ? null : items.reduce((sum, c) => sum + (100 * c.satisfied) / c.answered, 0) / items.length;
  return { percent, n: Math.max(0, ...items.map((c) => c.answered)) };
}

/** How many gave each answer to a question that has several at most, and how many answered it. */
export function answersTo(rows, { code, options }, respondent) {
  const given = rows.map((r) => (respondent ? r.respondent[code] : r.answers[code])).filter((v) => v !== null && v !== undefined && v !== "" && !(Array.isArray(v) && v.length === 0));
  return { n: given.length, counts: options.map(({ value }) => given.filter((v) => (Array.isArray(v) ? v.includes(value) : String(v) === value)).length) };
}
