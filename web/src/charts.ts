import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { attempt, el } from "./dom";
import { drawLevels, drawBands, drawMarks, markAt, shade, tone } from "./overlays";
import type { Chart, ChartData, Series } from "./model";

const SYNC = "run";
const HEIGHTS: Record<string, number> = { equity: 260, components: 230, price: 340, drawdown: 160, p: 220, t: 220 };
const HEIGHT = 190;
const GUTTER = 74; // of the y axis: the same everywhere, so that charts stand under each other

/** Built charts; they share the time that is shown and the cursor. */
const plots: uPlot[] = [];
let whole: [number, number] = [0, 1];
let busy = false;

export function zoom(from: number, to: number): void {
  if (busy || !(to > from)) return;
  busy = true;
  for (const plot of plots) plot.setScale("x", { min: from, max: to });
  busy = false;
}

export function zoomOut(): void {
  zoom(...whole);
}

function digits(value: number, decimals: number): string {
  const [integer = "", fraction] = Math.abs(value).toFixed(decimals).split(".");
  const sign = value < 0 ? "−" : "";
  return sign + integer.replace(/\B(?=(\d{3})+$)/g, "\u202f") + (fraction ? `.${fraction}` : "");
}

function line(series: Series): uPlot.Series {
  return {
    label: series.label,
    scale: "y",
    stroke: () => tone(series.tone),
    width: series.style === "thick" ? 2.25 : series.style === "line" || series.style === "area" ? 1 : 2,
    ...(series.style === "area" ? { fill: () => shade(series.tone) } : {}),
    ...(series.style === "dash" || series.style === "mirror" ? { dash: [5, 4] } : {}),
    spanGaps: false,
    points: { show: false },
    value: (_, value) => (value == null ? "–" : digits(value, series.decimals)),
  };
}

function utc(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ") + " UTC";
}

/** `14:05` with the day below where it changes; the day alone where steps are days. */
function moments(splits: number[], step: number): string[] {
  let day = "";
  return splits.map((seconds) => {
    const text = new Date(seconds * 1000).toISOString();
    const changed = text.slice(0, 10) !== day;
    day = text.slice(0, 10);
    if (step >= 86400) return day;
    return text.slice(11, step < 60 ? 19 : 16) + (changed ? `\n${day}` : "");
  });
}

/** As uPlot does it, but for a series that never moves: it would be shown against zero. */
function extent(_: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax {
  if (low === null || high === null) return [0, 1];
  if (low !== high) return uPlot.rangeNum(low, high, 0.08, true);
  const margin = Math.max(Math.abs(low) * 1e-3, 1);
  return [low - margin, high + margin];
}

function options(chart: Chart, data: ChartData, width: number): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: () => tone("grey"),
    grid: { stroke: () => tone("grid"), width: 1 },
    ticks: { stroke: () => tone("grid"), width: 1, size: 5 },
    font: "12px system-ui, sans-serif",
  };
  const mirrored = chart.series.filter((series) => series.style === "mirror");
  const series: uPlot.Series[] = [
    { label: "time", value: (_, value) => (value == null ? "–" : utc(value)) },
    ...chart.series.map(line),
    ...mirrored.map((one) => line({ ...one, label: `−${one.label}` })),
  ];
  let hovered = -1;
  return {
    width,
    height: HEIGHTS[chart.id] ?? HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    series,
    padding: [10, 42, 0, 0],
    scales: { x: { time: true, min: data.start + data.view[0], max: data.start + data.view[1] }, y: { range: extent } },
    axes: [
      { ...axis, space: 64, values: (_, splits, _axis, _space, step) => moments(splits, step) },
      { ...axis, size: GUTTER, values: (_, splits) => {
          const step = splits.length > 1 ? Math.abs((splits[1] ?? 0) - (splits[0] ?? 0)) : 1;
          let decimals = 0;
          while (decimals < 6 && Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) > 1e-6) ++decimals;
          return splits.map((value) => digits(value, decimals));
        } },
    ],
    cursor: { sync: { key: SYNC, scales: ["x", null] }, drag: { x: true, y: false }, focus: { prox: 24 } },
    legend: { live: true },
    hooks: {
      setScale: [
        (plot, scale) => {
          const { min, max } = plot.scales.x ?? {};
          if (scale === "x" && min != null && max != null) zoom(min, max);
        },
      ],
      drawAxes: [
        (plot) => {
          drawBands(plot, chart.bands, data.start);
          drawLevels(plot, chart.levels);
        },
      ],
      draw: chart.id === "price" ? [(plot) => drawMarks(plot, data, hovered)] : [],
      setCursor: chart.id !== "price" ? [] : [
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
  (plot.setCursor as (at: { left: number; top: number }, fire: boolean, publish: boolean) => void)(at, true, true);
}

/** Arrow keys move the cursor, + and − zoom about it, 0 shows all. */
function listen(box: HTMLElement, plot: uPlot): void {
  box.addEventListener("keydown", (event) => {
    const { left = -1 } = plot.cursor;
    const width = plot.over.clientWidth;
    const at = left < 0 ? width / 2 : left;
    const { min = null, max = null } = plot.scales.x ?? {};
    if (min === null || max === null) return;
    const step = event.shiftKey ? width / 10 : Math.max(1, width / 200);
    const move = (to: number) =>
      setCursor(plot, { left: Math.min(width, Math.max(0, to)), top: plot.over.clientHeight / 2 });
    const about = (factor: number) => {
      const centre = plot.posToVal(at, "x");
      zoom(Math.max(whole[0], centre - (centre - min) * factor), Math.min(whole[1], centre + (max - centre) * factor));
    };
    const actions: Record<string, () => void> = {
      ArrowLeft: () => move(at - step),
      ArrowRight: () => move(at + step),
      "+": () => about(0.5),
      "=": () => about(0.5),
      "-": () => about(2),
      "0": zoomOut,
      Escape: zoomOut,
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

export function chart(data: ChartData, id: string, caption: string): HTMLElement {
  const found = data.charts.find((one) => one.id === id);
  if (!found) return el("p", { class: "fault" }, `There is no chart ${id}.`);
  const box = el("figure", {
    class: "chart", tabindex: 0, role: "group", "data-id": id,
    "aria-label": `${found.title}, ${found.unit}, over time in UTC. Arrow keys move the cursor, plus and minus zoom, 0 shows all.`,
  });
  const keys = found.bands.map((band) =>
    el("span", { class: "key" }, el("i", { class: `swatch ${band.tone}` }), band.label));
  box.append(
    el("figcaption", {},
      el("h3", {}, found.title, el("span", { class: "unit" }, ` ${found.unit} · UTC`)),
      ...(found.note || keys.length ? [el("p", { class: "note" }, `${found.note} `, ...keys)] : [])),
  );
  const holder = el("div", { class: "plot" });
  box.append(holder);
  if (id === "price") box.append(el("p", { class: "hovered", "aria-live": "polite" }));
  box.append(el("p", { class: "caption" }, caption));

  attempt(box, () => {
    const times = (data.frames[found.frame] ?? []).map((time) => data.start + time);
    if (times.length === 0) {
      holder.append(el("p", { class: "empty" }, "No rows."));
      return;
    }
    whole = [data.start, data.start + data.seconds];
    const values = found.series.map((series) => series.values);
    const mirrored = found.series
      .filter((series) => series.style === "mirror")
      .map((series) => series.values.map((value) => (value === null ? null : -value)));
    if ([...values].every((one) => one.every((value) => value === null))) {
      holder.append(el("p", { class: "empty" }, "No value in this window: an input is missing, or it never became warm."));
      return;
    }
    // The width is known once the page has a layout.
    requestAnimationFrame(() =>
      attempt(box, () => {
        const plot = new uPlot(options(found, data, Math.max(280, holder.clientWidth)), [times, ...values, ...mirrored], holder);
        plots.push(plot);
        listen(box, plot);
        new ResizeObserver(() => {
          const width = Math.max(280, holder.clientWidth);
          if (width !== plot.width) plot.setSize({ width, height: plot.height });
        }).observe(holder);
      }),
    );
  });
  return box;
}

/** Colours come from the style sheet: draw again when it changes. */
export function redrawOnTheme(): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const plot of plots) plot.redraw(false, true);
  });
}
