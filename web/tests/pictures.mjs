// pictures.mjs OUT RUN RUNS: cuts the pictures of README.md and docs/report.md out of built pages: RUN
// is the page of a run, RUNS the folder of the runs and studies that scripts/pictures.sh, which calls
// it, has made.
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [out, run, runs] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});

async function open(file, width, height) {
  const page = await browser.newPage({
    viewport: { width, height },
    reducedMotion: "reduce",
    colorScheme: "light",
  });
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector("footer");
  await page.waitForTimeout(500);
  return page;
}

/** What stands at `selector`, at most `most` pixels of its height. */
async function cut(page, name, selector, most = Infinity) {
  const place = page.locator(selector).first();
  await place.scrollIntoViewIfNeeded();
  await page.waitForTimeout(500); // a chart draws itself when it comes into sight
  const box = await place.boundingBox();
  const top = await page.evaluate(() => scrollY);
  const clip = { ...box, y: box.y + top, height: Math.min(box.height, most) };
  await page.screenshot({ path: `${out}/${name}.png`, clip, fullPage: true });
}

const whole = await open(run, 1180, 1380);
await whole.screenshot({ path: `${out}/report.png` });

const page = await open(run, 1000, 900);
await page.addStyleTag({ content: "nav { position: static !important }" });
await cut(page, "report-tiles", ".tiles");
await cut(page, "report-equity", 'figure[data-id="equity"]');
await cut(page, "report-result", "#result .bars");
await cut(page, "report-funnel", "#funnel .bars");
await cut(page, "report-table", "#positions .table", 420);
for (const [name, id] of [
  ["histogram", "histogram"],
  ["excursions", "excursions"],
  ["hours", "hours"],
  ["fee", "by-fee"],
  ["pressure", "deciles"],
]) {
  await cut(page, `report-${name}`, `figure.figure[data-id="${id}"]`);
}
await page.locator("#positions tbody button.link").first().click();
await page.waitForTimeout(800);
await cut(page, "report-price", 'figure[data-id="price"]');
await cut(page, "report-position", ".story", 760);

/** Figures of one page, by the name of their picture. */
async function cuts(folder, figures) {
  const page = await open(`${runs}/${folder}/report.html`, 1000, 900);
  await page.addStyleTag({ content: "nav { position: static !important }" });
  for (const [name, figure] of Object.entries(figures)) await cut(page, name, figure);
}

const of = (id) => `figure[data-id="${id}"]`;
await cuts("waits", {
  "report-components": of("components"),
  "report-holding": of("holding"),
  "report-markouts": of("markouts"),
  "report-states": 'figure.chart[data-id="hours"]',
});
await cuts("ablation", { "study-ablation": of("ablation") });
await cuts("sweep", { "study-sweep": of("map-0"), "study-lines": of("parallel") });
await cuts("walk", { "study-walkforward": of("folds") });
await cuts("band", { "study-band": of("band") });
await cuts("compare", { "study-compared": of("compared"), "study-differences": of("differences") });
await cuts("evaluate", {
  "evaluate-forecasts": of("dm-15"),
  "evaluate-compression": of("deciles-sigma-15"),
  "evaluate-decay": of("edge"),
  "evaluate-vpin": of("vpin-ln_variance"),
  "evaluate-makers": of("markouts-accepted"),
  "evaluate-horizon": of("break-even"),
  "evaluate-capacity": of("ladder"),
});
const index = await open(`${runs}/index.html`, 1000, 900);
await cut(index, "index", "main", 700);
await browser.close();
