// The parts of the citizen's form that need no page. The file has no package.json above it, so that Node would take
// it for CommonJS; its text is imported instead.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const form = await import(`data:text/javascript;base64,${Buffer.from(read("static/js/form-rules.js")).toString("base64")}`);

test("a condition holds as it does in the domain", () => {
  const given = { Q1: 4, Q2: ["tv", "net"], Q3: null, Q4: "yes" };
  for (const [condition, want] of [
    [undefined, true],
    [{ item: "Q1", in: ["4", "5"] }, true],
    [{ item: "Q1", in: ["5"] }, false],
    [{ item: "Q2", in: ["net"] }, true],
    [{ item: "Q3", in: ["yes"] }, false],
    [{ item: "Q9", in: ["yes"] }, false],
    [{ all: [{ item: "Q1", in: ["4"] }, { item: "Q4", in: ["yes"] }] }, true],
    [{ all: [{ item: "Q1", in: ["4"] }, { item: "Q4", in: ["no"] }] }, false],
    [{ any: [{ item: "Q1", in: ["1"] }, { item: "Q4", in: ["yes"] }] }, true],
    [{ any: [{ item: "Q1", in: ["1"] }] }, false],
  ]) assert.equal(form.holds(condition, given), want, JSON.stringify(condition));
});

test("an answer to a hidden question opens no other", () => {
  const questions = [
    { code: "A" },
    { code: "B", if: { item: "A", in: ["yes"] } },
    { code: "C", if: { item: "B", in: ["1"] } },
  ];
  const codes = (answers) => form.asked(questions, answers).map((q) => q.code);
  assert.deepEqual(codes({ A: "yes", B: 1, C: 1 }), ["A", "B", "C"]);
  assert.deepEqual(codes({ A: "no", B: 1, C: 1 }), ["A"]);
});

test("personal data in a comment is found as the server finds it", () => {
  const cases = JSON.parse(read("internal/web/testdata/personal.json"));
  assert.ok(cases.length > 0);
  for (const { text, kind, excerpt } of cases) {
    assert.deepEqual(form.findPersonal(text), kind ? [kind, excerpt] : undefined, text);
  }
});

test("waiting doubles up to half a minute, and obeys the server", () => {
  assert.deepEqual([0, 1, 2, 10].map((n) => form.pause(n, 0, 0)), [1000, 2000, 4000, 30000]);
  assert.equal(form.pause(0, 0, 1), 1500);
  assert.equal(form.pause(9, 7, 0), 7000);
});

test("the body holds what was asked and answered, whatever the device's clock says", () => {
  const questions = [
    { code: "A" },
    { code: "B", if: { item: "A", in: ["yes"] } },
    { code: "C" },
    { code: "gender", who: true },
  ];
  const s = { id: "x", started: "2026-03-02T08:00:00+07:00", began: 5_000, a: { A: "no", B: 1, C: null, gender: "f" }, comment: "" };
  assert.deepEqual(form.body(s, questions, { point: "P", instrument: "i@1", locale: "vi" }, 65_000), {
    point: "P", instrument: "i@1", locale: "vi", id: "x",
    started_at: "2026-03-02T08:00:00+07:00", submitted_at: "2026-03-02T01:01:00.000Z",
    answers: { A: "no", C: null }, respondent: { gender: "f" },
  });
  assert.equal(form.body(s, questions, {}, 0).submitted_at, "2026-03-02T01:00:00.000Z", "a clock set back");
  assert.equal(form.body({ ...s, comment: "a" }, questions, {}, 0).comment, "a");
});
