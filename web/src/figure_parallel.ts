import { colour, label } from "./figure_frame";
import type { Figure } from "./model";
import { scale, svg, ticks, tickText } from "./svg";

const WIDTH = 620;
const HEIGHT = 300;
const TOP = 44;
const BOTTOM = 20;
const SIDE = 60;
const LETTER = 6.3;

/**
 * An upright axis for each setting and one for the result; each configuration is a line through
 * its values. Gives the line of text that tells which one is picked.
 */
export function parallel(figure: Figure, drawing: SVGSVGElement): HTMLElement | undefined {
  const { paths = [], axes = [] } = figure;
  drawing.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  const gap = (WIDTH - 2 * SIDE) / Math.max(1, axes.length);
  const place = (axis: number) => SIDE + axis * gap;
  const foot = HEIGHT - BOTTOM;
  const results = paths.map(({ value }) => value);
  const [least, most] = [Math.min(...results, 0), Math.max(...results, 0)];
  const margin = (most - least || 1) * 0.04;
  const y = scale(least - margin, most + margin, foot, TOP);
  const step = (axis: number, at: number) => {
    const { length } = axes[axis]?.names ?? [];
    return length < 2 ? (foot + TOP) / 2 : foot - (at / (length - 1)) * (foot - TOP);
  };
  const cut = (text: string, room: number) =>
    text.length * LETTER <= room ? text : `${text.slice(0, Math.floor(room / LETTER) - 1)}…`;
  const upright = (x: number) =>
    svg("line", { x1: x, x2: x, y1: TOP, y2: foot, stroke: "var(--grey)" });

  const lines = paths.map(({ at, value, text }) => {
    const points = [
      ...at.map((one, axis) => `${place(axis).toFixed(1)},${step(axis, one).toFixed(1)}`),
      `${place(axes.length).toFixed(1)},${y(value).toFixed(1)}`,
    ];
    return svg(
      "polyline",
      {
        points: points.join(" "),
        fill: "none",
        stroke: colour(value < 0 ? "bad" : "good"),
        "stroke-width": 1.4,
        "stroke-opacity": Math.max(0.15, Math.min(0.7, 20 / paths.length)),
      },
      svg("title", {}, text),
    );
  });
  drawing.append(...lines);
  axes.forEach(({ label: name, names }, axis) => {
    const x = place(axis);
    const anchor = axis === 0 ? "start" : "middle";
    const title = cut(name, axis === 0 ? gap / 2 + SIDE - 6 : gap - 8);
    drawing.append(
      upright(x),
      svg("g", {}, label(axis === 0 ? 4 : x, 14 + (axis % 2) * 13, title, anchor, "ink")),
    );
    const every = Math.ceil((names.length * 12) / (foot - TOP));
    names.forEach((value, at) => {
      if (at % every === 0) {
        const text = label(x - 5, step(axis, at) + 4, cut(value, SIDE - 8), "end");
        text.setAttribute("style", "paint-order: stroke; stroke: var(--paper); stroke-width: 4px");
        drawing.append(text);
      }
    });
  });
  const x = place(axes.length);
  const steps = ticks(y.low, y.high, 6);
  const wide = (steps[1] ?? 1) - (steps[0] ?? 0);
  drawing.append(upright(x), label(WIDTH - 4, 14, figure.y.label, "end", "ink"));
  for (const tick of steps) {
    drawing.append(label(x + 5, y(tick) + 4, tickText(tick, wide), "start"));
  }
  return picker(paths, lines, drawing);
}

/** By the pointer, or by keys: the paths stand in the order of their results, the best first. */
function picker(
  paths: NonNullable<Figure["paths"]>,
  lines: SVGPolylineElement[],
  drawing: SVGSVGElement,
): HTMLElement | undefined {
  if (!paths.length) return undefined;
  const said = document.createElement("p");
  said.className = "finding picked";
  said.setAttribute("role", "status");
  const asked =
    "Pick a line with the pointer, or by the keys → ← Home End; Escape shows all again.";
  said.textContent = asked;
  const usual = lines[0]?.getAttribute("stroke-opacity") ?? "0.5";
  let picked: number | undefined;
  const pick = (next: number | undefined) => {
    picked = next;
    lines.forEach((line, at) => {
      const isPicked = at === next;
      line.setAttribute("stroke-width", isPicked ? "4" : "1.4");
      line.setAttribute("stroke-opacity", isPicked ? "1" : next === undefined ? usual : "0.1");
    });
    const path = next === undefined ? undefined : paths[next];
    said.textContent = path ? `${(next ?? 0) + 1} of ${paths.length}: ${path.text}` : asked;
  };
  const last = paths.length - 1;
  const moves: Record<string, () => number | undefined> = {
    ArrowRight: () => (picked === undefined ? 0 : Math.min(last, picked + 1)),
    ArrowLeft: () => (picked === undefined ? last : Math.max(0, picked - 1)),
    Home: () => 0,
    End: () => last,
    Escape: () => undefined,
  };
  drawing.setAttribute("tabindex", "0");
  drawing.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    pick(move());
  });
  lines.forEach((line, at) => line.addEventListener("pointerenter", () => pick(at)));
  drawing.addEventListener("pointerleave", () => pick(undefined));
  return said;
}
