// Figures that `sipas index` does not print, or prints for one unit at a time: each equals what counting the rows of an export
// by hand gives, in the page's own way of writing numbers. Groups of people, questions outside the index, quality, reports.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { sharedBrowser } from "./browser.mjs";
import { sharedServer } from "./server.mjs";
import { quiet, sharedSheets } from "./staff.mjs";
import { Comparison, Truth, answersTo, countsOf, figureFrom, numberIn, within } from "./truth.mjs";

const server = sharedServer();
const sheetIn = sharedSheets(server, sharedBrowser());
let truth;
const sum = (xs) => xs.reduce((a, b) => a + b, 0);

/** A test in both languages, of a page that is open, with at least so many figures compared. */
function compares(title, at, least, body) {
  for (const lang of ["vi", "en"]) {
    test(`${title}, ${lang}`, { timeout: 120_000 }, async (t) => {
      truth ??= new Truth(server());
      const page = await sheetIn(lang);
      assert.equal((await page.goto(server().url + at)).status(), 200);
      const compared = new Comparison(lang);
      await body(page, compared, lang);
      t.diagnostic(`${compared.seen} figures`);
      assert.deepEqual(compared.faults, []);
      assert.ok(compared.seen >= least, `only ${compared.seen} figures were found`);
      quiet(page);
    });
  }
}

// The fields of services, from the file that the demo is made of: code, name, field.
const services = readFileSync(new URL("../internal/demo/data/services.csv", import.meta.url), "utf8");
const fields = new Map([...services.matchAll(/^([^,]+),(?:"[^"]*"|[^,"]*),([^,]*),/gm)].map(([, code, field]) => [code, field]));

// What a response is grouped by: "" is everybody who did not say.
const groupOf = (by) => (r) => (by === "field" ? fields.get(r.service) : ["channel", "service"].includes(by) ? r[by] : r.respondent[by]) ?? "";

const breakdowns = [
  ...["gender", "age", "education", "occupation", "residence", "channel"].map((by) => ({ by, wave: "moha-2023", instrument: "moha-2023@1", unit: "qn", least: by === "channel" ? 14 : 20 })),
  { by: "education", wave: "moha-2023", instrument: "moha-2023@1", unit: "qn.p-uong-bi", least: 10 },
  ...["gender", "field", "service", "channel"].map((by) => ({ by, wave: "onestop", instrument: "onestop@1", unit: "qn", least: 12 })),
  { by: "field", wave: "onestop", instrument: "onestop@1", unit: "qn.p-uong-bi", least: 6 },
  { by: "age", wave: "onestop", instrument: "onestop@1", unit: "qn.p-uong-bi", least: 10 },
];

for (const { by, wave, instrument, unit, least } of breakdowns) {
  compares(`breakdown of ${wave} by ${by}, ${unit}`, `/app/breakdown?wave=${wave}&unit=${unit}&by=${by}&period=all`, least, async (page, compared, lang) => {
    const form = await truth.instrument(instrument);
    const everybody = truth.counted(wave, unit);
    const rows = await page.locator("table.t-groups tr[data-group], table.t-groups tfoot tr").evaluateAll((trs) => trs.map((tr) => ({
      group: tr.dataset.group, n: tr.lastElementChild.textContent.trim(),
      apart: tr.querySelector("td:not(.hide-m) > span.nw")?.textContent.trim(),
      figures: [...tr.querySelectorAll("a.xp")].map((a) => ({ text: a.textContent.trim(), figure: new URL(a.href).searchParams.get("figure"), group: new URL(a.href).searchParams.get("group") ?? undefined })),
    })));
    const all = figureFrom(everybody, form, "overall").percent;
    const groups = new Map(everybody.map((r) => [groupOf(by)(r), []]));
    for (const r of everybody) groups.get(groupOf(by)(r)).push(r);
    for (const { group, n, apart, figures } of rows) {
      const people = group === undefined ? everybody : groups.get(group) ?? [];
      if (figures.length === 0 || !numberIn(figures[0].text, lang)) continue; // too few
      assert.ok(people.length >= 10, `${by} ${group}: ${people.length} people are shown`);
      compared.must(`n of ${group}`, n, people.length);
      for (const f of figures) {
        assert.equal(f.group, group, "the explanation is of another group");
        compared.check(`${group} ${f.figure}`, f.text, figureFrom(people, form, f.figure).percent);
      }
      if (group !== undefined) compared.must(`${group} against all`, apart, figureFrom(people, form, "overall").percent - all);
    }
    // Who is not shown is less than ten, or would tell of those who are.
    const shown = rows.filter((r) => r.group !== undefined && numberIn(r.figures[0]?.text ?? "", lang)).map((r) => r.group);
    const few = [...groups].filter(([, people]) => people.length < 10).map(([g]) => g);
    assert.deepEqual(few.filter((g) => shown.includes(g)), [], "few people are shown");
  });
}

/** Questions outside the index as a page lists them: the code, n, and a share and a count for each answer. */
const asked = (page) => page.locator("main .q").evaluateAll((qs) => qs.map((q) => ({
  code: q.querySelector(".code").textContent.trim(), n: q.querySelector(".cap").textContent,
  rows: [...q.querySelectorAll("tr")].map((tr) => [...tr.cells].slice(-2).map((c) => c.textContent.trim())),
})));

for (const [wave, instrument, unit, least] of [["moha-2023", "moha-2023@1", "qn", 250], ["moha-2023", "moha-2023@1", "qn.p-uong-bi", 250], ["onestop", "onestop@1", "qn", 30]]) {
  const at = unit === "qn" ? `/app?wave=${wave}&period=all` : `/app/units/${unit}?wave=${wave}&period=all`;
  compares(`questions outside the index, ${wave}, ${unit}`, at, least, async (page, compared) => {
    const form = await truth.instrument(instrument);
    const rows = truth.counted(wave, unit);
    const questions = await asked(page);
    for (const { code, n, rows: lines } of questions) {
      const respondent = form.respondent.find((q) => q.code === code);
      const question = respondent ?? form.items.find((q) => q.code === code);
      const want = answersTo(rows, question, respondent !== undefined);
      if (lines.length < question.options.length) continue; // too few
      const said = n.match(/n[\s\u00a0]=[\s\u00a0]([\d.,]*\d)/)?.[1];
      compared.must(`n of ${code}`, said, want.n);
      lines.forEach(([share, count], i) => {
        compared.must(`answer ${i + 1} of ${code}`, count, want.counts[i]);
        compared.must(`share ${i + 1} of ${code}`, share, (100 * want.counts[i]) / want.n);
      });
    }
  });
}

// Answers in five steps: dissatisfied, neutral and satisfied of all answers to the items of a factor, or to one item.
compares("distributions of answers", "/app?wave=moha-2023", 150, async (page, compared) => {
  const form = await truth.instrument("moha-2023@1");
  const rows = truth.counted("moha-2023");
  const factors = form.domains.flatMap((d) => d.factors.map((f) => f.items));
  const shown = await page.locator("table.t-div").evaluateAll((tables) => tables.map((table) => [...table.tBodies].flatMap((b) => [...b.rows])
    .map((tr) => ({ code: tr.querySelector(".code")?.textContent, texts: [...tr.cells].slice(2).map((c) => c.textContent.trim()) }))));
  const [first, ...items] = shown;
  assert.equal(first.length, factors.length);
  const lines = [...first.map((line, i) => ({ ...line, items: factors[i] })), ...items.flat().map((line) => ({ ...line, items: [line.code] }))];
  assert.ok(lines.length >= 39, `${lines.length} rows`);
  for (const { items, texts } of lines) {
    const each = items.map((code) => countsOf(rows, code));
    const total = sum(each.map((c) => c.answered));
    const share = (...levels) => (100 * sum(each.map((c) => sum(levels.map((l) => c.counts[l - 1]))))) / total;
    const [bad, middle, good, n] = texts;
    compared.must(`${items} dissatisfied`, bad, share(1, 2));
    compared.must(`${items} neutral`, middle, share(3));
    compared.must(`${items} satisfied`, good, share(4, 5));
    compared.must(`n of ${items}`, n, Math.max(...each.map((c) => c.answered)));
  }
});

// What the panel calls the states of those that a rule points at.
const states = {
  "gắn cờ": "counted", "tạm loại": "quarantined", "loại hẳn": "rejected", "bỏ dở": "partial",
  flagged: "counted", quarantined: "quarantined", rejected: "rejected", partial: "partial",
};

for (const [unit, at] of [["qn", "/app?wave=pulse&period=all"], ["qn.p-uong-bi", "/app/units/qn.p-uong-bi?wave=pulse&period=all"]]) {
  compares(`quality of ${unit}`, at, 8, async (page, compared) => {
    const rows = truth.rows("pulse").filter((r) => within(r, unit));
    const panel = page.locator("#quality");
    const lines = await panel.locator("tbody data").evaluateAll((all) => all.map((d) => ({ state: d.dataset.state, text: d.textContent })));
    for (const { state, text } of lines) compared.must(state ?? "all", text, rows.filter((r) => !state || r.state === state).length);
    assert.ok(rows.some((r) => r.state === "quarantined"), "nothing is set aside");
    const form = await truth.instrument("pulse@1");
    const [without, both] = [["counted"], ["counted", "quarantined"]].map((list) => rows.filter((r) => list.includes(r.state)));
    const sentence = panel.locator("li:has([data-figure=with])");
    compared.must("with those set aside", (await sentence.locator("b").textContent()).match(/[\d.,]*\d(?=[\s\u00a0]*%)/)?.[0], figureFrom(both, form, "overall").percent);
    const rest = await sentence.locator(".mut").textContent();
    const [apart, alone] = rest.match(/[-+−]?\d[\d.,]*/g);
    compared.must("difference", apart, figureFrom(both, form, "overall").percent - figureFrom(without, form, "overall").percent);
    compared.must("without", alone, figureFrom(without, form, "overall").percent);
    compared.must("n with", rest.match(/n[\s\u00a0]=[\s\u00a0]([\d.,]*\d)/)?.[1], both.length);
    // Each reason with how many it set aside or only marked.
    const reasons = await panel.locator(".qlist li:has(a)").evaluateAll((all) => all.map((li) => ({ reason: new URL(li.querySelector("a").href).searchParams.get("reason"), text: li.querySelector(".mut").textContent })));
    assert.ok(reasons.length > 0, "no reason is given");
    for (const { reason, text } of reasons) {
      const having = rows.filter((r) => r.reasons.includes(reason));
      for (const [, count, word] of text.matchAll(/([\d.,]*\d)[\s\u00a0]([^\d,;]+)/g)) {
        compared.must(`${reason}, ${word}`, count, having.filter((r) => r.state === states[word.trim().toLowerCase()]).length);
      }
    }
  });
}

compares("the report's groups, perceptions and wishes", "/app/report?wave=moha-2023", 250, async (page, compared) => {
  const form = await truth.instrument("moha-2023@1");
  const rows = truth.counted("moha-2023");
  const lang = compared.lang;
  const all = figureFrom(rows, form, "overall").percent;
  const table = (id) => page.locator(`#${id} .t-rep tbody`).evaluateAll((bodies) => bodies.flatMap((body) => {
    let group = "";
    return [...body.rows].map((tr) => {
      if (tr.matches(".grp")) group = tr.textContent.trim();
      return { group, name: tr.cells[0].textContent.trim(), texts: [...tr.cells].slice(1).map((c) => c.textContent.trim()), of: tr.closest(".rep-t").querySelector("h3")?.textContent.trim() };
    }).filter((r) => r.texts.length > 0);
  }));
  const named = (list, text) => list.find((x) => Object.values(x.label ?? x.text)[0] !== undefined && (x.label ?? x.text)[lang] === text);
  const short = (q) => [q.short?.[lang], q.text[lang]].filter(Boolean);

  for (const { group, name, texts } of await table("groups")) {
    const by = { "Giới tính": "gender", Gender: "gender", Tuổi: "age", Age: "age", "Học vấn": "education", Education: "education", "Việc làm": "occupation", Occupation: "occupation", "Nơi sống": "residence", Residence: "residence" }[group];
    if (!by || !numberIn(texts[1], lang)) continue;
    const option = named(form.respondent.find((q) => q.code === by).options, name);
    const people = rows.filter((r) => (r.respondent[by] ?? "") === (option?.value ?? ""));
    compared.must(`${by} ${name}`, texts[1], figureFrom(people, form, "overall").percent);
    compared.must(`${by} ${name} against all`, texts[3], figureFrom(people, form, "overall").percent - all);
    compared.must(`n of ${by} ${name}`, texts[4], people.length);
  }
  for (const section of ["perceptions", "wishes"]) {
    for (const { of, name, texts } of await table(section)) {
      const question = form.items.find((q) => q.matrix && q.matrix_text[lang] === of && short(q).includes(name));
      if (!question) continue;
      const want = answersTo(rows, question);
      const share = (i) => (100 * want.counts[i]) / want.n;
      const figures = section === "wishes" ? texts.slice(2) : texts; // a bar and the two highest stand before
      if (section === "wishes") compared.must(`${question.code}, the two highest`, texts[1], share(want.counts.length - 1) + share(want.counts.length - 2));
      question.options.forEach((_, i) => compared.must(`answer ${i + 1} of ${question.code}`, figures[i], share(i)));
      compared.must(`n of ${question.code}`, figures[question.options.length], want.n);
    }
  }
});
