// Every page there is, and how to get to it: what the accessibility test walks through and `make screens` pictures.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { desk, phone } from "./browser.mjs";
import { fill, receipt } from "./citizen.mjs";
import { addPoint, login, moveWave, planWave } from "./staff.mjs";

/**
 * A page: its name, its address or how to get its address, who looks at it, what answers, what to do there first.
 * @typedef {{name: string, at: string | ((world: World) => string), as?: string, status?: number, size?: string,
 *   then?: (page: import("playwright-core").Page, world: World) => Promise<void>}} Page
 * @typedef {{server: import("./server.mjs").Server, onestop: string, pulse: string, moha: string, over: string,
 *   receipt: string}} World
 */

/**
 * Makes what the demo has not got: a form of moha-2023 that is open, one that is over, a receipt, an export.
 * @param {import("./server.mjs").Server} server
 * @param {import("playwright-core").Browser} browser
 * @returns {Promise<World>}
 */
export async function prepare(server, browser) {
  const world = { server, onestop: await server.point("onestop@1"), pulse: await server.point("pulse@1") };
  const office = await desk(browser);
  const sheet = await office.newPage();
  await login(sheet, server, "admin");
  await planWave(sheet, server, { id: "moha-2026", name: "Khảo sát hài lòng 2026", instrument: "moha-2023@1", design: "probability" });
  world.moha = await addPoint(sheet, server, { name: "Bộ phận một cửa", wave: "moha-2026" });
  await moveWave(sheet, server, "moha-2026", "open");
  await planWave(sheet, server, { id: "over-2026", name: "Một chạm, thí điểm", instrument: "pulse@1", unit: "qn.p-uong-bi" });
  world.over = await addPoint(sheet, server, { name: "Quầy số 1", wave: "over-2026" });
  await moveWave(sheet, server, "over-2026", "open");
  const street = await phone(browser);
  const page = await street.newPage();
  for (let i = 0; i < 3; i++) await fill(page, `${server.url}/s/${world.over}`);
  world.receipt = await receipt(page);
  await street.close();
  await moveWave(sheet, server, "over-2026", "close");
  plan(server);
  await note(sheet, server);
  await planWave(sheet, server, { id: "draft-2027", name: "Khảo sát hài lòng 2027", instrument: "moha-2023@1", design: "probability" });
  await office.close();
  return world;
}

// A plan for the sample that is over, one for that which begins; wards without a population, too.
function plan(server) {
  const wards = ["qn.p-uong-bi", "qn.p-mao-khe", "qn.p-yen-tu", "qn.p-ha-long", "qn.p-bai-chay", "qn.p-mong-cai-1"];
  const rows = wards.flatMap((u, i) => [`moha-2023,${u},${60 + 20 * i},${i < 5 ? 9000 + 4000 * i : ""},${i % 2 ? "" : 90 + 20 * i},1.4`, `moha-2026,${u},${350 + i},${20_000 + 1000 * i},,`]);
  const file = join(server.data, "plan.csv");
  writeFileSync(file, ["wave,unit,planned,population,issued,deff", ...rows, ""].join("\n"));
  server.run("import", "plan", file);
}

// A note on the time line, and one that was ended.
async function note(page, server) {
  for (const [kind, vi, en] of [["serve", "Một cửa liên thông đi vào hoạt động", "The joint one-stop desk opened"], ["event", "Bão số 3, nghỉ làm việc hai ngày", ""]]) {
    await page.goto(`${server.url}/app/annotations`);
    await page.locator("#f-on").fill(new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 10));
    await page.locator("#f-kind").selectOption(kind);
    await page.locator("#f-text_vi").fill(vi);
    await page.locator("#f-text_en").fill(en);
    await tap(page, "form.sheet .btn");
    await page.waitForURL(/said=note/);
  }
  await tap(page, "main .t-notes form .btn");
  await page.waitForURL(/said=note_ended/);
}

const tap = (page, what) => page.locator(what).first().click();
const answer = (page, value) => tap(page, `main button.ans[value="${value}"]:visible:enabled`);
const asked = (page, n) => page.locator(".prog b", { hasText: new RegExp(`^(Câu|Question|第) ${n} `) }).waitFor();

// The first statement with faces of moha-2023 comes after its 30 other questions.
async function toStatement(page) {
  for (let n = 1; n <= 30; n++) {
    await asked(page, n);
    await tap(page, "main .answers button.ans-none:visible:enabled, main [data-go=next]:visible");
  }
  await asked(page, 31);
}

async function toPart(page, n) {
  for (let i = 1; i < n; i++) {
    await page.locator(".prog .n", { hasText: new RegExp(`(Phần|Part|第) ${i} `) }).waitFor();
    await tap(page, "main form > .btn");
  }
  await page.locator(".prog .n", { hasText: new RegExp(`(Phần|Part|第) ${n} `) }).waitFor();
}

async function toEnd(page) {
  await answer(page, 4);
  await page.locator("#send").waitFor();
}

/** What citizens see. @type {Page[]} */
export const citizenPages = [
  { name: "access", at: "/accessibility" },
  { name: "home", at: "/" },
  { name: "home-unknown", at: "/?point=zzzzzz", status: 404 },
  { name: "results", at: "/results" },
  { name: "results-unit", at: "/results/qn" },
  { name: "results-unit-few", at: "/results/qn.dk-co-to" },
  { name: "not-found", at: "/there/is/none", status: 404 },
  { name: "form-intro", at: (w) => `/s/${w.moha}` },
  { name: "form-notice", at: (w) => `/s/${w.moha}`, then: (page) => tap(page, "summary") },
  { name: "form-consent-missing", at: (w) => `/s/${w.moha}?start=1`, status: 422 },
  { name: "form-statement", at: (w) => `/s/${w.moha}?consent=1&all=1`, then: toStatement },
  {
    name: "form-chosen", at: (w) => `/s/${w.pulse}?consent=1&all=1`,
    then: async (page) => {
      await answer(page, 4);
      await page.locator("#send").waitFor();
      await tap(page, "[data-go=back]");
      await page.locator("button.ans.on").waitFor();
    },
  },
  { name: "form-matrix", at: (w) => `/s/${w.moha}?consent=1&all=1`, then: (page) => asked(page, 1) },
  { name: "form-choice", at: (w) => `/s/${w.onestop}?consent=1&all=1`, then: (page) => asked(page, 1) },
  {
    name: "form-several", at: (w) => `/s/${w.pulse}?consent=1&all=1`,
    then: async (page) => {
      await answer(page, 1);
      await asked(page, 2);
      await tap(page, "main label.ans:visible");
    },
  },
  { name: "form-end", at: (w) => `/s/${w.pulse}?consent=1&all=1`, then: toEnd },
  {
    name: "form-comment-error", at: (w) => `/s/${w.pulse}?consent=1&all=1`,
    then: async (page) => {
      await toEnd(page);
      await page.locator("#comment").fill("Tôi là Lan, 0912 345 678. Chờ hơi lâu.");
      await tap(page, "#send");
      await page.locator(".errors:visible").waitFor();
    },
  },
  {
    name: "form-offline", at: (w) => `/s/${w.pulse}?consent=1&all=1`,
    then: async (page) => {
      await toEnd(page);
      await page.route("**/api/v1/responses", (route) => route.fulfill({ status: 503, headers: { "Retry-After": "600" }, body: "{}" }));
      await tap(page, "#send");
      await page.locator(".note:not(:empty)").waitFor();
    },
  },
  {
    name: "form-resumed", at: (w) => `/s/${w.onestop}?consent=1&all=1`,
    then: async (page) => {
      await asked(page, 1);
      await tap(page, "main .answers button.ans:visible:enabled");
      await asked(page, 2);
      // The same address again would count as a refresh; whoever comes back scans the code.
      const form = page.url();
      await page.goto(form.replace(/\?.*/, ""));
      await page.goto(form);
      await page.locator("[data-go=afresh]:visible").waitFor();
    },
  },
  {
    name: "form-refused", at: (w) => `/s/${w.pulse}?consent=1&all=1`,
    then: async (page) => {
      await toEnd(page);
      const body = JSON.stringify({ title: "Invalid", detail: "Máy chủ này không biết mẫu phiếu." });
      await page.route("**/api/v1/responses", (route) => route.fulfill({ status: 422, contentType: "application/problem+json", body }));
      await tap(page, "#send");
      await page.locator(".errors:visible").waitFor();
      await page.goto(page.url().replace(/\?.*/, ""));
      await page.locator(".shelf b:not(:empty)").waitFor();
    },
  },
  { name: "form-section", at: (w) => `/s/${w.moha}?consent=1`, then: (page) => toPart(page, 6) },
  { name: "form-section-several", at: (w) => `/s/${w.moha}?consent=1`, then: (page) => toPart(page, 2) },
  {
    name: "form-section-error", at: (w) => `/s/${w.pulse}?consent=1`,
    then: async (page) => {
      await tap(page, "main form > .btn");
      await page.locator("#comment").fill("Tôi là Lan, 0912 345 678. Chờ hơi lâu.");
      await tap(page, "#send");
      await page.locator(".errors").waitFor();
    },
  },
  { name: "thanks", at: (w) => `/r/${w.receipt}?t=1` },
  { name: "receipt", at: (w) => `/r/${w.receipt}` },
  { name: "receipt-unknown", at: "/r/AAAABBBBCCCC", status: 404 },
  { name: "form-unknown", at: "/s/ZZZZZZ", status: 404 },
  { name: "form-closed", at: (w) => `/s/${w.over}`, status: 410 },
  { name: "login", at: "/login" },
  {
    name: "login-error", at: "/login",
    then: async (page) => {
      await page.locator("#u").fill("manager");
      await page.locator("#p").fill("không phải mật khẩu này");
      await tap(page, "form .btn");
      await page.locator("[role=alert]").waitFor();
    },
  },
];

async function openAll(page) {
  for (const more of await page.locator("main details.more").all()) await more.evaluate((d) => (d.open = true));
}

/** Waits until the server has looked through every response for comments. */
async function entered(page) {
  while ((await page.locator(".asof.late").count()) > 0) await page.reload({ waitUntil: "networkidle" });
}

/** What staff see. @type {Page[]} */
export const staffPages = [
  { name: "dashboard", as: "admin", at: "/app?wave=moha-2023" },
  { name: "dashboard-manager", as: "manager", at: "/app?wave=onestop&period=all" },
  { name: "dashboard-pulse", as: "admin", at: "/app?wave=pulse" },
  { name: "dashboard-open", as: "admin", at: "/app?wave=moha-2023", then: openAll },
  { name: "dashboard-few", as: "admin", at: "/app?wave=over-2026&unit=qn.p-uong-bi" },
  { name: "dashboard-none", as: "admin", at: "/app?wave=moha-2026" },
  { name: "book", as: "admin", at: "/app/book?unit=qn.h.uong-bi&year=2019" },
  { name: "book-league", as: "auditor", at: "/app/book/league?type=sipas-2017&year=2019" },
  { name: "book-edit", as: "admin", at: "/app/book/edit?unit=qn.h.uong-bi&type=dgi-949&year=2019" },
  { name: "book-edit-sources", as: "admin", at: "/app/book/edit?unit=qn.h.uong-bi&type=par-index-district&year=2019" },
  { name: "book-edit-survey", as: "admin", at: "/app/book/edit?unit=qn.p-uong-bi&type=sipas-2023&year=2026" },
  { name: "book-edit-choose", as: "admin", at: "/app/book/edit?unit=qn.h.uong-bi" },
  { name: "units-then", as: "admin", at: "/app/units?on=2019-06-30" },
  { name: "book-conference", as: "admin", at: "/app/book/conference?unit=qn.h.uong-bi&year=2019" },
  { name: "book-conference-all", as: "auditor", at: "/app/book/conference?unit=qn&year=2026" },
  { name: "book-conference-print", as: "admin", at: "/app/book/conference?unit=qn.h.uong-bi&year=2019", size: "A4" },
  { name: "book-rules", as: "admin", at: "/app/book/rules?unit=qn" },
  { name: "book-types", as: "auditor", at: "/app/book/types" },
  { name: "book-type", as: "admin", at: "/app/book/types?type=one-stop-2018" },
  { name: "book-together", as: "admin", at: "/app/book/together?year=2019" },
  { name: "book-history", as: "auditor", at: "/app/book/history?unit=qn.h.uong-bi&year=2019" },
  { name: "heatmap", as: "admin", at: "/app/heatmap?wave=moha-2023" },
  { name: "heatmap-factors", as: "admin", at: "/app/heatmap?wave=moha-2023&by=factor&page=2" },
  { name: "heatmap-onestop", as: "admin", at: "/app/heatmap?wave=onestop&period=all" },
  { name: "ranks", as: "admin", at: "/app/ranks?wave=moha-2023" },
  { name: "ranks-onestop", as: "admin", at: "/app/ranks?wave=onestop" },
  { name: "unit", as: "manager", at: "/app/units/qn.p-uong-bi?wave=onestop&period=all" },
  { name: "unit-moha", as: "admin", at: "/app/units/qn.p-uong-bi?wave=moha-2023" },
  { name: "report", as: "admin", at: "/app/report?wave=moha-2023" },
  { name: "report-onestop", as: "manager", at: "/app/report?wave=onestop&period=all" },
  { name: "report-few", as: "admin", at: "/app/report?wave=over-2026&unit=qn.p-uong-bi" },
  { name: "compare-periods", as: "admin", at: "/app/compare?wave=moha-2023&unit=qn" },
  { name: "compare-units", as: "admin", at: "/app/compare?wave=moha-2023&by=unit&unit=qn.p-uong-bi&with=qn.p-mao-khe" },
  { name: "compare-family", as: "admin", at: "/app/compare?wave=moha-2023&by=family&unit=qn.p-uong-bi" },
  { name: "compare-method", as: "admin", at: "/app/compare?wave=moha-2023&vs=w:moha-2017&unit=qn" },
  { name: "compare-plain", as: "manager", at: "/app/compare?wave=onestop" },
  { name: "fieldwork", as: "admin", at: "/app/fieldwork?wave=moha-2023" },
  { name: "fieldwork-open", as: "admin", at: "/app/fieldwork?wave=moha-2026" },
  { name: "fieldwork-none", as: "admin", at: "/app/fieldwork?wave=draft-2027" },
  { name: "plan", as: "admin", at: "/app/fieldwork/plan?wave=moha-2023" },
  { name: "plan-error", as: "admin", at: "/app/fieldwork/plan?wave=moha-2023&margin=x", status: 422 },
  { name: "annotations", as: "admin", at: "/app/annotations" },
  { name: "explain", as: "admin", at: "/app/explain?wave=moha-2023&figure=factor:service.feedback" },
  { name: "breakdown", as: "admin", at: "/app/breakdown?wave=moha-2023&by=age" },
  { name: "breakdown-plain", as: "admin", at: "/app/breakdown?wave=onestop&by=service" },
  { name: "breakdown-few", as: "admin", at: "/app/breakdown?wave=moha-2023&unit=qn.dk-co-to&by=education" },
  { name: "drivers", as: "admin", at: "/app/drivers?wave=moha-2017" },
  { name: "drivers-not-asked", as: "admin", at: "/app/drivers?wave=moha-2023" },
  { name: "explain-group", as: "admin", at: "/app/explain?wave=moha-2023&by=gender&group=f&figure=factor:service.feedback" },
  { name: "units", as: "admin", at: "/app/units" },
  { name: "units-search", as: "admin", at: "/app/units?q=uông+bí&past=1" },
  { name: "waves", as: "admin", at: "/app/waves" },
  { name: "wave", as: "admin", at: "/app/waves/moha-2023" },
  { name: "wave-new", as: "admin", at: "/app/waves/new" },
  {
    name: "wave-error", as: "admin", at: "/app/waves/new",
    then: async (page) => {
      await page.locator("#f-name").fill("Khảo sát quý IV");
      await page.locator("#f-id").fill("Quý IV");
      await page.locator("#f-from").fill("2026-12-31");
      await page.locator("#f-to").fill("2026-10-01");
      await page.locator("input[name=instrument]").first().check();
      await tap(page, "form.sheet .btn");
      await page.locator("[role=alert]").waitFor();
    },
  },
  { name: "wave-sampling", as: "admin", at: "/app/waves/draft-2027/sampling" },
  { name: "wave-open", as: "admin", at: "/app/waves/draft-2027/open" },
  { name: "wave-publish", as: "admin", at: "/app/waves/over-2026/publish" },
  { name: "points", as: "admin", at: (w) => `/app/points?point=${w.onestop}` },
  { name: "points-manager", as: "manager", at: "/app/points" },
  { name: "point-new", as: "admin", at: "/app/points/new" },
  {
    name: "point-error", as: "admin", at: "/app/points/new",
    then: async (page) => {
      await page.locator("#f-name").evaluate((i) => i.removeAttribute("required"));
      await tap(page, "form.sheet .btn");
      await page.locator("[role=alert]").waitFor();
    },
  },
  { name: "devices", as: "admin", at: "/app/devices" },
  { name: "device-new", as: "admin", at: "/app/devices/new" },
  {
    name: "device", as: "admin", at: "/app/devices",
    then: async (page) => {
      await tap(page, "main table tbody a");
      await page.locator("main dl.kv").waitFor();
    },
  },
  {
    name: "device-revoke", as: "admin", at: "/app/devices",
    then: async (page) => {
      await tap(page, "main table tbody a");
      await tap(page, "main .head a.danger");
      await page.locator("main .ask").waitFor();
    },
  },
  {
    name: "pairing", as: "admin", at: "/app/devices/new",
    then: async (page) => {
      await page.locator("#f-name").fill("Máy bảng quầy 3");
      await tap(page, "form.sheet .btn");
      await page.locator(".pair-code").waitFor();
    },
  },
  { name: "settings", as: "admin", at: "/app/settings?unit=qn" },
  {
    name: "settings-error", as: "admin", at: "/app/settings?unit=qn",
    then: async (page) => {
      await page.locator("#h-sat").fill("7:30 đến trưa");
      await page.locator("#f-idle").fill("2");
      await tap(page, "form.sheet .btn");
      await page.locator("[role=alert]").waitFor();
    },
  },
  { name: "quality", as: "admin", at: "/app/quality?wave=pulse" },
  { name: "quality-none", as: "manager", at: "/app/quality?wave=onestop&state=rejected" },
  {
    name: "quality-one", as: "manager", at: "/app/quality?wave=pulse&state=quarantined",
    then: (page) => Promise.all([page.waitForURL(/quality\/\d+/), tap(page, ".t-sus tbody a")]),
  },
  {
    name: "quality-error", as: "manager", at: "/app/quality?wave=pulse&state=quarantined",
    then: async (page) => {
      await Promise.all([page.waitForURL(/quality\/\d+/), tap(page, ".t-sus tbody a")]);
      await page.locator("#f-note").evaluate((i) => i.removeAttribute("required"));
      await tap(page, "form.sheet .btn");
      await page.locator("[role=alert]").waitFor();
    },
  },
  { name: "comments", as: "admin", at: "/app/comments?wave=onestop", then: (page) => entered(page) },
  { name: "comments-found", as: "admin", at: '/app/comments?wave=onestop&q="tre hen"', then: (page) => entered(page) },
  { name: "comments-hidden", as: "admin", at: "/app/comments?wave=onestop&state=hidden", then: (page) => entered(page) },
  { name: "comments-none", as: "manager", at: "/app/comments?wave=onestop&q=atlantis" },
  {
    name: "comment-raw", as: "auditor", at: '/app/comments?wave=onestop&q="goi lai cho toi so"',
    then: async (page) => {
      await entered(page);
      await Promise.all([page.waitForURL(/comments\/\d+/), tap(page, ".cmts .meta a:last-child")]);
    },
  },
  { name: "rules", as: "admin", at: "/app/waves/onestop/rules" },
  { name: "poster", as: "admin", at: (w) => `/app/points/${w.moha}/poster`, size: "A4" },
  {
    name: "exports", as: "auditor", at: "/app/exports",
    then: async (page, { server }) => {
      if ((await page.locator("#jobs .job").count()) > 0) return;
      for (const wave of ["onestop", "moha-2023"]) {
        await page.goto(`${server.url}/app/exports`);
        await page.locator("#f-wave").selectOption(wave);
        await tap(page, "form.filters .btn");
        await page.locator("#jobs .job .chip.ok").first().waitFor();
      }
      await page.goto(`${server.url}/app/exports`);
    },
  },
  { name: "codebook", as: "auditor", at: "/app/codebook/onestop@1" },
  { name: "accounts", as: "admin", at: "/app/accounts" },
  {
    name: "accounts-token", as: "admin", at: "/app/accounts",
    then: async (page) => {
      await page.locator("#t-name").fill(`thong-ke-${Date.now()}`);
      await page.locator("#t-role").selectOption("auditor");
      await tap(page, "form[action='/app/tokens'] .btn");
      await page.locator(".token").waitFor();
    },
  },
  { name: "app-not-found", as: "manager", at: "/app/units/qn", status: 404 },
];

/**
 * Goes to a page and makes it what its name says.
 * @param {import("playwright-core").Page} page signed in where the page needs it
 * @param {Page} what
 * @param {World} world
 */
export async function visit(page, { at, status = 200, then }, world) {
  const answer = await page.goto(world.server.url + (typeof at === "string" ? at : at(world)));
  if (answer.status() !== status) throw new Error(`${answer.url()} answered ${answer.status()}, not ${status}`);
  await then?.(page, world);
}
