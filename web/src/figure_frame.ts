// What all figures share: the size of the drawing, its axes and labels.

import type { Figure, Tone } from "./model";
import { svg, ticks, tickText, type Scale } from "./svg";

export const WIDTH = 620;
export const HEIGHT = 260;
export const LEFT = 64;
export const RIGHT = 14;
export const TOP = 14;
export const BOTTOM = 48;

export const colour = (tone: Tone) => `var(--${tone})`;

export function label(
  x: number,
  y: number,
  text: string,
  anchor: string,
  tone = "grey",
): SVGTextElement {
  return svg(
    "text",
    { x, y, "text-anchor": anchor, fill: `var(--${tone})`, "font-size": 11 },
    text,
  );
}

export function frame(drawing: SVGSVGElement, y: Scale, unit: string, x: string): void {
  const steps = ticks(y.low, y.high, 5);
  const step = (steps[1] ?? 1) - (steps[0] ?? 0);
  for (const tick of steps) {
    drawing.append(
      svg("line", {
        x1: LEFT,
        x2: WIDTH - RIGHT,
        y1: y(tick),
        y2: y(tick),
        stroke: tick === 0 ? "var(--grey)" : "var(--grid)",
      }),
      label(LEFT - 6, y(tick) + 4, tickText(tick, step), "end"),
    );
  }
  drawing.append(label(LEFT, 10, unit, "start"), label(WIDTH - RIGHT, HEIGHT - 6, x, "end"));
}

export function extent(figure: Figure, withZero: boolean): [number, number] {
  const values = [
    ...figure.series.flatMap(({ values, low = [], high = [] }) => [...values, ...low, ...high]),
    ...(figure.points ?? []).map(({ y }) => y),
    ...(figure.lines ?? []).map(({ y }) => y ?? null),
    ...(withZero ? [0] : []),
  ].filter((value): value is number => value !== null);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = (high - low || Math.abs(high) || 1) * 0.06;
  return [low < 0 || !withZero ? low - margin : 0, high > 0 || !withZero ? high + margin : 0];
}

export function range(x: number, low: number | null, high: number | null, y: Scale): SVGElement[] {
  if (low === null || high === null) return [];
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    svg("line", { x1, y1, x2, y2, stroke: "var(--ink)", "stroke-width": 1.2 });
  return [
    line(x, y(low), x, y(high)),
    line(x - 4, y(low), x + 4, y(low)),
    line(x - 4, y(high), x + 4, y(high)),
  ];
}
