// What staff do before a test can look at their pages.

/**
 * Logs in through the login page.
 * @param {import("playwright-core").Page} page
 * @param {import("./server.mjs").Server} server
 * @param {"admin" | "manager" | "auditor"} user one of the demo's accounts
 */
export async function login(page, server, user) {
  await page.goto(`${server.url}/login`);
  await page.locator("input[name=user]").fill(user);
  await page.locator("input[name=password]").fill(server.password);
  await page.locator("main form button:visible").first().click();
  await page.waitForURL(/\/app/);
}
