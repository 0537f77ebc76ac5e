import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { digits, extent, line, moments, SPACE, utc } from "./axis";
import { Column, drawn, rowsIn } from "./columns";
import { attempt, el } from "./dom";
import { canvasPng } from "./download";
import { unpack } from "./packed";
import {
  candleExtent,
  drawBands,
  drawCandles,
  drawLevels,
  drawMarks,
  hasCandles,
  loadCandles,
  markAt,
  shade,
  tone,
  type LoadedCandles,
} from "./overlays";
import type { Chart, ChartData, Mark } from "./model";

const SYNC = "run";
const HEIGHTS: Record<string, number> = {
  equity: 260,
  components: 230,
  price: 380,
  drawdown: 160,
  p: 220,
  t: 220,
};
const HEIGHT = 190;
const GUTTER = 74; // of the y axis: the same everywhere, so that charts stand under each other
const NARROWEST = 120; // seconds that can be zoomed to
const LEVELS_FOR = 12; // positions in sight whose stops and targets the axis holds
const PRINTED = 680; // width on paper

/** A chart over time, once it is built. They share the time that is shown and the cursor. */
interface Built {
  plot: uPlot;
  times: Float64Array;
  columns: Column[];
  mirrored: number[]; // which of the columns come once more, turned over
  isStale: boolean; // shows another stretch than is wanted
  isInSight: boolean;
}

const all: Built[] = [];
let whole: [number, number] = [0, 1];
let shown: [number, number] = [0, 1];
let start = 0;
let busy = false;
let waiting = false;

function refresh(built: Built): void {
  built.isStale = false;
  const [from, to] = shown;
  const rows = rowsIn(built.times, from - start, to - start);
  // Not the width of the plot's own element, which is that of before until the next frame.
  const data = drawn(built.times, built.columns, rows, built.plot.width, start);
  for (const at of built.mirrored) {
    data.push((data[at + 1] as (number | null)[]).map((value) => (value === null ? null : -value)));
  }
  busy = true;
  built.plot.batch(() => {
    built.plot.setData(data, false);
    built.plot.setScale("x", { min: from, max: to });
  });
  busy = false;
}

function refreshInSight(): void {
  waiting = false;
  for (const built of all) if (built.isStale && built.isInSight) refresh(built);
}

/** Shows [from, to], seconds since the epoch, in every chart. */
export function zoom(from: number, to: number): void {
  if (busy || !(to > from)) return;
  const middle = (from + to) / 2;
  const half = Math.max(to - from, NARROWEST) / 2;
  shown = [
    Math.max(whole[0], Math.min(middle - half, whole[1] - 2 * half)),
    Math.min(whole[1], Math.max(middle + half, whole[0] + 2 * half)),
  ];
  for (const built of all) built.isStale = true;
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(refreshInSight); // however many events there are in a frame
}

export function zoomOut(): void {
  zoom(...whole);
}

/** Of the price: also the wicks in sight, and the levels of the positions in sight. */
function priceExtent(
  data: ChartData,
  candles: LoadedCandles | undefined,
  low: number | null,
  high: number | null,
): uPlot.Range.MinMax {
  if (low === null || high === null) return [0, 1];
  const [from, to] = shown;
  if (candles) [low, high] = candleExtent(candles, from - start, to - start, low, high);
  const near = data.marks.rows.filter(
    (mark) => start + mark.t[0] <= to && start + (mark.t[1] ?? data.seconds) >= from,
  );
  if (near.length <= LEVELS_FOR) {
    for (const mark of near) {
      for (const level of [mark.stop, mark.target, ...mark.price]) {
        if (level === null) continue;
        low = Math.min(low, level);
        high = Math.max(high, level);
      }
    }
  }
  return extent(low, high);
}

let selected: string | undefined; // the position that is opened

function options(
  chart: Chart,
  data: ChartData,
  width: number,
  candles: LoadedCandles | undefined,
): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: () => tone("grey"),
    grid: { stroke: () => tone("grid"), width: 1 },
    ticks: { stroke: () => tone("grid"), width: 1, size: 5 },
    font: "12px system-ui, sans-serif",
  };
  const mirrored = chart.series.filter((series) => series.style === "mirror");
  const series: uPlot.Series[] = [
    { label: "time", value: (_, value) => (value == null ? "–" : utc(value)) },
    ...chart.series.map((one) => ({
      ...line(one),
      ...(candles
        ? { stroke: (plot: uPlot) => (hasCandles(plot) ? "transparent" : tone(one.tone)) }
        : {}),
    })),
    ...mirrored.map((one) => line({ ...one, label: `−${one.label}` })),
  ];
  let hovered = -1;
  return {
    width,
    height: HEIGHTS[chart.id] ?? HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    series,
    bands: chart.series.flatMap((one, at) =>
      // Between it and the line before.
      one.style === "shade"
        ? [{ series: [at + 1, at] as uPlot.Band.Bounds, fill: () => shade(one.tone) }]
        : [],
    ),
    padding: [10, 42, 0, 0],
    scales: {
      x: { time: true, min: shown[0], max: shown[1] },
      y: {
        range: (_, low, high) =>
          chart.id === "price" ? priceExtent(data, candles, low, high) : extent(low, high),
      },
    },
    axes: [
      { ...axis, space: SPACE, values: (_, splits, _axis, _space, step) => moments(splits, step) },
      {
        ...axis,
        size: GUTTER,
        values: (_, splits) => {
          const step = splits.length > 1 ? Math.abs((splits[1] ?? 0) - (splits[0] ?? 0)) : 1;
          let decimals = 0;
          while (
            decimals < 6 &&
            Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) > 1e-6
          )
            ++decimals;
          return splits.map((value) => digits(value, decimals));
        },
      },
    ],
    cursor: {
      sync: { key: SYNC, scales: ["x", null] },
      drag: { x: true, y: false },
      // uPlot would show all that it was given, which is what is in sight.
      bind: {
        dblclick: () => () => {
          zoomOut();
          return null;
        },
      },
      focus: { prox: 24 },
    },
    legend: { live: true },
    hooks: {
      setScale: [
        (plot, scale) => {
          const { min, max } = plot.scales.x ?? {};
          if (busy || scale !== "x" || min == null || max == null) return;
          if (min !== shown[0] || max !== shown[1]) zoom(min, max);
        },
      ],
      drawAxes: [
        (plot) => {
          drawBands(plot, chart.bands, data.start);
          drawLevels(plot, chart.levels);
        },
      ],
      draw:
        chart.id === "price"
          ? [
              (plot) => {
                if (candles) drawCandles(plot, candles, data.start);
                drawMarks(plot, data, hovered, selected);
              },
            ]
          : [],
      setCursor:
        chart.id !== "price"
          ? []
          : [
              (plot) => {
                const at = markAt(plot, data);
                if (at === hovered) return;
                hovered = at;
                const text = plot.root.closest("figure")?.querySelector(".hovered");
                if (text) text.textContent = data.marks.rows[at]?.text ?? "";
                plot.redraw(false);
              },
            ],
    },
  };
}

/** The types of uPlot lack the last argument, which moves the cursor of the other charts too. */
function setCursor(plot: uPlot, at: { left: number; top: number }): void {
  (plot.setCursor as (at: { left: number; top: number }, fire: boolean, publish: boolean) => void)(
    at,
    true,
    true,
  );
}

/** Arrow keys move the cursor, + and − zoom about it, Page Up and Down move in time, 0 shows all. */
function listen(
  box: HTMLElement,
  plot: uPlot,
  data: ChartData | undefined,
  pick: ((mark: Mark) => void) | undefined,
): void {
  const open = () => {
    const mark = data?.marks.rows[markAt(plot, data)];
    if (mark && pick) pick(mark);
  };
  if (pick) plot.over.addEventListener("click", open);
  box.addEventListener("keydown", (event) => {
    const { left = -1 } = plot.cursor;
    const width = plot.over.clientWidth;
    const at = left < 0 ? width / 2 : left;
    const [min, max] = shown;
    const step = event.shiftKey ? width / 10 : Math.max(1, width / 200);
    const move = (to: number) =>
      setCursor(plot, { left: Math.min(width, Math.max(0, to)), top: plot.over.clientHeight / 2 });
    const about = (factor: number) => {
      const centre = plot.posToVal(at, "x");
      zoom(centre - (centre - min) * factor, centre + (max - centre) * factor);
    };
    const shift = (share: number) => zoom(min + (max - min) * share, max + (max - min) * share);
    const actions: Record<string, () => void> = {
      ArrowLeft: () => move(at - step),
      ArrowRight: () => move(at + step),
      PageUp: () => shift(-0.5),
      PageDown: () => shift(0.5),
      "+": () => about(0.5),
      "=": () => about(0.5),
      "-": () => about(2),
      "0": zoomOut,
      Enter: open,
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/** Drawn when it first comes into sight, and again when it then shows another stretch. */
const sight = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      const wake = waking.get(entry.target);
      if (wake && entry.isIntersecting) {
        waking.delete(entry.target);
        wake();
      }
      const built = all.find(({ plot }) => plot.root.parentElement === entry.target);
      if (!built) continue;
      built.isInSight = entry.isIntersecting;
      if (built.isStale && built.isInSight) refresh(built);
    }
  },
  { rootMargin: "300px" },
);
const waking = new Map<Element, () => void>();

/** `pick`: called with the position under the cursor on Enter or a click. */
export function chart(
  data: ChartData,
  found: Chart,
  caption: string,
  pick?: (mark: Mark) => void,
): HTMLElement {
  const { id } = found;
  const isPrice = id === "price";
  const box = el("figure", { class: "chart", "data-id": id });
  const keys = found.bands.map((band) =>
    el("span", { class: "key" }, el("i", { class: `swatch ${band.tone}` }), band.label),
  );
  const png = el("button", { type: "button", class: "png" }, "PNG");
  png.setAttribute("aria-label", `Download ${found.title} as PNG`);
  const holder = el("div", {
    class: "plot",
    tabindex: 0,
    role: "group",
    "aria-label": `${found.title}, ${found.unit}, over time in UTC. Arrow keys move the cursor, plus and minus zoom, Page Up and Page Down move in time, 0 shows all${isPrice ? ", Enter opens the position at the cursor" : ""}.`,
  });
  box.append(
    el(
      "figcaption",
      {},
      png,
      el("h3", {}, found.title, el("span", { class: "unit" }, ` ${found.unit} · UTC`)),
      ...(found.note || keys.length ? [el("p", { class: "note" }, `${found.note} `, ...keys)] : []),
    ),
    holder,
  );
  if (isPrice) box.append(el("p", { class: "hovered", "aria-live": "polite" }));
  box.append(el("p", { class: "caption" }, caption));
  png.addEventListener("click", () => {
    const canvas = holder.querySelector("canvas");
    if (canvas) canvasPng(`${found.title}, ${found.unit}`, caption, canvas);
  });

  attempt(box, () => {
    const frame = data.frames[found.frame];
    if (!frame || frame.n === 0) {
      holder.append(el("p", { class: "empty" }, "No rows."));
      return;
    }
    if (all.length === 0 && waking.size === 0) {
      start = data.start;
      whole = [data.start, data.start + data.seconds];
      shown = [data.start + data.view[0], data.start + data.view[1]];
    }
    const columns = found.series.map((series) => new Column(series.values));
    if (columns.every((column) => column.isEmpty)) {
      png.hidden = true;
      holder.append(
        el(
          "p",
          { class: "empty" },
          "No value in this window: an input is missing, or it never became warm.",
        ),
      );
      return;
    }
    holder.style.minHeight = `${(HEIGHTS[id] ?? HEIGHT) + 30}px`;
    const build = () =>
      attempt(box, () => {
        const candles = isPrice && data.candles ? loadCandles(data.candles) : undefined;
        const mirrored = found.series.flatMap(({ style }, at) => (style === "mirror" ? [at] : []));
        const width = Math.max(280, holder.clientWidth);
        const none = columns.map((): (number | null)[] => []);
        const plot = new uPlot(
          options(found, data, width, candles),
          [[], ...none, ...mirrored.map(() => [])],
          holder,
        );
        const built: Built = {
          plot,
          times: times(found.frame, data),
          columns,
          mirrored,
          isStale: false,
          isInSight: true,
        };
        all.push(built);
        refresh(built);
        listen(holder, plot, isPrice ? data : undefined, pick);
        new ResizeObserver(() => {
          const wide = Math.max(280, holder.clientWidth);
          if (wide === plot.width || isPrinting) return;
          plot.setSize({ width: wide, height: plot.height });
          refresh(built);
        }).observe(holder);
      });
    waking.set(holder, build);
    sight.observe(holder);
  });
  return box;
}

const loaded = new Map<string, Float64Array>();

/** Of a frame that several charts share, once. */
function times(frame: string, data: ChartData): Float64Array {
  const packed = data.frames[frame];
  if (!packed) return new Float64Array();
  const known = loaded.get(frame) ?? unpack(packed);
  loaded.set(frame, known);
  return known;
}

export function select(id: string | undefined): void {
  selected = id;
  for (const { plot } of all) plot.redraw(false);
}

let isPrinting = false;

/** Paper has another width, and shows every chart whether it was in sight or not. */
function print(): void {
  isPrinting = true;
  for (const wake of [...waking.values()]) wake();
  waking.clear();
  for (const built of all) {
    built.plot.setSize({ width: PRINTED, height: Math.round(built.plot.height * 0.8) });
    refresh(built);
  }
}

function printed(): void {
  isPrinting = false;
  for (const built of all) {
    const holder = built.plot.root.parentElement;
    const height = HEIGHTS[holder?.parentElement?.dataset["id"] ?? ""] ?? HEIGHT;
    built.plot.setSize({ width: Math.max(280, holder?.clientWidth ?? 0), height });
    refresh(built);
  }
}

/** Colours come from the style sheet: draw again when it changes; and for paper in its size. */
export function follow(): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const { plot } of all) plot.redraw(false, true);
  });
  addEventListener("beforeprint", print);
  addEventListener("afterprint", printed);
}
