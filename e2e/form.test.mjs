// A whole moha-2023 on a 360 px phone, by tapping, with JavaScript and without it. What was tapped must be what
// is stored.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complaints, noSidewaysScroll, phone, sharedBrowser } from "./browser.mjs";
import { fill, receipt } from "./citizen.mjs";
import { sharedServer } from "./server.mjs";

const server = sharedServer();
const browser = sharedBrowser();

// Every level of the scale is used, so that two mixed-up items cannot go unnoticed.
function varied() {
  let n = 0;
  return (_, values) => values[n++ % values.length];
}

for (const javaScriptEnabled of [true, false]) {
  test(`a citizen fills moha-2023 at 360 px, JavaScript ${javaScriptEnabled ? "on" : "off"}`, async () => {
    const context = await phone(browser(), { javaScriptEnabled });
    const page = await context.newPage();
    const wrong = complaints(page);
    const code = await server().point("moha-2023@1");
    const { answers } = await fill(page, `${server().url}/s/${code}`, { choose: varied(), each: noSidewaysScroll });
    const shown = await receipt(page);
    assert.match(shown, /^[A-Z0-9]{12}$/);
    const satisfaction = Object.keys(answers).filter((item) => /^[PS]\d\d$/.test(item));
    assert.equal(satisfaction.length, 39, "moha-2023 has 39 satisfaction items");
    assert.deepEqual(wrong, []);
    await context.close();
  });
}
