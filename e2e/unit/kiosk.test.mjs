// The kiosk's machine with a clock of the test's own, and the small rules beside it.
import assert from "node:assert/strict";
import { pbkdf2Sync } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const load = (name) => import(`data:text/javascript;base64,${readFileSync(new URL(`../../static/js/${name}`, import.meta.url)).toString("base64")}`);
const { asked, body } = await load("form-rules.js");
const { Machine } = await load("kiosk-machine.js");
const { hoursIn, openAt } = await load("kiosk-hours.js");
const { Gate, Knock, isPin } = await load("kiosk-exit.js");

const faces = [1, 2, 3, 4, 5].map((n) => ({ value: String(n), label: {} }));
const pulse = [
  { code: "P1", kind: "scale", part: "a", options: faces },
  { code: "W1", kind: "many", part: "b", show_if: { item: "P1", in: ["1", "2"] }, options: [{ value: "wait" }, { value: "fees" }] },
];
const long = ["A", "B", "C"].map((code) => ({ code, kind: "scale", part: "a", options: faces }));

function kiosk(items, settings = {}) {
  const told = [];
  const clock = { at: 1_000_000 };
  let n = 0;
  const m = new Machine({ asked, body, now: () => clock.at, uuid: () => `id-${++n}`, emit: (what, detail) => told.push([what, detail]) });
  m.load({
    point: { code: "P" }, instrument: "i@1", languages: [{ code: "vi" }, { code: "en" }], items,
    settings: { idle: 30, stay: 20, interval: 5, thanks: 8, ...settings },
  });
  const pass = (s) => {
    for (let i = 0; i < s * 4; i++) {
      clock.at += 250;
      m.tick();
    }
  };
  const press = (f) => {
    clock.at += 300;
    f(m);
  };
  const sent = () => told.filter(([w]) => w === "submit").map(([, b]) => b);
  const keep = () => m.saved({ ...sent().at(-1), device_seq: sent().length });
  const count = (what) => told.filter(([w]) => w === what).length;
  pass(1);
  return { m, clock, told, pass, press, sent, keep, count };
}

test("one tap is a whole ballot where nothing more is asked", () => {
  const k = kiosk(pulse);
  k.press((m) => m.start());
  assert.equal(k.m.screen, "item");
  k.press((m) => m.answer(5));
  assert.equal(k.m.screen, "saving", "thanks come only after the ballot is kept");
  k.keep();
  assert.equal(k.m.screen, "thanks");
  assert.deepEqual(k.sent()[0].answers, { P1: 5 });
  assert.equal(k.sent()[0].partial, undefined);
  assert.deepEqual(k.m.answers, {}, "nothing stays for the next person");
});

test("a low answer asks why, and then for a comment", () => {
  const k = kiosk(pulse);
  k.press((m) => m.start());
  k.press((m) => m.answer(1));
  assert.equal(k.m.code, "W1");
  k.press((m) => m.toggle("fees"));
  k.press((m) => m.toggle("wait"));
  k.press((m) => m.answer(m.answers.W1));
  assert.equal(k.m.screen, "comment");
  k.m.comment = "Chờ lâu";
  k.press((m) => m.send());
  assert.deepEqual([k.sent()[0].answers, k.sent()[0].comment], [{ P1: 1, W1: ["wait", "fees"] }, "Chờ lâu"]);
});

test("the second half of a double tap answers nothing", () => {
  const k = kiosk(long);
  k.press((m) => m.start());
  k.press((m) => m.answer(4));
  k.clock.at += 100;
  k.m.answer(4);
  assert.deepEqual([k.m.code, k.m.answers], ["B", { A: 4 }]);
});

test("back shows one's own answer; no opinion is null; finishing early is partial", () => {
  const k = kiosk(long);
  k.press((m) => m.start());
  k.press((m) => m.answer(2));
  k.press((m) => m.answer(null));
  k.press((m) => m.back());
  assert.deepEqual([k.m.code, k.m.answers], ["B", { A: 2, B: null }]);
  k.press((m) => m.back());
  k.press((m) => m.answer(3));
  k.press((m) => m.finish());
  assert.equal(k.sent()[0].partial, true);
  assert.deepEqual(k.sent()[0].answers, { A: 3, B: null });
});

test("finishing with nothing answered keeps nothing", () => {
  const k = kiosk(long);
  k.press((m) => m.start());
  k.press((m) => m.finish());
  assert.deepEqual([k.m.screen, k.sent().length], ["attract", 0]);
});

test("nobody there: asked after 30 s, kept as partial 20 s later, without thanks", () => {
  const k = kiosk(long);
  k.press((m) => m.start());
  k.press((m) => m.answer(1));
  k.pass(29.5);
  assert.equal(k.m.warning, null);
  k.pass(1);
  assert.equal(k.count("warn"), 1);
  k.pass(10);
  assert.equal(k.m.warning.left, 10);
  k.pass(10);
  assert.equal(k.sent()[0].partial, true);
  k.keep();
  assert.equal(k.m.screen, "attract");
  k.press((m) => m.start());
  assert.equal(k.m.screen, "item", "who comes next has not pressed yet, and waits for nothing");
});

test("staying goes on where one was; presses behind the question count for nothing", () => {
  const k = kiosk(long);
  k.press((m) => m.start());
  k.press((m) => m.answer(1));
  k.pass(31);
  k.press((m) => m.answer(5));
  assert.equal(k.m.code, "B");
  k.press((m) => m.stay());
  k.pass(20);
  assert.equal(k.m.warning, null);
  k.press((m) => m.answer(5));
  assert.deepEqual(k.m.answers, { A: 1, B: 5 });
});

test("a ballot that only lacks its comment is whole when its writer walks away", () => {
  const k = kiosk(long);
  k.press((m) => m.start());
  for (let i = 0; i < 3; i++) k.press((m) => m.answer(5));
  assert.equal(k.m.screen, "comment");
  k.pass(51);
  assert.deepEqual([k.sent().length, k.sent()[0].partial], [1, undefined]);
});

test("presses inside the response interval are ignored and counted", () => {
  const k = kiosk(pulse);
  k.press((m) => m.start());
  k.press((m) => m.answer(5));
  k.keep();
  k.press((m) => m.stray());
  k.press((m) => m.done());
  k.press((m) => m.start());
  assert.deepEqual([k.m.screen, k.count("ignored")], ["attract", 2]);
  k.pass(5);
  k.press((m) => m.start());
  assert.deepEqual([k.m.screen, k.count("ignored")], ["item", 2]);
});

test("thanks go by themselves; a receipt gives time to be photographed", () => {
  const k = kiosk(pulse);
  k.press((m) => m.start());
  k.press((m) => m.answer(5));
  k.keep();
  k.pass(6);
  k.m.received("id-1", "AAAA-BBBB-CCCC");
  k.m.received("another", "XXXX");
  assert.equal(k.m.thanks.receipt, "AAAA-BBBB-CCCC");
  k.pass(7.5);
  assert.equal(k.m.screen, "thanks");
  k.pass(1);
  assert.equal(k.m.screen, "attract");
});

test("a language lasts for one person", () => {
  const k = kiosk(pulse);
  k.m.speak("en");
  k.press((m) => m.start());
  k.press((m) => m.answer(4));
  assert.equal(k.sent()[0].locale, "en");
  k.keep();
  k.pass(9);
  assert.equal(k.m.lang, "vi");
  k.m.speak("en");
  k.pass(31);
  assert.equal(k.m.lang, "vi", "chosen by somebody who walked away");
});

test("opening hours hold in their own time zone", () => {
  const hours = "mon-fri 07:30-11:30 13:30-17:00; sat 07:30-11:30";
  for (const [at, want] of [
    ["2026-03-02T00:30:00Z", true], // Monday 07:30 in Hà Nội
    ["2026-03-02T00:29:00Z", false],
    ["2026-03-02T04:30:00Z", false], // 11:30
    ["2026-03-02T06:30:00Z", true],
    ["2026-03-07T07:00:00Z", false], // Saturday afternoon
    ["2026-03-08T01:00:00Z", false], // Sunday
  ]) assert.equal(openAt(hours, "Asia/Ho_Chi_Minh", new Date(at)), want, at);
  assert.equal(openAt("", "Asia/Ho_Chi_Minh", new Date()), true);
  assert.equal(hoursIn(hours, "en"), "Monday – Friday 07:30–11:30, 13:30–17:00; Saturday 07:30–11:30");
});

test("five presses within three seconds open the way to the PIN", () => {
  let at = 0;
  const knock = new Knock(() => at);
  const presses = (gap, n) => Array.from({ length: n }, () => ((at += gap), knock.press()));
  assert.deepEqual(presses(500, 5), [false, false, false, false, true]);
  assert.ok(!presses(1000, 8).includes(true));
});

test("a PIN is checked against its verifier, slower after wrong ones", async () => {
  const salt = "00112233445566778899aabbccddeeff";
  const verifier = { salt, rounds: 1000, hash: pbkdf2Sync("2468", Buffer.from(salt, "hex"), 1000, 32, "sha256").toString("hex") };
  assert.equal(await isPin("2468", verifier), true);
  assert.equal(await isPin("2469", verifier), false);
  let at = 0;
  const gate = new Gate(() => at, (pin) => isPin(pin, verifier));
  for (let i = 0; i < 3; i++) assert.equal(await gate.open("0000"), false);
  assert.equal(gate.wait, 5);
  assert.equal(await gate.open("2468"), false, "not looked at while waiting");
  at += 5000;
  assert.equal(await gate.open("0000"), false);
  assert.equal(gate.wait, 10);
  at += 10_000;
  assert.equal(await gate.open("2468"), true);
  assert.equal(gate.wait, 0);
});
