// pictures.mjs OUT RUN SWEEP WALK ABLATION BAND: cuts the pictures of README.md and docs/report.md
// out of built pages. Called by scripts/pictures.sh.
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [out, run, sweep, walk, ablation, band] = process.argv.slice(2);
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

for (const [name, file, selector] of [
  ["ablation", ablation, 'figure[data-id="ablation"]'],
  ["sweep", sweep, 'figure[data-id^="map-"]'],
  ["walkforward", walk, 'figure[data-id="folds"]'],
  ["band", band, 'figure[data-id="band"]'],
]) {
  await cut(await open(file, 1000, 900), `study-${name}`, selector);
}
await browser.close();
