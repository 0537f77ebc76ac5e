import uPlot from "uplot";
import type { Series } from "./model";
import { shade, tone } from "./overlays";

/** Pixels between two moments on the axis, at least: a date is 70 wide. */
export const SPACE = 84;

export function digits(value: number, decimals: number): string {
  const [integer = "", fraction] = Math.abs(value).toFixed(decimals).split(".");
  const sign = value < 0 ? "−" : "";
  return sign + integer.replace(/\B(?=(\d{3})+$)/g, "\u202f") + (fraction ? `.${fraction}` : "");
}

export function utc(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ") + " UTC";
}

/** `14:05` with the day below where it changes; the day alone where steps are days. */
export function moments(splits: number[], step: number): string[] {
  let day = "";
  return splits.map((seconds) => {
    const text = new Date(seconds * 1000).toISOString();
    const changed = text.slice(0, 10) !== day;
    day = text.slice(0, 10);
    if (step >= 86400) return day;
    return text.slice(11, step < 60 ? 19 : 16) + (changed ? `\n${day}` : "");
  });
}

/** What is in sight and a margin; a series that never moves stands in the middle. */
export function extent(low: number | null, high: number | null): uPlot.Range.MinMax {
  if (low === null || high === null) return [0, 1];
  const margin = (high - low) * 0.06 || Math.max(Math.abs(low) * 1e-4, 1e-6);
  return [low - margin, high + margin];
}

export function line(series: Series): uPlot.Series {
  return {
    label: series.label,
    scale: "y",
    stroke: () => tone(series.tone),
    width:
      series.style === "thick" ? 2.25 : ["line", "area", "shade"].includes(series.style) ? 1 : 2,
    ...(series.style === "area" ? { fill: () => shade(series.tone) } : {}),
    ...(series.style === "dash" || series.style === "mirror" ? { dash: [5, 4] } : {}),
    spanGaps: false,
    points: { show: false },
    ...(series.style === "step" ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {}),
    value: (_, value) => (value == null ? "–" : digits(value, series.values.decimals)),
  };
}
