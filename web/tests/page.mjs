// page.mjs SHOTS KIND=FILE…: opens built pages in a real browser and uses them as a reader would.
// KIND is run, study or index; sweep, evaluate and compare are studies looked at more closely. Fails at the first thing that is not as it should be; leaves
// screenshots and the print in SHOTS. Called by scripts/page_test.sh.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [shots, ...pages] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});

async function open(file, { width, scheme = "light" }) {
  const context = await browser.newContext({
    reducedMotion: "reduce",
    viewport: { width, height: 900 },
    colorScheme: scheme,
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => {
    if (!/^(file|data|blob):/.test(request.url())) faults.push(`request: ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector("footer");
  return { page, faults, context };
}

/** Everything scrolled through once, so that every chart has been in sight. */
async function wake(page) {
  await page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
    for (let y = 0; y < document.body.scrollHeight; y += 400) {
      scrollTo({ top: y, behavior: "instant" });
      await frame();
      await frame();
    }
    scrollTo({ top: 0, behavior: "instant" });
  });
  await page.waitForFunction(() => !document.querySelector(".plot:empty"));
}

async function accessible(page, name) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  const words = violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.length}: ${nodes[0]?.html.slice(0, 160)})`,
  );
  assert.deepEqual(words, [], `${name}: axe-core`);
}

/** Colours of a canvas: a chart that drew nothing has one. */
function inks(canvas) {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set();
  for (let i = 0; i < data.length; i += 4) {
    seen.add((data[i] << 24) | (data[i + 1] << 16) | (data[i + 2] << 8) | data[i + 3]);
  }
  return seen.size;
}

/** Another one for another picture. */
function hash(canvas) {
  let sum = 7;
  for (const c of canvas.toDataURL()) sum = (sum * 31 + c.charCodeAt(0)) % 2147483647;
  return sum;
}

async function saved(page, button, ending) {
  const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
  assert.ok(file.suggestedFilename().endsWith(ending), file.suggestedFilename());
  return readFileSync(await file.path());
}

async function charts(page) {
  const canvases = page.locator("figure.chart canvas");
  const count = await canvases.count();
  assert.ok(count >= 8, `${count} charts`);
  for (let i = 0; i < count; ++i) assert.ok((await canvases.nth(i).evaluate(inks)) > 3);
  assert.equal(await page.locator(".fault").count(), 0, "a part could not be drawn");
}

/** Zooming one chart by the keyboard zooms another, and what is shown changes. */
async function zoomed(page) {
  const price = page.locator('figure[data-id="price"] .plot');
  const equity = page.locator('figure[data-id="components"] canvas');
  await price.focus();
  await page.keyboard.press("0"); // at first the minutes that there are, not the whole window
  await equity.scrollIntoViewIfNeeded();
  await page.waitForTimeout(300);
  const before = await equity.evaluate(hash);
  await price.focus();
  for (let i = 0; i < 5; ++i) await page.keyboard.press("+");
  await equity.scrollIntoViewIfNeeded();
  await page.waitForTimeout(300);
  assert.notEqual(await equity.evaluate(hash), before, "the other chart did not follow");
  await price.focus();
  await page.keyboard.press("0");
  await equity.scrollIntoViewIfNeeded();
  await page.waitForTimeout(300);
  assert.equal(await equity.evaluate(hash), before, "0 does not show all again");
}

async function tables(page) {
  const table = page.locator("#positions .table").first();
  const rows = table.locator("tbody tr");
  const more = table.locator("button.more");
  if (await more.isVisible()) await more.click();
  const all = await rows.count();
  if (all < 16) return; // no tools for so few
  const net = table.locator("th button", { hasText: /^net$/ });
  const first = () => rows.first().locator("td").nth(1).textContent();
  await net.click();
  const lowest = await first();
  await net.click();
  const highest = await first();
  const value = (text) => Number(text.replaceAll("\u202f", "").replace("−", "-"));
  assert.ok(value(highest) > value(lowest), `${highest} after ${lowest}`);
  assert.equal(await table.locator('th[aria-sort="descending"]').textContent(), "net");
  await table.getByRole("searchbox").fill("short");
  const found = await rows.count();
  assert.ok(found > 0 && found < all, `${found} of ${all} rows hold "short"`);
  await table.getByRole("searchbox").fill("");
  await table.locator("select").first().selectOption({ index: 1 });
  assert.ok((await rows.count()) < all);
  const csv = await saved(page, table.getByRole("button", { name: /CSV/ }), ".csv");
  assert.equal(csv.toString().trim().split("\r\n").length, (await rows.count()) + 1);
  assert.ok(!csv.toString().includes("−"), "minus signs that a program cannot read");
  await table.locator("select").first().selectOption("");
}

/** A position opens with its minutes, its orders and its fills, by the keyboard alone. */
async function position(page) {
  const button = page.locator("#positions tbody button.link").first();
  if ((await button.count()) === 0) return;
  const name = await button.textContent();
  const price = page.locator('figure[data-id="price"] canvas');
  const before = await price.evaluate(hash);
  await button.focus();
  await page.keyboard.press("Enter");
  const story = page.locator(".story");
  await story.waitFor();
  assert.ok((await story.textContent()).includes(name));
  assert.ok((await story.locator("table").count()) >= 2, "orders and fills");
  await page.waitForTimeout(300);
  assert.notEqual(await price.evaluate(hash), before, "the price does not show its minutes");
  await page.screenshot({ path: `${shots}/position.png` });
  const closeUps = story.locator("svg[role=img]");
  if (process.env.TOXVOL_CLOSE_UPS) {
    assert.equal(await closeUps.count(), 2, "quotes and trades around entry and exit");
    assert.ok((await closeUps.first().locator("circle").count()) > 3, "trades");
  }
  await page.keyboard.press("Escape");
  assert.equal(await story.count(), 0, "Escape closes it");
}

/** A window that was made wider shows as much as one that was wide from the beginning. */
async function widened(file, equity) {
  const { page, context } = await open(file, { width: 500 });
  await wake(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  const canvas = page.locator('figure[data-id="equity"] canvas');
  await canvas.scrollIntoViewIfNeeded();
  await page.waitForTimeout(500);
  assert.equal(await canvas.evaluate(hash), equity, "a wider window draws another line");
  await context.close();
}

async function run(file) {
  const begun = Date.now();
  const { page, faults, context } = await open(file, { width: 1440 });
  console.log(`run: opened in ${Date.now() - begun} ms`);
  await wake(page);
  await charts(page);
  await widened(file, await page.locator('figure[data-id="equity"] canvas').evaluate(hash));
  await page.screenshot({ path: `${shots}/run-1440.png`, fullPage: true });
  // `net` is in sight without scrolling aside.
  const head = page.locator("#positions .table").first().getByRole("columnheader", { name: "net" });
  const box = await head.boundingBox();
  assert.ok(box === null || box.x + box.width < 1440, "net is out of sight at 1440 px");
  await zoomed(page);
  if (process.env.TOXVOL_CLOSE_UPS) await drawn(page, "markouts", "polyline");
  await tables(page);
  await position(page);
  const png = await saved(
    page,
    page.locator('figure[data-id="equity"]').getByRole("button", { name: /PNG/ }),
    ".png",
  );
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  await accessible(page, "run, light");
  await page.emulateMedia({ media: "print" });
  const print = await page.pdf({ path: `${shots}/run.pdf`, format: "A4", printBackground: true });
  const sheets = print.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  console.log(`run: prints on ${sheets} sheets`);
  assert.ok(sheets > 0 && sheets <= 12, `prints on ${sheets} sheets`);
  assert.deepEqual(faults, []);
  await context.close();

  await old(file);

  const phone = await open(file, { width: 390, scheme: "dark" });
  await wake(phone.page);
  const aside = await phone.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.ok(aside <= 0, `a phone scrolls ${aside} px aside`);
  await phone.page.screenshot({ path: `${shots}/run-390-dark.png`, fullPage: true });
  await accessible(phone.page, "run, dark, phone");
  assert.deepEqual(phone.faults, []);
  await phone.context.close();
}

/** A browser that cannot inflate still shows the head, and says what is wrong and what to do. */
async function old(file) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(() => delete globalThis.DecompressionStream);
  await page.goto(pathToFileURL(file).href);
  const said = await page.locator(".fault").textContent();
  assert.match(said, /^The rest of this report could not be drawn: this browser cannot inflate it/);
  assert.match(said, /Chrome 103, Firefox 113, Safari 16.4 or later\.$/);
  assert.ok((await page.locator("h1").textContent()).length > 20, "no headline");
  assert.equal(await page.locator("section").count(), 0);
  // One that cannot even run the page's script.
  const text = readFileSync(file, "utf8");
  await page.setContent(text.replace('<script type="module"', '<script type="of the future"'));
  assert.match(await page.locator("main").innerText(), /the browser is too old for this report/);
  await context.close();
}

/** Where the answer to a question is expected, something is drawn and told in words. */
async function drawn(page, id, marks) {
  const box = page.locator(`figure[data-id="${id}"]`);
  assert.equal(await box.count(), 1, `${id}: one figure`);
  assert.ok((await box.locator("svg").locator(marks).count()) > 0, `${id}: nothing is drawn`);
  const words = await box.locator(".finding").last().textContent();
  assert.ok(words.length > 20, `${id}: no words`);
  assert.ok((await box.locator("svg").getAttribute("aria-label")).includes(words), `${id}: label`);
}

/** Nothing drawn lies outside its picture. */
async function inside(page) {
  const outside = await page.evaluate(() =>
    [...document.querySelectorAll("figure.figure svg")].flatMap((picture) => {
      const { width, height } = picture.viewBox.baseVal;
      return [...picture.children]
        .filter((one) => {
          const box = one.getBBox();
          return (
            box.x < -1 ||
            box.y < -4 ||
            box.x + box.width > width + 1 ||
            box.y + box.height > height + 4
          );
        })
        .map((one) => `${picture.closest("figure").dataset.id}: ${one.outerHTML.slice(0, 120)}`);
    }),
  );
  assert.deepEqual(outside, [], "drawn outside of the picture");
}

async function evaluated(page) {
  const parts = ["findings", "forecasts", "compression", "decay", "vpin", "makers", "costs"];
  for (const id of [...parts, "horizon", "capacity"]) {
    assert.equal(await page.locator(`section#${id} h2`).count(), 1, `no part ${id}`);
    assert.equal(await page.locator(`nav a[href="#${id}"]`).count(), 1, `no way to ${id}`);
  }
  await drawn(page, "qlike-15", "rect");
  await drawn(page, "dm-15", "rect");
  await drawn(page, "deciles-sigma-15", "rect");
  await drawn(page, "edge", "polyline");
  await drawn(page, "needed", "polyline");
  await drawn(page, "break-even", "polyline");
  await drawn(page, "ladder", "rect");
  await drawn(page, "markouts-fill", "polyline");
  assert.ok(!(await page.locator("main").textContent()).includes("not_applicable"));
}

async function compared(page) {
  const plot = page.locator('figure[data-id="compared"] canvas');
  assert.ok((await plot.evaluate(inks)) > 3, "no equity");
  await drawn(page, "differences", "rect");
  const rows = page.locator("#results tbody tr");
  assert.ok((await rows.count()) > 20, "few results");
  assert.equal(await rows.first().locator("td").count(), 3, "a column for each run");
}

/** Each point can be picked by keys alone, and is told. */
async function lines(page) {
  const box = page.locator('figure[data-id="parallel"]');
  const picture = box.locator("svg");
  const said = box.locator(".picked");
  const all = await box.locator("polyline").count();
  assert.ok(all >= 2, "a line for each point");
  const thick = () => box.locator('polyline[stroke-width="4"]').count();
  await picture.focus();
  await page.keyboard.press("Home");
  assert.match(await said.textContent(), new RegExp(`^1 of ${all}: .* bp a day: .* = `));
  const first = await said.textContent();
  await page.keyboard.press("ArrowRight");
  assert.match(await said.textContent(), new RegExp(`^2 of ${all}: `));
  assert.equal(await thick(), 1);
  await page.keyboard.press("ArrowLeft");
  assert.equal(await said.textContent(), first);
  await page.keyboard.press("End");
  assert.match(await said.textContent(), new RegExp(`^${all} of ${all}: `));
  await page.keyboard.press("Escape");
  assert.equal(await thick(), 0);
  await box.locator("summary").click();
  await box.locator("tbody tr").first().waitFor(); // it is made when it is opened
  assert.equal(await box.locator("tbody tr").count(), all, "the same as a table");
}

const CLOSER = { evaluate: evaluated, compare: compared, sweep: lines };

async function plain(file, kind) {
  const name = `${kind}-${file.split("/").at(-2)}`;
  const { page, faults, context } = await open(file, { width: 1440 });
  await wake(page);
  assert.equal(await page.locator(".fault").count(), 0, "a part could not be drawn");
  assert.ok((await page.locator("tbody tr").count()) > 0, `${name}: rows`);
  await inside(page);
  await CLOSER[kind]?.(page);
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
  await accessible(page, name);
  assert.deepEqual(faults, []);
  await context.close();

  const phone = await open(file, { width: 390, scheme: "dark" });
  await wake(phone.page);
  const aside = await phone.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.ok(aside <= 0, `${name}: a phone scrolls ${aside} px aside`);
  await phone.page.screenshot({ path: `${shots}/${name}-390-dark.png`, fullPage: true });
  await accessible(phone.page, `${name}, dark, phone`);
  assert.deepEqual(phone.faults, []);
  await phone.context.close();
}

try {
  for (const one of pages) {
    const [kind, file] = one.split("=");
    if (kind === "run") await run(file);
    else await plain(file, kind);
    console.log(`${kind}: ok`);
  }
} finally {
  await browser.close();
}
