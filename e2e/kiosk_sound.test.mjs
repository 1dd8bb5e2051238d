// What a kiosk lets people hear and feel: questions read aloud, by a recording or a voice, and the tick of a press.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sharedBrowser } from "./browser.mjs";
import { Office, act, beat, kept, on } from "./kiosk.mjs";
import { sharedServer } from "./server.mjs";

const server = sharedServer();
const browser = sharedBrowser();
let desk;
const office = () => (desk ??= opened());
async function opened() {
  const folder = join(server().data, "audio/pulse@1/en");
  mkdirSync(folder, { recursive: true });
  // Two seconds of silence: frames of MPEG 1 layer III that hold nothing.
  const frame = Buffer.alloc(417);
  frame.set([0xff, 0xfb, 0x90, 0x00]);
  writeFileSync(join(folder, "P1.mp3"), Buffer.concat(Array(77).fill(frame)));
  return Office.open(server(), browser());
}
const bounded = { timeout: 120_000 };

async function stand(t, which = "pulse", options) {
  const made = await (await office()).stand(which, options);
  t.after(() => made.context.close());
  return made;
}

// A device with voices in two languages, which notes what it says and what it plays.
function voices(page) {
  return page.addInitScript(() => {
    globalThis.said = [];
    const list = [{ lang: "vi-VN", name: "v" }, { lang: "en_GB", name: "e" }];
    Object.defineProperty(globalThis, "SpeechSynthesisUtterance", { value: class { constructor(text) { this.text = text; } } });
    Object.defineProperty(globalThis, "speechSynthesis", { value: {
      getVoices: () => list, addEventListener() {}, cancel: () => globalThis.said.push("hush"),
      speak: (u) => globalThis.said.push(`${u.voice.name}: ${u.text}`),
    } });
    globalThis.played = [];
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = async function heard() {
      await play.call(this);
      globalThis.played.push([new URL(this.src).pathname, Math.round(this.duration)]);
    };
  });
}

test("read aloud: by a voice of the language, never on to the next screen, and not without a voice", bounded, async (t) => {
  const { page } = await stand(t);
  await voices(page);
  await page.reload();
  await page.locator(".a-go").waitFor();
  await act(page, "start");
  await act(page, "read");
  const said = await page.evaluate(() => globalThis.said.filter((s) => s !== "hush"));
  assert.deepEqual(said.map((s) => s.replaceAll("\u00a0", " ")), ["v: Nói chung, Ông/Bà hài lòng thế nào với việc phục vụ hôm nay?", "v: Rất không hài lòng", "v: Không hài lòng", "v: Bình thường", "v: Hài lòng", "v: Rất hài lòng"]);
  await act(page, "answer", "1");
  await page.locator("[data-act=toggle]").first().waitFor();
  assert.equal(await page.evaluate(() => globalThis.said.at(-1)), "hush");
  await act(page, "languages");
  await page.locator('dialog [value="zh"]').tap();
  await page.locator("[data-act=toggle]").first().waitFor();
  assert.equal(await page.locator("[data-act=read]").count(), 0, "there is no Chinese voice here");
});

test("read aloud: a recording comes before a voice, also without a network", bounded, async (t) => {
  const { page, context } = await stand(t);
  await voices(page);
  const url = await page.evaluate(() => globalThis.kiosk.kit.items[0].audio.en);
  assert.match(url, /^\/audio\/pulse@1\/en\/P1\.[0-9a-f]{8}\.mp3$/);
  await kept(page, url);
  await page.reload();
  await page.locator(".a-go").waitFor();
  await context.setOffline(true);
  await act(page, "lang", "en");
  await act(page, "start");
  await act(page, "read");
  await page.waitForFunction(() => globalThis.played.length);
  assert.deepEqual(await page.evaluate(() => globalThis.played), [[url, 2]]);
  assert.deepEqual(await page.evaluate(() => globalThis.said.filter((s) => s !== "hush")), []);
  // One that cannot be played: the voice reads.
  await page.evaluate(() => {
    globalThis.kiosk.kit.items[0].audio.en = "/audio/pulse@1/en/P1.00000000.mp3";
    globalThis.kiosk.draw({ keep: true });
  });
  await act(page, "read");
  await page.waitForFunction(() => globalThis.said.some((s) => s.startsWith("e: Overall")));
});

test("a press is heard and felt until it is muted, and is again for the next person", bounded, async (t) => {
  const { page } = await stand(t);
  await page.addInitScript(() => {
    globalThis.felt = 0;
    navigator.vibrate = () => ++globalThis.felt;
  });
  await page.reload();
  await page.locator(".a-go").waitFor();
  const felt = () => page.evaluate(() => new Promise((done) => setTimeout(() => done(globalThis.felt), 50)));
  await act(page, "start");
  assert.equal(await felt(), 1);
  await act(page, "easier");
  await act(page, "mute");
  assert.equal(await page.locator("dialog [data-act=mute]").getAttribute("aria-pressed"), "false");
  const quiet = await felt();
  await act(page, "close");
  await act(page, "finish");
  await on(page, "attract");
  assert.equal(await felt(), quiet);
  await act(page, "start");
  assert.equal(await felt(), quiet + 1, "the next person has sound again");
  const o = await office();
  await o.set(o.points.pulse, { sound: "off" });
  t.after(() => o.set(o.points.pulse, { sound: "on" }));
  await act(page, "finish");
  await beat(page);
  const before = await felt();
  await act(page, "start");
  assert.equal(await felt(), before, "staff have switched it off");
});
