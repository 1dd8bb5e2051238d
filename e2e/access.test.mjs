// The form for those who do not tap: by keyboard alone, by ear, enlarged, without motion, in the device's own colours.
import assert from "node:assert/strict";
import { test } from "node:test";
import { noSidewaysScroll, phone, sharedBrowser } from "./browser.mjs";
import { receipt, thanked } from "./citizen.mjs";
import { sharedServer } from "./server.mjs";

const browser = sharedBrowser();
const server = sharedServer();
const within = { timeout: 60_000 };

async function open(t, path, more = {}) {
  const context = await phone(browser(), { hasTouch: false, isMobile: false, ...more });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${server().url}/s/${await server().point("pulse@1")}${path}`);
  return page;
}

const asking = "?consent=1&all=1";

// What has the focus: its words, and whether a ring can be seen around it.
function focused(page) {
  return page.evaluate(() => {
    const at = document.activeElement;
    // A radio's or checkbox's ring may be drawn around the card that holds it.
    const ringed = [at, at.closest("label")].filter(Boolean).some((e) => {
      const style = getComputedStyle(e);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
    const box = at.getBoundingClientRect();
    const inSight = box.bottom > 0 && box.top < innerHeight;
    return { tag: at.tagName, type: at.type, id: at.id, name: at.name, value: at.value, words: at.innerText?.trim() ?? "", ringed, inSight };
  });
}

// Tabs on until the focus is where it should be; every stop on the way has to be seen.
async function tabTo(page, wanted) {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    if (at.tag === "BODY") continue;
    assert.ok(at.ringed && at.inSight, `nobody sees the focus at ${at.tag} ${at.id || at.words}`);
    if (wanted(at)) return;
  }
  throw new Error("sixty tabs did not lead there");
}

for (const locale of ["vi-VN", "en-GB"]) {
  test(`a keyboard alone goes from the first page to the receipt, ${locale}`, within, async (t) => {
    const page = await open(t, "", { locale });
    await tabTo(page, (at) => at.id === "consent");
    await page.keyboard.press("Space");
    await tabTo(page, (at) => at.name === "start");
    await page.keyboard.press("Enter");
    await page.locator("button.ans:visible").first().waitFor();
    await tabTo(page, (at) => at.tag === "BUTTON" && at.value === "4");
    await page.keyboard.press("Enter");
    await page.locator("#send").waitFor();
    await tabTo(page, (at) => at.id === "send");
    await page.keyboard.press("Enter");
    await page.locator("[data-receipt]").waitFor();
    assert.ok(await thanked(page));
    assert.match(await receipt(page), /^[A-Z0-9]{12}$/);
  });
}

test("a screen reader hears words for faces, progress and the question", within, async (t) => {
  const page = await open(t, asking);
  await page.locator("button.ans:visible").first().waitFor();
  const { nodes } = await (await page.context().newCDPSession(page)).send("Accessibility.getFullAXTree");
  const heard = nodes.filter((n) => !n.ignored).map((n) => [n.role?.value, n.name?.value ?? ""]);
  const named = (role) => heard.filter(([r]) => r === role).map(([, name]) => name);
  for (const words of ["Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng"]) {
    assert.equal(named("button").filter((name) => name === words).length, 1, `no one button is called ${words}: ${named("button")}`);
  }
  assert.ok(named("heading").length > 0 && named("heading").every(Boolean), "a heading has no name");
  assert.ok(heard.some(([, name]) => /^Câu 1 trong \d+$/.test(name)), "the progress is not said in words");
  assert.deepEqual(heard.filter(([role, name]) => /^(image|graphics)/.test(role) && name === ""), [], "a picture without a name is read out");
});

test("what is wrong takes the focus and is read first", within, async (t) => {
  const page = await open(t, "?start=1");
  assert.ok(await page.locator(".errors").evaluate((e) => e === document.activeElement));
  assert.match(await page.title(), /^Lỗi:/);
});

for (const [name, viewport] of Object.entries({ "200 %": { width: 640, height: 450 }, "400 %": { width: 320, height: 225 } })) {
  test(`zoomed to ${name} nothing is pushed sideways and no word is cut`, within, async (t) => {
    for (const path of ["", asking]) {
      const page = await open(t, path, { viewport });
      if (path) await page.locator("button.ans:visible").first().waitFor();
      await noSidewaysScroll(page);
      const cut = await page.evaluate(() =>
        [...document.querySelectorAll("main h1, main h2, main p, main legend, main button, main label, main span, main a")]
          .filter((e) => e.checkVisibility() && !e.closest(".vh, [aria-hidden=true]") && getComputedStyle(e).display !== "inline")
          .filter((e) => e.scrollWidth > e.clientWidth + 1 || (getComputedStyle(e).overflowY === "hidden" && e.scrollHeight > e.clientHeight + 1))
          .map((e) => e.textContent.trim().slice(0, 40)));
      assert.deepEqual(cut, []);
    }
  });
}

test("with reduced motion nothing moves for longer than a millisecond", within, async (t) => {
  const page = await open(t, asking, { reducedMotion: "reduce" });
  await page.locator("button.ans:visible").first().waitFor();
  const slow = await page.evaluate(() => [...document.querySelectorAll("main *")].filter((e) => e.checkVisibility()).filter((e) =>
    getComputedStyle(e).transitionDuration.split(",").some((s) => parseFloat(s) > 0.001)).map((e) => e.className));
  assert.deepEqual(slow, []);
});

test("in forced colours the faces are outlines and the chosen answer differs", within, async (t) => {
  const page = await open(t, asking, { forcedColors: "active" });
  await page.locator("button.ans:visible").first().waitFor();
  const faces = await page.evaluate(() => [...document.querySelectorAll("main .face")].filter((e) => e.checkVisibility()).map((e) => {
    const style = getComputedStyle(document.querySelector(`${e.querySelector("use").getAttribute("href")} .fh`));
    return [style.fill !== style.stroke, style.strokeWidth];
  }));
  assert.equal(faces.length, 5);
  for (const face of faces) assert.deepEqual(face, [true, "3px"]);
  await page.locator('button.ans[value="4"]').click();
  await page.locator("#send").waitFor();
  await page.locator("[data-go=back]").first().click();
  const on = page.locator("button.ans.on");
  await on.waitFor();
  assert.match(await on.innerText(), /Ông\/Bà đã chọn/);
});
