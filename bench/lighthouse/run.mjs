// Lighthouse for a phone over the form of a demo server, in the Chromium of the machine.
//   cd bench/lighthouse && npm ci && node run.mjs
import { writeFileSync, mkdirSync } from "node:fs";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { Server } from "../../e2e/server.mjs";

const server = await Server.start();
const chrome = await launch({ chromePath: process.env.CHROME_PATH ?? "/usr/bin/chromium", chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"] });
try {
  for (const instrument of ["onestop@1", "pulse@1"]) {
    const point = await server.point(instrument);
    for (const [name, address] of [["intro", `/s/${point}`], ["form", `/s/${point}?consent=1&all=1`]]) {
      const { lhr, report } = await lighthouse(server.url + address, { port: chrome.port, output: "json", onlyCategories: ["performance", "accessibility", "best-practices"] });
      const score = (c) => Math.round(lhr.categories[c].score * 100);
      const bytes = lhr.audits["network-requests"].details.items.reduce((sum, r) => sum + r.transferSize, 0);
      console.log(`${instrument} ${name}: performance ${score("performance")}, accessibility ${score("accessibility")}, best practices ${score("best-practices")}; ${bytes} bytes on the wire`);
      for (const c of Object.values(lhr.categories))
        for (const ref of c.auditRefs) {
          const a = lhr.audits[ref.id];
          if (ref.weight > 0 && a.score !== null && a.score < 0.9) console.log(`  ${c.id}: ${a.title} ${a.displayValue ?? ""}`);
        }
      mkdirSync("../out", { recursive: true });
      writeFileSync(`../out/lighthouse-${instrument}-${name}.json`, report);
    }
  }
} finally {
  await chrome.kill();
  await server.stop();
}
