import "./style.css";
import { bars } from "./bars";
import { chart, follow, select, zoom, zoomOut } from "./charts";
import { el, part, tell } from "./dom";
import { figure } from "./figures";
import { indexParts } from "./index";
import type { Head, Mark, Page, Run } from "./model";
import { load, unpackedText } from "./packed";
import { storyPanel } from "./story";
import { studyParts } from "./study";
import { table } from "./table";

/** It needs nothing that is packed, so that it stands before the rest is inflated, and without it. */
function head(run: Head): HTMLElement {
  const header = el("header", {}, el("p", { class: "run" }, run.title));
  header.append(
    el(
      "div",
      { class: "badges" },
      ...run.badges.map((badge) =>
        el("span", { class: `badge ${badge.tone}`, title: badge.meaning }, badge.text),
      ),
    ),
    el("h1", { class: run.headline.tone }, run.headline.text),
    ...run.headline.notes.map((note) => el("p", { class: "lead" }, note)),
  );
  if (run.badges.length) {
    header.append(
      el(
        "dl",
        { class: "meanings" },
        ...run.badges.flatMap((badge) => [el("dt", {}, badge.text), el("dd", {}, badge.meaning)]),
      ),
    );
  }
  header.append(
    el(
      "div",
      { class: "tiles" },
      ...run.tiles.map((tile) =>
        el(
          "div",
          { class: "tile" },
          el("span", { class: "tile-label" }, tile.label),
          el("strong", {}, tile.value),
          el("span", { class: "tile-note" }, tile.note),
        ),
      ),
    ),
  );
  return header;
}

/** A part of the page: its place, its name in the navigation, its heading, and what it holds. */
export interface Part {
  id: string;
  name: string;
  title: string;
  build: (into: HTMLElement) => void;
}

function navigation(parts: Part[], hasTime: boolean): HTMLElement {
  const all = el("button", { type: "button" }, "Show all time");
  all.addEventListener("click", zoomOut);
  return el(
    "nav",
    { "aria-label": "Parts of the report" },
    ...parts.map((one) => el("a", { href: `#${one.id}` }, one.name)),
    ...(hasTime ? [all] : []),
  );
}

/** Opens positions: in the charts, and below the price with all that is known of it. */
function opener(run: Run): { place: HTMLElement; open: (id: string) => void } {
  const place = el("div", { id: "story" });
  const marks = new Map(run.chart_data.marks.rows.map((mark) => [mark.id, mark]));
  const { rows } = run.stories;
  const open = (id: string): void => {
    const { start, seconds } = run.chart_data;
    const mark = marks.get(id);
    if (mark) {
      const [from, to] = mark.t;
      const margin = Math.max(600, ((to ?? seconds) - from) * 0.75);
      zoom(start + from - margin, start + (to ?? seconds) + margin);
    }
    select(id);
    const at = rows.findIndex((story) => story.id === id);
    const story = rows[at];
    if (!story) {
      place.replaceChildren(
        el("p", { class: "note", role: "status" }, `${id} is shown above. ${run.stories.note}`),
      );
      return;
    }
    const near = (by: number) => rows[(at + by + rows.length) % rows.length]?.id ?? id;
    const close = () => {
      place.replaceChildren();
      select(undefined);
    };
    const panel = storyPanel(story, mark, run.caption, {
      close,
      next: () => open(near(1)),
      before: () => open(near(-1)),
    });
    place.replaceChildren(panel);
    panel.querySelector("h3")?.focus({ preventScroll: true });
    document.getElementById("price-part")?.scrollIntoView();
  };
  return { place, open };
}

function positions(run: Run, into: HTMLElement, open: (id: string) => void): void {
  into.append(
    el(
      "p",
      { class: "note" },
      "A click on a heading sorts; a click on a position opens it below the price. ",
      run.stories.note,
    ),
    table(run.positions, (column, text) => {
      if (column !== 0) return undefined;
      const show = el("button", { type: "button", class: "link" }, text);
      show.addEventListener("click", () => open(text));
      return show;
    }),
    ...run.orders.map((one) => table(one)),
  );
}

function configuration(run: Run): HTMLElement {
  const changed = run.config.reduce((sum, section) => sum + section.changed, 0);
  return el(
    "div",
    { class: "config" },
    el("h3", {}, "Configuration"),
    el(
      "p",
      { class: "note" },
      changed === 0
        ? "Every key has the value of preset A."
        : `Marked: the ${changed} key${changed === 1 ? "" : "s"} that differ from preset A, with its value.`,
    ),
    el(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "Configuration" },
      el(
        "table",
        {},
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("th", { scope: "col" }, "key"),
            el("th", { scope: "col" }, "value"),
            el("th", { scope: "col" }, "preset A"),
          ),
        ),
        ...run.config.map((section) =>
          el(
            "tbody",
            {},
            ...section.rows.map((row) =>
              el(
                "tr",
                { class: row.changed ? "changed" : "" },
                el("td", {}, el("code", {}, row.key)),
                el("td", {}, el("code", {}, row.value)),
                el("td", {}, row.preset ? el("code", {}, row.preset) : ""),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

function how(run: Run, into: HTMLElement): void {
  into.append(
    el("h3", {}, "What is not real about the fills"),
    el("p", { class: "note" }, "The worst first; the codes are those of docs/engine.md."),
    el(
      "dl",
      { class: "caveats" },
      ...run.caveats.flatMap((one) => [el("dt", {}, one.code), el("dd", {}, one.text)]),
    ),
    el("h3", {}, "This run"),
    el(
      "dl",
      { class: "identity" },
      ...run.identity.flatMap((one) => [
        el("dt", {}, one.label),
        el("dd", {}, el("code", {}, one.value)),
      ]),
    ),
    el("h3", {}, "To make it again"),
    el(
      "p",
      { class: "note" },
      "From a catalog of the same data; an order script, if there was one, goes with --orders. The fingerprint tells whether it is the same run.",
    ),
    el("pre", { tabindex: 0 }, run.command),
    table(run.instrument),
    configuration(run),
  );
}

function runParts(run: Run): Part[] {
  const { place, open } = opener(run);
  const pick = (mark: Mark) => open(mark.id);
  const plots = (show: string) =>
    run.chart_data.charts
      .filter((one) => one.show === show)
      .map((one) => chart(run.chart_data, one, run.caption, pick));
  const parts: Part[] = [
    {
      id: "equity-part",
      name: "Equity",
      title: "Equity and drawdown",
      build: (into) => into.append(...plots("equity"), table(run.drawdowns)),
    },
    {
      id: "result",
      name: "Result",
      title: "Where the result comes from",
      build: (into) =>
        into.append(
          el("p", { class: "note" }, "USDT. From what the prices gave to what is left."),
          bars(run.waterfall.bars, run.waterfall.zero),
          ...run.results.map((one) => table(one)),
        ),
    },
    {
      id: "answers",
      name: "Answers",
      title: "What made it, and what would have",
      build: (into) =>
        into.append(
          el("div", { class: "grid" }, ...run.answers.map((one) => figure(one, run.caption))),
        ),
    },
    {
      id: "price-part",
      name: "Price",
      title: "Price, entries and exits",
      build: (into) => {
        const text = [
          "▲ long entry, ▼ short entry; × exit: green take-profit, red stop or liquidation, violet any other.",
          "Drag to zoom, double-click for all; the cursor is the same in every chart. Under the cursor a position shows its stop and target, and a click opens it. Where minutes are wide enough they are candles with their volume.",
          run.chart_data.marks.note,
          run.chart_data.note,
        ];
        into.append(el("p", { class: "note" }, text.join(" ")), ...plots("price"), place);
      },
    },
    {
      id: "factors",
      name: "Factors",
      title: "Factors",
      build: (into) => into.append(...plots("factors")),
    },
    {
      id: "funnel",
      name: "Funnel",
      title: "Funnel: how far each minute came",
      build: (into) =>
        into.append(
          el(
            "p",
            { class: "note" },
            "Each step counts what passed all before it; in brackets the share of all minutes.",
          ),
          bars(run.funnel),
          el("h3", {}, "Reasons"),
          el("p", { class: "note" }, "What acted on a minute, or forbade to."),
          bars(run.reasons),
        ),
    },
    {
      id: "positions",
      name: "Positions",
      title: "Positions and orders",
      build: (into) => positions(run, into, open),
    },
    {
      id: "data",
      name: "Data",
      title: "Data",
      build: (into) => into.append(...run.data.map((one) => table(one))),
    },
    {
      id: "how",
      name: "How it was made",
      title: "How it was made",
      build: (into) => how(run, into),
    },
  ];
  // An order script has no funnel; without positions there is nothing to answer.
  const isShown: Record<string, boolean> = {
    funnel: run.funnel.length > 0,
    answers: run.answers.length > 0,
  };
  return parts.filter(({ id }) => isShown[id] ?? true);
}

const PARTS: { [K in Page["kind"]]: (page: Extract<Page, { kind: K }>) => Part[] } = {
  run: runParts,
  study: studyParts,
  index: indexParts,
};

/** All that is below the head. */
function show(data: Page, page: HTMLElement): void {
  const parts = (PARTS[data.kind] as (page: Page) => Part[])(data);
  const hasTime = data.kind === "run" || (data.kind === "study" && data.chart_data !== null);
  page.append(navigation(parts, hasTime));
  for (const { id, title, build } of parts) page.append(part(title, id, build));
  page.append(el("footer", {}, data.caption));
  follow();
}

const page = document.getElementById("page") ?? document.body;
page.replaceChildren();
try {
  const data: unknown = JSON.parse(document.getElementById("run")?.textContent ?? "null");
  if (typeof data !== "object" || data === null)
    throw new Error("it holds no run; make it with toxvol report RUN");
  const top = data as Head;
  document.title = `toxvol · ${top.title}`;
  page.append(head(top));
  const rest = (await unpackedText(top.rest)) as object;
  await load(top.columns);
  show({ ...top, ...rest } as Page, page);
} catch (fault) {
  tell(page, fault, "The rest of this report");
}
