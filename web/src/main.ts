import "./style.css";
import { bars } from "./bars";
import { chart, redrawOnTheme, zoom, zoomOut } from "./charts";
import { attempt, el, part } from "./dom";
import type { Run } from "./model";
import { table } from "./table";

function head(run: Run): HTMLElement {
  const header = el("header", {}, el("p", { class: "run" }, run.title));
  header.append(
    el("div", { class: "badges" }, ...run.badges.map((badge) =>
      el("span", { class: `badge ${badge.tone}`, title: badge.meaning }, badge.text))),
    el("h1", { class: run.headline.tone }, run.headline.text),
    ...run.headline.notes.map((note) => el("p", { class: "lead" }, note)),
  );
  if (run.badges.length) {
    header.append(el("dl", { class: "meanings" }, ...run.badges.flatMap((badge) =>
      [el("dt", {}, badge.text), el("dd", {}, badge.meaning)])));
  }
  header.append(el("div", { class: "tiles" }, ...run.tiles.map((tile) =>
    el("div", { class: "tile" }, el("span", { class: "tile-label" }, tile.label),
      el("strong", {}, tile.value), el("span", { class: "tile-note" }, tile.note)))));
  return header;
}

const PARTS: [string, string][] = [
  ["equity-part", "Equity"], ["result", "Result"], ["price-part", "Price"], ["factors", "Factors"],
  ["funnel", "Funnel"], ["positions", "Positions"], ["data", "Data"], ["how", "How it was made"],
];

function navigation(parts: string[]): HTMLElement {
  const all = el("button", { type: "button" }, "Show all time");
  all.addEventListener("click", zoomOut);
  return el("nav", { "aria-label": "Parts of the report" },
    ...PARTS.filter(([id]) => parts.includes(id)).map(([id, title]) => el("a", { href: `#${id}` }, title)), all);
}

function positions(run: Run, into: HTMLElement): void {
  const marks = new Map(run.chart_data.marks.rows.map((mark) => [mark.id, mark]));
  into.append(
    el("p", { class: "note" }, "A click on a heading sorts; a click on a position shows it in the charts."),
    table(run.positions, (column, text) => {
      const mark = column === 0 ? marks.get(text) : undefined;
      if (!mark) return undefined;
      const show = el("button", { type: "button", class: "link" }, text);
      show.addEventListener("click", () => {
        const { start, seconds } = run.chart_data;
        const [from, to] = mark.t;
        const margin = Math.max(600, ((to ?? seconds) - from) * 0.75);
        zoom(start + Math.max(0, from - margin), start + Math.min(seconds, (to ?? seconds) + margin));
        document.getElementById("price-part")?.scrollIntoView();
      });
      return show;
    }),
    ...run.orders.map((one) => table(one)),
  );
}

function configuration(run: Run): HTMLElement {
  const changed = run.config.reduce((sum, section) => sum + section.changed, 0);
  return el("div", { class: "config" },
    el("h3", {}, "Configuration"),
    el("p", { class: "note" }, changed === 0
      ? "Every key has the value of preset A."
      : `Marked: the ${changed} key${changed === 1 ? "" : "s"} that differ from preset A, with its value.`),
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Configuration" }, el("table", {},
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "key"), el("th", { scope: "col" }, "value"), el("th", { scope: "col" }, "preset A"))),
      ...run.config.map((section) => el("tbody", {},
        ...section.rows.map((row) => el("tr", { class: row.changed ? "changed" : "" },
          el("td", {}, el("code", {}, row.key)), el("td", {}, el("code", {}, row.value)),
          el("td", {}, row.preset ? el("code", {}, row.preset) : ""))))))));
}

function how(run: Run, into: HTMLElement): void {
  into.append(
    el("h3", {}, "What is not real about the fills"),
    el("p", { class: "note" }, "The worst first; the codes are those of docs/engine.md."),
    el("dl", { class: "caveats" }, ...run.caveats.flatMap((one) => [el("dt", {}, one.code), el("dd", {}, one.text)])),
    el("h3", {}, "This run"),
    el("dl", { class: "identity" }, ...run.identity.flatMap((one) =>
      [el("dt", {}, one.label), el("dd", {}, el("code", {}, one.value))])),
    el("h3", {}, "To make it again"),
    el("p", { class: "note" }, "From a catalog of the same data; an order script, if there was one, goes with --orders. The fingerprint tells whether it is the same run."),
    el("pre", { tabindex: 0 }, run.command),
    table(run.instrument),
    configuration(run),
  );
}

function show(run: Run, page: HTMLElement): void {
  document.title = `toxvol · ${run.title}`;
  const plot = (id: string) => chart(run.chart_data, id, run.caption);
  const parts: [string, string, (into: HTMLElement) => void][] = [
    ["equity-part", "Equity and drawdown", (into) => into.append(plot("equity"), plot("drawdown"), plot("components"))],
    ["result", "Where the result comes from", (into) => into.append(
      el("p", { class: "note" }, "USDT. From what the prices gave to what is left."),
      bars(run.waterfall.bars, run.waterfall.zero), ...run.results.map((one) => table(one)))],
    ["price-part", "Price, entries and exits", (into) => {
      const text = [
        "▲ long entry, ▼ short entry; × exit: green take-profit, red stop or liquidation, violet any other.",
        "Drag to zoom, double-click for all; the cursor is the same in every chart. Under the cursor a position shows its stop and target.",
        run.chart_data.marks.note,
      ];
      into.append(el("p", { class: "note" }, text.join(" ")), plot("price"));
    }],
    ["factors", "Factors", (into) => into.append(...["f1", "p", "t", "c", "vpin", "spread", "sigma"].map(plot))],
    ["funnel", "Funnel: how far each minute came", (into) => into.append(
      el("p", { class: "note" }, "Each step counts what passed all before it; in brackets the share of the step before."),
      bars(run.funnel), el("h3", {}, "Reasons"),
      el("p", { class: "note" }, "What acted on a minute, or forbade to."), bars(run.reasons))],
    ["positions", "Positions and orders", (into) => positions(run, into)],
    ["data", "Data", (into) => into.append(...run.data.map((one) => table(one)))],
    ["how", "How it was made", (into) => how(run, into)],
  ];
  // An order script has no funnel.
  const shown = parts.filter(([id]) => id !== "funnel" || run.funnel.length > 0);
  page.append(head(run), navigation(shown.map(([id]) => id)));
  for (const [id, title, build] of shown) page.append(part(title, id, build));
  page.append(el("footer", {}, run.caption));
  redrawOnTheme();
}

const page = document.getElementById("page") ?? document.body;
page.replaceChildren();
attempt(page, () => {
  const run: unknown = JSON.parse(document.getElementById("run")?.textContent ?? "null");
  if (typeof run !== "object" || run === null) throw new Error("it holds no run; make it with toxvol report RUN");
  show(run as Run, page);
});
