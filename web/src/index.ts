import { el } from "./dom";
import type { Part } from "./main";
import type { Index } from "./model";
import { svg } from "./svg";
import { table } from "./table";

const WIDTH = 110;
const HEIGHT = 24;

/** The course of equity, without axes: it shows a shape, the numbers stand beside it. */
function spark(values: number[]): SVGSVGElement {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const points = values.map((value, at) => {
    const x = (at / Math.max(1, values.length - 1)) * WIDTH;
    const y = HEIGHT - 2 - ((value - low) / (high - low || 1)) * (HEIGHT - 4);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  const gained = (values.at(-1) ?? 0) - (values[0] ?? 0);
  const tone = gained > 0 ? "good" : gained < 0 ? "bad" : "grey";
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, "aria-hidden": "true" },
    svg("polyline", { points: points.join(" "), fill: "none", stroke: `var(--${tone})` }),
  );
}

export function indexParts(index: Index): Part[] {
  return index.tables.map((one, nth) => ({
    id: `list-${nth}`,
    name: one.title,
    title: one.title,
    build: (into) =>
      into.append(
        table(one, (column, text, row) => {
          const link = one.links[row];
          if (column === 0 && link) return el("a", { href: link }, text);
          const values = one.sparks[row];
          if (column === 1 && values && values.length > 1) return spark(values);
          return undefined;
        }),
      ),
  }));
}
