import { colour, label, RIGHT, WIDTH } from "./figure_frame";
import type { Figure } from "./model";
import { scale, svg, ticks, tickText } from "./svg";

const TOP = 6;
const BOTTOM = 40;
const BAR = 9; // tall
const BETWEEN = 7;
const LETTER = 6.3; // wide

/** Bars that lie, for names too long to stand below; a fixed level is an upright line. */
export function rowChart(figure: Figure, drawing: SVGSVGElement): void {
  const names = figure.x.names ?? [];
  const row = figure.series.length * BAR + BETWEEN;
  const height = TOP + names.length * row + BOTTOM;
  drawing.setAttribute("viewBox", `0 0 ${WIDTH} ${height}`);
  const left = 14 + LETTER * Math.max(...names.map(({ length }) => length), 4);
  const values = [
    0,
    ...figure.series.flatMap(({ values, low = [], high = [] }) => [...values, ...low, ...high]),
    ...(figure.lines ?? []).map(({ y }) => y ?? null),
  ].filter((value): value is number => value !== null);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = (high - low || 1) * 0.04;
  const x = scale(low < 0 ? low - margin : 0, high > 0 ? high + margin : 0, left, WIDTH - RIGHT);
  const foot = height - BOTTOM;
  const steps = ticks(x.low, x.high, 6);
  const step = (steps[1] ?? 1) - (steps[0] ?? 0);
  for (const tick of steps) {
    drawing.append(
      svg("line", {
        x1: x(tick),
        x2: x(tick),
        y1: TOP,
        y2: foot,
        stroke: tick === 0 ? "var(--grey)" : "var(--grid)",
      }),
      label(x(tick), foot + 15, tickText(tick, step), "middle"),
    );
  }
  drawing.append(label(WIDTH - RIGHT, height - 8, figure.y.label, "end"));
  names.forEach((name, at) => {
    const top = TOP + at * row + BETWEEN / 2;
    drawing.append(label(left - 8, top + (row - BETWEEN) / 2 + 4, name, "end", "ink"));
    figure.series.forEach((series, nth) => {
      const value = series.values[at] ?? null;
      const y = top + nth * BAR;
      if (value !== null) {
        const [from, to] = [x(0), x(value)];
        drawing.append(
          svg(
            "rect",
            {
              x: Math.min(from, to),
              width: Math.max(0.5, Math.abs(to - from)),
              y,
              height: BAR - 1,
              fill: colour(series.tone),
            },
            svg("title", {}, `${name}, ${series.label}: ${figure.table.rows[at]?.[nth + 1] ?? ""}`),
          ),
        );
      }
      const [least, most] = [series.low?.[at] ?? null, series.high?.[at] ?? null];
      if (least !== null && most !== null) {
        const middle = y + (BAR - 1) / 2;
        drawing.append(
          svg("line", {
            x1: x(least),
            x2: x(most),
            y1: middle,
            y2: middle,
            stroke: "var(--ink)",
            "stroke-width": 1.2,
          }),
        );
      }
    });
  });
  for (const { y = 0, label: words, tone } of figure.lines ?? []) {
    drawing.append(
      svg("line", {
        x1: x(y),
        x2: x(y),
        y1: TOP,
        y2: foot,
        stroke: colour(tone),
        "stroke-dasharray": "5 4",
      }),
      label(x(y), foot + 28, words, "middle", tone),
    );
  }
}
