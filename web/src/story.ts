import { el } from "./dom";
import { svgPng } from "./download";
import type { CloseUp, Mark, Story } from "./model";
import { unpack } from "./packed";
import { scale, svg, ticks, tickText } from "./svg";
import { table } from "./table";

const WIDTH = 620;
const HEIGHT = 280;
const LEFT = 72;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 26;
const MOMENT = 2; // seconds about which the axis is sure to show everything

/** Both sides of the book as steps, trades as dots by size, our fills as triangles. */
function drawing(close: CloseUp, story: Story, mark: Mark, what: string): SVGSVGElement {
  const [frame, bid, ask] = [close.quotes.frame, close.quotes.bid, close.quotes.ask].map(unpack);
  const [times, prices, sizes, sides] = [
    close.trades.frame,
    close.trades.price,
    close.trades.qty,
    close.trades.side,
  ].map(unpack);
  if (!frame || !bid || !ask || !times || !prices || !sizes || !sides) return svg("svg", {});
  const fills = story.marks.filter(
    ([at]) => at >= close.from - MOMENT && at <= close.from + close.seconds + MOMENT,
  );
  const seen = [...bid, ...ask, ...prices, ...fills.map(([, price]) => price)].filter(
    (value) => !Number.isNaN(value),
  );
  let [low, high] = [Math.min(...seen), Math.max(...seen)];
  const levels = [
    { price: mark.stop, label: "stop", tone: "bad" },
    { price: mark.target, label: "target", tone: "good" },
  ].filter((level): level is { price: number; label: string; tone: string } => {
    if (level.price === null) return false;
    // A level far away would flatten what happened.
    return level.price > low - 2 * (high - low) && level.price < high + 2 * (high - low);
  });
  for (const { price } of levels) [low, high] = [Math.min(low, price), Math.max(high, price)];
  const margin = (high - low || Math.abs(low) * 1e-5 || 1) * 0.06;
  const x = scale(0, close.seconds, LEFT, WIDTH - RIGHT);
  const y = scale(low - margin, high + margin, HEIGHT - BOTTOM, TOP);
  const made = svg("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: "img",
    "aria-label": `Quotes and trades two minutes before and after the ${what} of ${story.id}. ${close.note}`,
  });
  const text = (at: number, down: number, words: string, anchor: string, tone = "grey") =>
    svg(
      "text",
      { x: at, y: down, "text-anchor": anchor, fill: `var(--${tone})`, "font-size": 11 },
      words,
    );
  const steps = ticks(y.low, y.high, 6);
  const step = (steps[1] ?? 1) - (steps[0] ?? 0);
  for (const tick of steps) {
    made.append(
      svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(tick), y2: y(tick), stroke: "var(--grid)" }),
      text(LEFT - 6, y(tick) + 4, tickText(tick, step), "end"),
    );
  }
  for (let second = 0; second <= close.seconds; second += 60) {
    const clock = new Date((close.from + second) * 1000).toISOString().slice(11, 19);
    made.append(
      text(
        x(second),
        HEIGHT - 8,
        clock,
        second === 0 ? "start" : second + 60 > close.seconds ? "end" : "middle",
      ),
    );
  }
  for (const [side, tone] of [
    [bid, "good"],
    [ask, "bad"],
  ] as const) {
    let path = "";
    side.forEach((price, row) => {
      if (Number.isNaN(price)) return;
      const at = x(frame[row] ?? 0).toFixed(1);
      path += path === "" ? `M${at},${y(price).toFixed(1)}` : `H${at}V${y(price).toFixed(1)}`;
    });
    if (path) path += `H${x(close.seconds).toFixed(1)}`;
    made.append(
      svg("path", { d: path, fill: "none", stroke: `var(--${tone})`, "stroke-width": 1.2 }),
    );
  }
  const largest = Math.max(...sizes, 1e-9);
  prices.forEach((price, row) =>
    made.append(
      svg("circle", {
        cx: x(times[row] ?? 0).toFixed(1),
        cy: y(price).toFixed(1),
        r: (1.2 + 5 * Math.sqrt((sizes[row] ?? 0) / largest)).toFixed(1),
        fill: `var(--${(sides[row] ?? 0) > 0 ? "good" : "bad"})`,
        "fill-opacity": 0.35,
      }),
    ),
  );
  for (const { price, label, tone } of levels) {
    made.append(
      svg("line", {
        x1: LEFT,
        x2: WIDTH - RIGHT,
        y1: y(price),
        y2: y(price),
        stroke: `var(--${tone})`,
        "stroke-dasharray": "5 4",
      }),
      text(WIDTH - RIGHT - 4, y(price) - 4, label, "end", tone),
    );
  }
  for (const [at, price, side] of fills) {
    const [cx, cy, size] = [x(at - close.from), y(price), side * 8];
    made.append(
      svg("path", {
        d: `M${cx},${cy}L${cx - 6},${cy + size}L${cx + 6},${cy + size}Z`,
        fill: "var(--main)",
        stroke: "var(--card)",
      }),
    );
  }
  return made;
}

function closeUp(
  close: CloseUp | null,
  story: Story,
  mark: Mark,
  what: string,
  caption: string,
): Node[] {
  if (!close) return [];
  const picture = drawing(close, story, mark, what);
  const title = `${story.id}, two minutes around the ${what}`;
  const png = el("button", { type: "button", class: "png" }, "PNG");
  png.setAttribute("aria-label", `Download ${title} as PNG`);
  png.addEventListener("click", () => svgPng(title, caption, picture));
  return [
    el(
      "figure",
      { class: "figure" },
      el(
        "figcaption",
        {},
        png,
        el("h4", {}, `Around the ${what}`),
        el(
          "p",
          { class: "note" },
          `Green: best bid and trades that bought; red: best ask and trades that sold; the larger the dot the larger the trade. Blue triangles are our fills. ${close.note}`,
        ),
      ),
      picture,
    ),
  ];
}

/** Everything that the page knows of one position. */
export function storyPanel(
  story: Story,
  mark: Mark | undefined,
  caption: string,
  move: { close: () => void; next: () => void; before: () => void },
): HTMLElement {
  const button = (text: string, act: () => void) => {
    const made = el("button", { type: "button" }, text);
    made.addEventListener("click", act);
    return made;
  };
  const title = el("h3", { tabindex: -1 }, story.title);
  const panel = el(
    "section",
    { class: "story", "aria-label": `Position ${story.id}` },
    el(
      "div",
      { class: "story-head" },
      title,
      button("← before", move.before),
      button("next →", move.next),
      button("Close", move.close),
    ),
    ...story.why.map((line) => el("p", { class: "lead" }, line)),
  );
  if (mark) {
    panel.append(
      el(
        "div",
        { class: "pair" },
        ...closeUp(story.entry, story, mark, "entry", caption),
        ...closeUp(story.exit, story, mark, "exit", caption),
      ),
    );
  }
  if (story.factors) panel.append(table(story.factors));
  panel.append(
    table(story.orders),
    table(story.fills),
    el("p", { class: "note" }, "Every step of the decision, recomputed from the data:"),
    el("pre", { tabindex: 0 }, story.command),
  );
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") move.close();
  });
  return panel;
}
