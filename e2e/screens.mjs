// Takes a picture of every page into docs/screens/, in both languages and on every screen: `make screens`.
// `node screens.mjs kiosk` takes those of the kiosk alone, `node screens.mjs "points|device"` those of pages whose names
// begin so; the others stay as they are.
// Where pngquant is installed the pictures get a palette without dithering, which makes them a third as large.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { desk, launch, screens } from "./browser.mjs";
import { citizenPages, prepare, staffPages, visit } from "./pages.mjs";
import { kioskPictures } from "./kiosk_pictures.mjs";
import { Server } from "./server.mjs";
import { login } from "./staff.mjs";

const folder = fileURLToPath(new URL("../docs/screens/", import.meta.url));
const only = process.argv[2];
const wanted = new RegExp(`^(${only ?? ""})`);
const languages = { vi: "vi-VN", en: "en-GB" };

// What is seen on paper is looked at on paper; what differs little from one width to the next is taken at two.
const few = new Set(["form-notice", "form-chosen", "form-matrix", "form-choice", "form-several", "form-end", "form-comment-error",
  "form-offline", "form-resumed", "form-refused", "form-section-several", "form-section-error", "receipt", "receipt-unknown", "form-unknown",
  "home-unknown", "results-unit-few", "dashboard-open", "dashboard-few", "dashboard-none", "report-few", "wave-error", "point-error",
  "accounts-token", "app-not-found", "not-found", "units-search", "wave-open", "wave-publish", "points-manager", "compare-method", "compare-plain", "fieldwork-none", "plan-error", "book-edit-survey", "book-edit-choose"]);

// The second language is pictured at fewer widths: its words differ, its layout does not.
function widths({ name, as, size }, lang) {
  if (size === "A4") return ["A4"];
  if (name === "dashboard-open" || name === "book-conference-all") return lang === "vi" ? [1440] : [];
  if (few.has(name)) return as ? [360, 1440] : [320, 768];
  if (lang !== "vi") return as ? [360, 1440] : [360, 768];
  return as ? [360, 768, 1440] : [320, 360, 768, 1440];
}

async function picture(page, width) {
  if (width === "A4") {
    await page.setViewportSize({ width: 794, height: 1123 }); // A4 at 96 px an inch
    await page.emulateMedia({ media: "print" });
  } else await page.setViewportSize(screens[width]);
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate(() => scrollTo(0, 0));
  await page.mouse.move(0, 0); // or what it last pressed looks pointed at
  return page.screenshot({ fullPage: width !== "A4", animations: "disabled", caret: "hide" });
}

function quantise() {
  const files = readdirSync(folder).filter((f) => f.endsWith(".png") && wanted.test(f)).map((f) => folder + f);
  try {
    execFileSync("pngquant", ["--force", "--ext", ".png", "--skip-if-larger", "--nofs", "--speed", "3", "64", "--", ...files], { stdio: "pipe" });
  } catch (err) {
    // 98: no smaller file came out of some; anything else than a missing program is worth a look.
    if (err.status !== 98) console.log(err.code === "ENOENT" ? "screens: without pngquant the pictures stay large" : String(err.stderr));
  }
  const bytes = files.reduce((sum, f) => sum + statSync(f).size, 0);
  console.log(`screens: ${files.length} pictures, ${(bytes / 1e6).toFixed(1)} MB`);
}

async function everyPage() {
  const world = await prepare(server, browser);
  for (const [lang, locale] of Object.entries(languages)) {
    const sessions = {};
    for (const what of [...citizenPages, ...staffPages].filter(({ name }) => wanted.test(name))) {
      if (what.as && !sessions[what.as]) {
        const context = await desk(browser, { locale });
        await login(await context.newPage(), server, what.as);
        sessions[what.as] = await context.storageState();
        await context.close();
      }
      const context = await desk(browser, { locale, storageState: sessions[what.as] });
      const page = await context.newPage();
      await page.setViewportSize(screens[360]);
      await visit(page, what, world);
      for (const width of widths(what, lang)) writeFileSync(`${folder}${what.name}-${width}-${lang}.png`, await picture(page, width));
      await context.close();
    }
  }
}

if (!only) rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const server = await Server.start();
const browser = await launch();
try {
  if (only !== "kiosk") await everyPage();
  if (!only || only === "kiosk") await kioskPictures(server, browser, folder);
} finally {
  await browser.close();
  await server.stop();
}
quantise();
