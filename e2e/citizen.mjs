// What a citizen does with a form, as seen from outside: read, tap, go on. Knows the words of the page
// and the names of its controls, not how it is built, so that it fills any instrument, with JavaScript or without.

/**
 * Opens the form of a point, consents and answers every question until the thank-you page.
 * @param {import("playwright-core").Page} page on a touch screen
 * @param {string} url the point's address
 * @param {{choose?: (name: string, values: string[]) => string | string[], each?: (page) => Promise<void>, comment?: string}} [how]
 *   choose picks one value of a question, or several where several may be ticked; each is called on every screen
 *   before it is answered; comment is written where there is room for it
 * @returns {Promise<{screens: number, answers: Record<string, string[]>}>} what was tapped, by item
 */
export async function fill(page, url, how = {}) {
  await page.goto(url);
  return goOn(page, how);
}

/** As fill, from wherever the page is. */
export async function goOn(page, { choose = satisfied, each, comment } = {}) {
  const answers = {};
  for (let screens = 1; screens <= 200; screens++) {
    if (await thanked(page)) return { screens, answers };
    await each?.(page);
    const before = await signature(page);
    await answer(page, choose, answers, comment);
    // A screen that does not change after its answer would be tapped for ever.
    await changed(page, before);
  }
  throw new Error(`no thank-you page after 200 screens; stuck at ${page.url()}`);
}

/** "Very satisfied" wherever that can be said, else the first answer offered. */
export function satisfied(name, values) {
  return values.includes("5") ? "5" : values[0];
}

/** Whether the page is the thank-you page: the one that shows a receipt. */
export async function thanked(page) {
  return (await page.locator("[data-receipt]").count()) > 0;
}

/** The receipt as shown, without the spaces that make it readable. */
export async function receipt(page) {
  return (await page.locator("[data-receipt]").innerText()).replace(/\s/g, "");
}

const signatureOf = `() => location.href + "|" + document.title + "|" +
  [...document.querySelectorAll("main h1, main legend")].filter((e) => e.checkVisibility()).map((e) => e.textContent).join("|")`;

function signature(page) {
  return page.evaluate(`(${signatureOf})()`);
}

// waitForFunction would evaluate text inside the page, which our content policy refuses.
async function changed(page, before) {
  for (const end = Date.now() + 10_000; Date.now() < end; await page.waitForTimeout(20)) {
    // While a new page loads there is nothing to evaluate in.
    if ((await signature(page).catch(() => before)) !== before) return;
  }
  throw new Error(`the screen did not change after its answer: ${before}`);
}

// One statement on the screen is answered by its own button; a section has radio rows and a button below.
async function answer(page, choose, answers, comment) {
  const taps = page.locator("main button.ans:visible");
  if ((await taps.count()) > 0) {
    const offered = await taps.evaluateAll((list) => list.map((b) => [b.name, b.value]));
    const name = offered[0][0];
    const value = [choose(name, offered.map(([, v]) => v).filter((v) => v !== "skip"))].flat()[0];
    answers[name] = [value];
    await taps.and(page.locator(`[value="${value}"]`)).first().tap();
    return;
  }
  await pick(page, "radio", choose, answers);
  await pick(page, "checkbox", choose, answers);
  const room = page.locator("textarea#comment:visible");
  if (comment && (await room.count()) > 0) await room.fill(comment);
  await page.locator("main form button.btn:visible").first().tap();
}

// The label is tapped, not the input: that is what a finger finds.
async function pick(page, type, choose, answers) {
  const inputs = await page
    .locator(`main input[type=${type}]`)
    .evaluateAll((list) => list.filter((i) => i.closest("label, fieldset, p")?.checkVisibility()).map((i) => [i.name, i.value]));
  for (const name of new Set(inputs.map(([n]) => n))) {
    const values = inputs.filter(([n, v]) => n === name && v !== "skip").map(([, v]) => v);
    const chosen = name === "consent" ? values : [choose(name, values)].flat();
    if (name !== "consent") answers[name] = chosen;
    for (const value of chosen) {
      const input = `input[type=${type}][name="${name}"][value="${value}"]`;
      if (!(await page.locator(`main ${input}`).isChecked())) await page.locator(`main label:has(${input})`).tap();
    }
  }
}

/**
 * What a stored response holds, in the shape in which fill returns what was tapped.
 * @param {{answers: object, respondent: object}} response as the API gives it
 * @returns {Record<string, string[]>}
 */
export function stored({ answers, respondent }) {
  return Object.fromEntries(Object.entries({ ...answers, ...respondent }).map(([item, v]) => [item, [v].flat().map(String)]));
}
