// Every screen and state of the kiosk, for people who see, hear or move otherwise.
import assert from "node:assert/strict";
import { test } from "node:test";
import { noViolations } from "./axe.mjs";
import { noSidewaysScroll, sharedBrowser } from "./browser.mjs";
import { Office, act, breath, idle, on, stands, tablet } from "./kiosk.mjs";
import { sharedServer } from "./server.mjs";

const server = sharedServer();
const browser = sharedBrowser();
let desk;
const stand = async (which, options) => (await (desk ??= Office.open(server(), browser()))).stand(which, options);

// Calls look at every screen and state there is, in a language.
async function everything(page, lang, look) {
  const clock = (hours, wave = "open") => page.evaluate(([h, w]) => {
    const { kiosk } = globalThis;
    kiosk.kit.settings.hours = h;
    kiosk.kit.wave.state = w;
    kiosk.draw();
  }, [hours, wave]);
  const ask = async () => {
    await on(page, "attract");
    if (lang !== "vi") await act(page, "lang", lang);
    await act(page, "start");
    await on(page, "item");
  };
  const spent = async () => {
    await idle(page);
    await page.locator("dialog.d-idle[open]").waitFor();
  };
  await on(page, "attract");
  await act(page, "lang", lang);
  await look("attract");
  await clock("sun 03:00-03:30");
  await look("closed");
  await clock("", "closed");
  await look("over");
  await clock("");
  await act(page, "phone");
  await look("phone");
  await act(page, "close");

  await ask();
  await look("faces");
  await act(page, "easier");
  await look("easier");
  await act(page, "large");
  await act(page, "close");
  await look("large text");
  await act(page, "contrast");
  await look("high contrast and large text");
  await act(page, "languages");
  await look("languages");
  await act(page, "close");
  await spent();
  await look("idle");
  await act(page, "stay");
  await act(page, "contrast");
  await act(page, "answer", "1");
  await page.locator("[data-act=toggle]").first().waitFor();
  await act(page, "toggle", "fees");
  await look("several");
  await act(page, "contrast");
  await look("several in high contrast");
  await spent();
  await look("idle with answers");
  await act(page, "stay");
  await act(page, "next");
  await on(page, "comment");
  await look("comment");
  await act(page, "write");
  await page.locator("#typed").fill("0912 345 678");
  await act(page, "next");
  await page.locator("#hint:not(:empty)").waitFor();
  await look("a comment that names somebody");
  await act(page, "next");
  await page.locator(".stub img").waitFor();
  await look("thanks");
  await act(page, "done");

  await page.context().setOffline(true);
  await ask();
  await page.locator(".k-off").waitFor();
  await look("offline");
  await act(page, "answer", "5");
  await page.locator(".k-seq").waitFor();
  await look("thanks offline");
  await act(page, "done");
  await page.context().setOffline(false);
  await on(page, "attract");
}

// What staff see, and what stops a kiosk.
async function stops(page, lang, look) {
  await on(page, "attract");
  await act(page, "lang", lang);
  await page.evaluate(() => globalThis.kiosk.desk.knocked());
  await page.locator("dialog.d-pin[open]").waitFor();
  await look("PIN");
  await page.locator('dialog .key[value="1"]').tap();
  await page.locator("dialog .enter").tap();
  await page.locator("dialog .k-warn:not(:empty)").waitFor();
  await look("a wrong PIN");
  await act(page, "close");
  await page.evaluate(() => globalThis.kiosk.desk.open());
  await page.locator("dialog.d-staff[open]").waitFor();
  await look("staff");
  await act(page, "unpair");
  await page.locator("dialog.d-unpair[open]").waitFor();
  await look("unpair");
  await act(page, "close");
  await page.evaluate(() => globalThis.kiosk.stops.empty());
  await look("no questions");
  await page.evaluate(() => globalThis.kiosk.stops.refused("full"));
  await look("refused");
  await page.evaluate(() => {
    globalThis.kiosk.state.queue = 3;
    globalThis.kiosk.stops.pairing("pair_lost");
  });
  await look("revoked");
  await page.reload();
}

for (const lang of ["vi", "en", "zh"]) {
  test(`every screen and state in ${lang}: no violation, nothing cut off, at a counter both ways round and at 320 px`, { timeout: 400_000 }, async (t) => {
    const { context, page, bad } = await stand("pulse");
    t.after(() => context.close());
    const small = { ...stands, narrow: { width: 320, height: 568 } };
    const seen = [];
    const look = async (name) => {
      // Nobody is idle while a test looks.
      const touch = () => page.evaluate(() => globalThis.kiosk.m.warning ? (globalThis.kiosk.m.warning.until = Date.now() + 20_000) : globalThis.kiosk.m.thanks ? (globalThis.kiosk.m.thanks.until = Date.now() + 20_000) : globalThis.kiosk.m.touch());
      await touch();
      assert.equal(await page.evaluate(() => document.documentElement.lang), lang, name);
      await page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {})))); // colours on the way are none
      await noViolations(page).catch((err) => assert.fail(`${name}: ${err.message}`));
      for (const [size, box] of Object.entries(small)) {
        await touch();
        await page.setViewportSize(box);
        await noSidewaysScroll(page).catch((err) => assert.fail(`${name}, ${size}: ${err.message}`));
        assert.deepEqual(await cut(page, box.width > 700), [], `${name}, ${size}`);
      }
      await page.setViewportSize(stands.landscape);
      await touch();
      seen.push(name);
    };
    await everything(page, lang, look);
    await stops(page, lang, look);
    assert.equal(new Set(seen).size, 25);
    assert.deepEqual(bad, []);
  });
}

// What does not fit: words wider than their button, buttons outside the window or too small for a finger. A tablet
// shows whole screens; on a phone one may scroll downwards.
function cut(page, whole) {
  return page.evaluate((all) => {
    const open = document.querySelector("dialog[open]");
    const found = [];
    // Larger text may make a long statement scroll; nothing else does on a tablet.
    const page = open ?? document.querySelector(".k-main");
    if (all && !document.documentElement.dataset.text && page.scrollHeight > page.clientHeight + 1) found.push(`${page.className} scrolls: ${page.scrollHeight} in ${page.clientHeight}`);
    for (const b of (open ?? document).querySelectorAll("button:not(.k-corner)")) {
      if (!b.checkVisibility()) continue;
      const r = b.getBoundingClientRect();
      const name = `${b.dataset.act} ${b.textContent}`;
      if (b.scrollWidth > b.clientWidth + 1) found.push(`${name}: words wider than the button`);
      if (r.left < -1 || r.right > innerWidth + 1) found.push(`${name}: ${r.left}–${r.right} of ${innerWidth}`);
      if (all && !open && r.bottom > innerHeight + 1) found.push(`${name}: below the window`);
      const least = all ? 119 : 44;
      if (r.width < least || r.height < least) found.push(`${name}: ${Math.round(r.width)}×${Math.round(r.height)}`);
    }
    return found;
  }, whole);
}

test("pairing in every language: no violation, and keys of 20 mm on a tablet", { timeout: 60_000 }, async (t) => {
  const context = await tablet(browser());
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${server().url}/k/`);
  for (const lang of ["vi", "en", "zh"]) {
    await act(page, "lang", lang);
    await noViolations(page);
    for (const box of Object.values(stands)) {
      await page.setViewportSize(box);
      await noSidewaysScroll(page);
      assert.deepEqual(await cut(page, box.width > 700), [], `${lang} ${box.width}`);
    }
    await page.setViewportSize(stands.landscape);
  }
});

// At 200 % and 400 % a tablet has a half and a quarter of its pixels.
test("200 % and 400 %: everything can be reached by scrolling downwards alone", { timeout: 120_000 }, async (t) => {
  const { context, page } = await stand("onestop");
  t.after(() => context.close());
  for (const zoom of [2, 4]) {
    await page.setViewportSize({ width: 1280 / zoom, height: 800 / zoom });
    const reachable = async (name) => {
      await noSidewaysScroll(page);
      const scope = (await page.locator("dialog[open]").count()) ? "dialog button" : "#kiosk button:not(.k-corner)";
      for (const b of await page.locator(scope).all()) {
        await b.scrollIntoViewIfNeeded();
        const where = await b.evaluate((e) => {
          const r = e.getBoundingClientRect();
          const [x, y] = [r.left + r.width / 2, Math.min(Math.max(r.top + r.height / 2, 1), innerHeight - 1)];
          return e.contains(document.elementFromPoint(x, y)) ? "" : `${e.dataset.act} ${e.textContent} is under something`;
        });
        assert.equal(where, "", `${name} at ${zoom * 100} %`);
      }
    };
    await on(page, "attract");
    await reachable("attract");
    await act(page, "phone");
    await reachable("phone");
    await act(page, "close");
    await page.locator(".k-touch").evaluate((b) => b.click());
    await on(page, "item");
    await reachable("question");
    await act(page, "easier");
    await reachable("easier");
    await act(page, "close");
    await idle(page);
    await page.locator("dialog.d-idle[open]").waitFor();
    await reachable("idle");
    await act(page, "stay");
    await act(page, "none");
    await act(page, "finish");
    await page.locator(".stub img").waitFor(); // the receipt draws the screen anew
    await reachable("thanks");
    await act(page, "done");
  }
});

test("forced colours: what is chosen, and where the focus is, does not hang on a background", { timeout: 60_000 }, async (t) => {
  const { context, page } = await stand("pulse", { forcedColors: "active" });
  t.after(() => context.close());
  await act(page, "start");
  await act(page, "answer", "1");
  await page.locator("[data-act=toggle]").first().waitFor();
  const outline = (selector) => page.locator(selector).first().evaluate((e) => parseFloat(getComputedStyle(e).outlineWidth) * (getComputedStyle(e).outlineStyle !== "none"));
  await act(page, "toggle", "waiting");
  await page.locator("#q").focus();
  assert.ok((await outline(".tile.on")) >= 3);
  assert.equal(await outline(".tile:not(.on)"), 0);
  assert.equal(await page.locator(".tile.on .box .ic").evaluate((e) => getComputedStyle(e).visibility), "visible");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.ok((await outline(":focus-visible")) >= 2);
  await act(page, "back");
  // Each face still draws its outline and its mouth.
  const strokes = await page.locator(".tiles.faces .face").evaluateAll((all) => all.map((e) => getComputedStyle(e).display));
  assert.deepEqual(strokes, Array(5).fill(strokes[0]));
  assert.notEqual(strokes[0], "none");
  await noViolations(page);
});

test("reduced motion: nothing moves", { timeout: 60_000 }, async (t) => {
  const { context, page } = await stand("onestop", { reducedMotion: "reduce" });
  t.after(() => context.close());
  const longest = () => page.evaluate(() => Math.max(0, ...document.getAnimations().map((a) => a.effect.getComputedTiming().activeDuration)));
  await act(page, "start");
  await on(page, "item");
  assert.ok((await longest()) <= 1);
  for (const e of await page.locator(".tile, .k-main, .tiles").all()) {
    const times = await e.evaluate((x) => [getComputedStyle(x).animationDuration, getComputedStyle(x).transitionDuration].join().split(",").map(parseFloat));
    assert.ok(Math.max(...times) <= 0.001, `${times} s`);
  }
});

test("a keyboard alone goes from the first screen through several and a comment to the end", { timeout: 60_000 }, async (t) => {
  const { context, page } = await stand("pulse");
  t.after(() => context.close());
  const to = async (act, value) => {
    for (let i = 0; i < 40; i++) {
      const at = await page.evaluate(() => [document.activeElement.dataset.act, document.activeElement.value]);
      if (at[0] === act && (value == null || at[1] === value)) {
        assert.ok(await page.evaluate(() => parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2), `${act}: the focus cannot be seen`);
        await breath(page);
        return page.keyboard.press("Enter");
      }
      await page.keyboard.press("Tab");
    }
    return assert.fail(`Tab never comes to ${act}`);
  };
  await to("start");
  await on(page, "item");
  await to("answer", "1");
  await page.locator("[data-act=toggle]").first().waitFor();
  await to("toggle", "fees");
  assert.deepEqual(await page.evaluate(() => globalThis.kiosk.m.answers.W1), ["fees"]);
  await to("next");
  await on(page, "comment");
  await to("write");
  await page.keyboard.type("Cần thêm ghế chờ");
  await page.keyboard.press("Tab");
  await to("next");
  await on(page, "thanks");
  await to("done");
  await on(page, "attract");
});
