import { attempt, el } from "./dom";
import { svgPng } from "./download";
import { parallel } from "./figure_parallel";
import { rowChart } from "./figure_rows";
import {
  BOTTOM,
  colour,
  extent,
  frame,
  HEIGHT,
  label,
  LEFT,
  range,
  RIGHT,
  TOP,
  WIDTH,
} from "./figure_frame";
import type { Figure } from "./model";
import { scale, svg, ticks, tickText, type Scale } from "./svg";
import { table } from "./table";

const NAME = 160; // wide, of an upright line

function barChart(figure: Figure, drawing: SVGSVGElement): void {
  const names = figure.x.names ?? [];
  const y = scale(...extent(figure, true), HEIGHT - BOTTOM, TOP + 6);
  frame(drawing, y, figure.y.label, figure.x.label);
  const room = (WIDTH - LEFT - RIGHT) / Math.max(1, names.length);
  const every = Math.ceil((Math.max(...names.map(({ length }) => length), 1) * 6.5 + 6) / room);
  const wide = (room * 0.78) / Math.max(1, figure.series.length);
  names.forEach((name, at) => {
    const left = LEFT + at * room;
    if (at % every === 0) {
      drawing.append(label(left + room / 2, HEIGHT - BOTTOM + 16, name, "middle"));
    }
    figure.series.forEach((series, nth) => {
      const value = series.values[at] ?? null;
      const x = left + room * 0.11 + nth * wide;
      if (value !== null) {
        const [from, to] = [y(0), y(value)];
        drawing.append(
          svg(
            "rect",
            {
              x,
              width: Math.max(1, wide - 1),
              y: Math.min(from, to),
              height: Math.max(0.5, Math.abs(to - from)),
              fill:
                figure.series.length > 1 || series.tone !== "good"
                  ? colour(series.tone)
                  : colour(value < 0 ? "bad" : "good"),
            },
            svg("title", {}, `${name}, ${series.label}: ${figure.table.rows[at]?.[nth + 1] ?? ""}`),
          ),
        );
      }
      drawing.append(
        ...range(x + wide / 2, series.low?.[at] ?? null, series.high?.[at] ?? null, y),
      );
    });
  });
}

function ticksBelow(drawing: SVGSVGElement, x: Scale): void {
  const steps = ticks(x.low, x.high, 7);
  const step = (steps[1] ?? 1) - (steps[0] ?? 0);
  for (const tick of steps) {
    drawing.append(label(x(tick), HEIGHT - BOTTOM + 16, tickText(tick, step), "middle"));
  }
}

function fixedLines(figure: Figure, drawing: SVGSVGElement, x: Scale, y: Scale): void {
  let before = -Infinity; // where the last upright line stands
  let rows = 0; // of names that would stand on each other
  for (const line of figure.lines ?? []) {
    const upright = line.x !== undefined;
    const at = upright ? x(line.x ?? 0) : y(line.y ?? 0);
    if (upright) {
      rows = Math.abs(at - before) < NAME ? rows + 1 : 0;
      before = at;
    }
    drawing.append(
      svg("line", {
        x1: upright ? at : LEFT,
        x2: upright ? at : WIDTH - RIGHT,
        y1: upright ? TOP : at,
        y2: upright ? HEIGHT - BOTTOM : at,
        stroke: colour(line.tone),
        "stroke-dasharray": "5 4",
      }),
      upright
        ? label(
            at + (at > WIDTH - NAME ? -5 : 5),
            TOP + 12 + 14 * rows,
            line.label,
            at > WIDTH - NAME ? "end" : "start",
            line.tone,
          )
        : label(WIDTH - RIGHT - 4, at - 5, line.label, "end", line.tone),
    );
  }
}

function lineChart(figure: Figure, drawing: SVGSVGElement): void {
  const names = figure.x.names;
  const at = figure.x.values ?? (names ?? []).map((_, index) => index);
  const across = [...at, ...(figure.lines ?? []).flatMap(({ x }) => (x === undefined ? [] : [x]))];
  const x = scale(Math.min(...across), Math.max(...across), LEFT + 14, WIDTH - RIGHT - 14);
  const y = scale(...extent(figure, true), HEIGHT - BOTTOM, TOP + 6);
  frame(drawing, y, figure.y.label, figure.x.label);
  if (names) {
    names.forEach((name, i) =>
      drawing.append(label(x(at[i] ?? 0), HEIGHT - BOTTOM + 16, name, "middle")),
    );
  } else {
    ticksBelow(drawing, x);
  }
  for (const series of figure.series) {
    const points = series.values.flatMap((value, i) =>
      value === null ? [] : [`${x(at[i] ?? 0).toFixed(1)},${y(value).toFixed(1)}`],
    );
    drawing.append(
      svg("polyline", {
        points: points.join(" "),
        fill: "none",
        stroke: colour(series.tone),
        "stroke-width": 2,
      }),
    );
    series.values.forEach((value, i) => {
      if (value === null) return;
      drawing.append(...range(x(at[i] ?? 0), series.low?.[i] ?? null, series.high?.[i] ?? null, y));
      if (at.length <= 24) {
        drawing.append(
          svg("circle", { cx: x(at[i] ?? 0), cy: y(value), r: 3, fill: colour(series.tone) }),
        );
      }
    });
  }
  fixedLines(figure, drawing, x, y);
}

function pointChart(figure: Figure, drawing: SVGSVGElement): void {
  const points = figure.points ?? [];
  const across = [
    ...points.map(({ x }) => x),
    ...(figure.lines ?? []).flatMap(({ x }) => (x === undefined ? [] : [x])),
  ];
  const [low, high] = [Math.min(...across, 0), Math.max(...across, 0)];
  const margin = (high - low || 1) * 0.04;
  const x = scale(low - margin, high + margin, LEFT, WIDTH - RIGHT);
  const y = scale(...extent(figure, false), HEIGHT - BOTTOM, TOP + 6);
  frame(drawing, y, figure.y.label, figure.x.label);
  ticksBelow(drawing, x);
  fixedLines(figure, drawing, x, y);
  for (const point of points) {
    drawing.append(
      svg(
        "circle",
        {
          cx: x(point.x),
          cy: y(point.y),
          r: points.length > 400 ? 2 : 3.5,
          fill: colour(point.tone),
          "fill-opacity": 0.7,
        },
        svg("title", {}, point.text),
      ),
    );
  }
}

/** A square for each pair: green above 0, red below, the stronger the farther; with its number. */
function heatMap(figure: Figure, drawing: SVGSVGElement): void {
  const cells = figure.cells ?? [];
  const [across, down] = [figure.x.names ?? [], figure.y.names ?? []];
  const most = Math.max(...cells.flat().map(({ value }) => Math.abs(value ?? 0)), 1e-12);
  const wide = (WIDTH - LEFT - RIGHT - 30) / Math.max(1, across.length);
  const tall = (HEIGHT - BOTTOM - TOP - 8) / Math.max(1, down.length);
  drawing.append(
    label(4, 10, figure.y.label, "start"),
    label(WIDTH - RIGHT, HEIGHT - 6, figure.x.label, "end"),
  );
  across.forEach((name, i) =>
    drawing.append(label(LEFT + 34 + (i + 0.5) * wide, HEIGHT - BOTTOM + 16, name, "middle")),
  );
  cells.forEach((row, j) => {
    const y = TOP + 6 + j * tall;
    drawing.append(label(LEFT + 28, y + tall / 2 + 4, down[j] ?? "", "end"));
    row.forEach(({ value, text }, i) => {
      const x = LEFT + 34 + i * wide;
      drawing.append(
        svg(
          "rect",
          {
            x,
            y,
            width: wide - 2,
            height: tall - 2,
            fill: value === null ? "var(--grid)" : colour(value < 0 ? "bad" : "good"),
            "fill-opacity": value === null ? 1 : 0.12 + 0.6 * (Math.abs(value) / most),
          },
          svg("title", {}, `${across[i] ?? ""}, ${down[j] ?? ""}: ${text}`),
        ),
      );
      if (wide > 36 && tall > 13) {
        drawing.append(label(x + wide / 2 - 1, y + tall / 2 + 4, text, "middle", "ink"));
      }
    });
  });
}

type Draw = (figure: Figure, drawing: SVGSVGElement) => HTMLElement | void;
const KINDS: Record<Figure["kind"], Draw> = {
  bars: barChart,
  rows: rowChart,
  lines: lineChart,
  points: pointChart,
  heat: heatMap,
  parallel,
};

export function figure(data: Figure, caption: string): HTMLElement {
  const box = el("figure", { class: "figure", "data-id": data.id });
  const png = el("button", { type: "button", class: "png" }, "PNG");
  png.setAttribute("aria-label", `Download ${data.title} as PNG`);
  // A series without a value has no key: nothing of it is drawn.
  const seen = data.series.filter(({ values }) => values.some((value) => value !== null));
  const keys =
    seen.length === 0 || data.series.length < 2
      ? []
      : seen.map(({ label, tone }) =>
          el("span", { class: "key" }, el("i", { class: `swatch solid ${tone}` }), label),
        );
  box.append(
    el(
      "figcaption",
      {},
      png,
      el("h3", {}, data.title),
      el("p", { class: "note" }, data.note),
      ...(keys.length ? [el("p", { class: "note" }, ...keys)] : []),
    ),
  );
  const hasValues =
    (data.points?.length ?? 0) > 0 ||
    (data.paths?.length ?? 0) > 0 ||
    (data.cells?.length ?? 0) > 0 ||
    seen.length > 0;
  if (!hasValues) {
    png.hidden = true;
    box.append(el("p", { class: "empty" }, data.text));
    return box;
  }
  attempt(box, () => {
    const drawing = svg("svg", {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: "img",
      "aria-label": `${data.title}. ${data.text}`,
    });
    const picked = KINDS[data.kind](data, drawing);
    png.addEventListener("click", () => svgPng(data.title, caption, drawing));
    box.append(drawing, ...(picked ? [picked] : []), el("p", { class: "finding" }, data.text));
    if (data.table.rows.length) {
      const numbers = el("details", {}, el("summary", {}, "The numbers"));
      numbers.addEventListener(
        "toggle",
        () => numbers.childElementCount < 2 && numbers.append(table(data.table)),
      );
      box.append(numbers);
    }
  });
  return box;
}
