// axe-core finds nothing on the pages people use most, on a phone and on an office screen, in both languages.
import { test } from "node:test";
import { noViolations } from "./axe.mjs";
import { desk, noSidewaysScroll, phone, screens, sharedBrowser } from "./browser.mjs";
import { fill } from "./citizen.mjs";
import { sharedServer } from "./server.mjs";
import { login } from "./staff.mjs";

const server = sharedServer();
const browser = sharedBrowser();

for (const lang of ["vi", "en"]) {
  test(`form and thank-you page, ${lang}`, async () => {
    const context = await phone(browser());
    const page = await context.newPage();
    const code = await server().point("onestop@1");
    await fill(page, `${server().url}/s/${code}?lang=${lang}`, { each: noViolations });
    await noViolations(page);
    await context.close();
  });

  test(`login, dashboard and exports, ${lang}`, async () => {
    const context = await desk(browser());
    const page = await context.newPage();
    await page.goto(`${server().url}/login?lang=${lang}`);
    await noViolations(page);
    await login(page, server(), "admin");
    for (const path of ["/app", "/app/exports"]) {
      for (const size of [360, 1440]) {
        await page.setViewportSize(screens[size]);
        await page.goto(`${server().url}${path}?lang=${lang}`);
        await noViolations(page);
        await noSidewaysScroll(page);
      }
    }
    await context.close();
  });
}
