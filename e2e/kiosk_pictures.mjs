// Pictures of every screen of the kiosk, on a 10-inch tablet both ways round and on a phone.
import { writeFileSync } from "node:fs";
import { desk } from "./browser.mjs";
import { act, breath, on, pairingCode, stands, tablet, typeCode } from "./kiosk.mjs";
import { login } from "./staff.mjs";

const sizes = { landscape: "1280x800", portrait: "800x1280", phone: "360x740" };

/**
 * @param {import("./server.mjs").Server} server
 * @param {import("playwright-core").Browser} browser
 * @param {string} folder that ends with a slash
 */
export async function kioskPictures(server, browser, folder) {
  const office = await (await desk(browser)).newPage();
  await login(office, server, "admin");
  for (const lang of ["vi", "en", "zh"]) {
    const which = lang === "vi" ? Object.keys(stands) : ["landscape"];
    const take = (page, name) => picture(page, `${folder}kiosk-${name}`, lang, which);
    await pulse(await stand(office, server, browser, "pulse@1", lang, take), take);
    await statements(await stand(office, server, browser, "onestop@1", lang), lang, take);
  }
  const context = await tablet(browser);
  await stopped(await context.newPage(), server, (page, name) => picture(page, `${folder}kiosk-${name}`, "vi", Object.keys(stands)));
  await context.close();
  await office.context().close();
}

async function picture(page, name, lang, which) {
  for (const s of which) {
    await page.setViewportSize(stands[s]);
    await page.mouse.move(0, 0);
    writeFileSync(`${name}-${sizes[s]}-${lang}.png`, await page.screenshot({ animations: "disabled", caret: "hide" }));
  }
  await page.setViewportSize(stands.landscape);
}

async function stand(office, server, browser, instrument, lang, take) {
  const code = await pairingCode(office, server, await server.point(instrument));
  const page = await (await tablet(browser, { locale: { vi: "vi-VN", en: "en-GB", zh: "zh-CN" }[lang] })).newPage();
  await page.goto(`${server.url}/k/`);
  await page.locator(".pad").waitFor();
  await typeCode(page, code.slice(0, 3));
  await take?.(page, "pair");
  await typeCode(page, code.slice(3));
  await page.locator(".a-go").waitFor();
  await act(page, "lang", lang);
  return page;
}

// As the kit would say it; the wave that is over is not ended for everybody.
const settings = (page, values, state = "open") => page.evaluate(([more, wave]) => {
  const { kiosk } = globalThis;
  Object.assign(kiosk.kit.settings, more);
  kiosk.kit.wave.state = wave;
  kiosk.draw();
}, [values, state]);

async function stopped(page, server, take) {
  await page.addInitScript(() => Object.defineProperty(globalThis, "indexedDB", { value: undefined }));
  await page.goto(`${server.url}/k/`);
  await page.locator(".k-stop .big").waitFor();
  await take(page, "refused");
}

const forget = (page) => page.evaluate(() => globalThis.kiosk.m.touch());

async function pulse(page, take) {
  await take(page, "attract");
  await settings(page, { hours: "sun 03:00-03:30" });
  await take(page, "closed");
  await settings(page, { hours: "" });
  await act(page, "phone");
  await take(page, "own-phone");
  await act(page, "close");
  await act(page, "start");
  await on(page, "item");
  await take(page, "pulse");
  await act(page, "contrast");
  await take(page, "high-contrast");
  await act(page, "contrast");
  await act(page, "easier");
  await take(page, "easier");
  await act(page, "large");
  await act(page, "close");
  await take(page, "large-text");
  await act(page, "easier");
  await act(page, "large");
  await act(page, "close");
  await forget(page);
  await act(page, "answer", "1");
  await page.locator("[data-act=toggle]").first().waitFor();
  await act(page, "toggle", "waiting");
  await take(page, "several");
  await act(page, "next");
  await on(page, "comment");
  await take(page, "comment");
  await act(page, "write");
  await take(page, "writing");
  await act(page, "next");
  await page.locator(".stub img").waitFor();
  await take(page, "thanks");
  await page.context().close();
}

async function statements(page, lang, take) {
  await act(page, "start");
  await on(page, "item");
  await take(page, "choice");
  for (let i = 0; i < 11 && (await page.locator(".tiles.faces").count()) === 0; i++) {
    await act(page, (await page.locator("[data-act=answer]").count()) ? "answer" : "next");
    await breath(page);
  }
  await take(page, "statement");
  await page.evaluate(() => (globalThis.kiosk.m.touched -= 60_000));
  await page.locator("dialog.d-idle").waitFor();
  await take(page, "idle");
  await act(page, "stay");
  await page.context().setOffline(true);
  await page.locator(".k-off").waitFor();
  await take(page, "offline");
  await act(page, "finish");
  await on(page, "thanks");
  await page.locator(".k-off").waitFor();
  await take(page, "offline-thanks");
  await act(page, "done");
  await on(page, "attract");
  if (lang !== "vi") return page.context().close(); // the house's language is back, and taken already
  for (let i = 0; i < 5; i++) await page.locator(".k-corner").tap();
  await page.locator("dialog.d-pin").waitFor();
  await take(page, "pin");
  await page.evaluate(() => globalThis.kiosk.desk.open());
  await page.locator("dialog.d-staff").waitFor();
  await take(page, "staff");
  await act(page, "close");
  await settings(page, {}, "closed");
  await take(page, "over");
  await page.evaluate(() => globalThis.kiosk.line.lost());
  await page.locator(".pad").waitFor();
  await take(page, "revoked");
  await page.context().close();
}
