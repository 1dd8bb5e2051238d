// Takes a picture of every page into docs/screens/, in both languages and on every screen: `make screens`.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { desk, launch, phone, screens } from "./browser.mjs";
import { Server } from "./server.mjs";
import { login } from "./staff.mjs";

const folder = fileURLToPath(new URL("../docs/screens/", import.meta.url));

/**
 * The pages: name of the picture, address, who looks at it, on which screens.
 * @type {{name: string, path: string, as?: string, widths: number[]}[]}
 */
const pages = [
  { name: "home", path: "/", widths: [360, 768, 1440] },
  { name: "form-intro", path: "/s/{onestop}", widths: [320, 360, 768] },
  { name: "login", path: "/login", widths: [360, 1440] },
  { name: "dashboard", path: "/app", as: "manager", widths: [360, 768, 1440] },
  { name: "exports", path: "/app/exports", as: "auditor", widths: [360, 768, 1440] },
  { name: "waves", path: "/app/waves", as: "admin", widths: [360, 768, 1440] },
  { name: "points", path: "/app/points", as: "admin", widths: [360, 768, 1440] },
  { name: "units", path: "/app/units", as: "admin", widths: [360, 768, 1440] },
  { name: "accounts", path: "/app/accounts", as: "admin", widths: [360, 768, 1440] },
];

async function shoot(page, name) {
  await page.evaluate(() => document.fonts.ready);
  writeFileSync(`${folder}${name}.png`, await page.screenshot({ fullPage: true, animations: "disabled", caret: "hide" }));
}

mkdirSync(folder, { recursive: true });
const server = await Server.start();
const browser = await launch();
try {
  const onestop = await server.point("onestop@1");
  for (const { name, path, as, widths } of pages) {
    const context = await (as ? desk(browser) : phone(browser, { hasTouch: true }));
    const page = await context.newPage();
    if (as) await login(page, server, as);
    for (const lang of ["vi", "en"]) {
      for (const width of widths) {
        await page.setViewportSize(screens[width]);
        await page.goto(`${server.url}${path.replace("{onestop}", onestop)}?lang=${lang}`);
        await shoot(page, `${name}-${width}-${lang}`);
      }
    }
    await context.close();
  }
} finally {
  await browser.close();
  await server.stop();
}
