import type uPlot from "uplot";
import type { Band, Chart, ChartData, Mark } from "./model";

function variable(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || "#888";
}

export function tone(name: string): string {
  return variable(`--${name}`);
}

export function shade(name: string): string {
  return variable(`--${name}-shade`);
}

/** Runs `draw` clipped to the plotting area. */
function clipped(plot: uPlot, draw: (context: CanvasRenderingContext2D) => void): void {
  const { left, top, width, height } = plot.bbox;
  plot.ctx.save();
  plot.ctx.beginPath();
  plot.ctx.rect(left, top, width, height);
  plot.ctx.clip();
  draw(plot.ctx);
  plot.ctx.restore();
}

export function drawBands(plot: uPlot, bands: Band[], start: number): void {
  clipped(plot, (context) => {
    const { top, height } = plot.bbox;
    for (const band of bands) {
      context.fillStyle = shade(band.tone);
      for (const [from, to] of band.ranges) {
        const x = plot.valToPos(start + from, "x", true);
        context.fillRect(x, top, Math.max(1, plot.valToPos(start + to, "x", true) - x), height);
      }
    }
  });
}

export function drawLevels(plot: uPlot, levels: Chart["levels"]): void {
  clipped(plot, (context) => {
    const { left, width } = plot.bbox;
    context.strokeStyle = tone("amber");
    context.fillStyle = tone("amber");
    context.lineWidth = devicePixelRatio;
    context.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    context.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    for (const level of levels) {
      const y = plot.valToPos(level.value, "y", true);
      context.beginPath();
      context.moveTo(left, y);
      context.lineTo(left + width, y);
      context.stroke();
      context.fillText(level.label, left + 4 * devicePixelRatio, y - 3 * devicePixelRatio);
    }
  });
}

const EXIT_TONES: Record<string, string> = { stop: "bad", take_profit: "good", liquidation: "bad" };

/** Entries: triangle up for long, down for short. Exits: a cross, coloured by the order's role. */
function drawMark(plot: uPlot, context: CanvasRenderingContext2D, mark: Mark, start: number, radius: number): void {
  const size = radius * devicePixelRatio;
  const up = mark.long ? 1 : -1;
  const x = plot.valToPos(start + mark.t[0], "x", true);
  const y = plot.valToPos(mark.price[0], "y", true);
  context.fillStyle = tone(mark.long ? "good" : "bad");
  context.beginPath();
  context.moveTo(x, y - up * size);
  context.lineTo(x - size, y + up * size);
  context.lineTo(x + size, y + up * size);
  context.fill();
  const [, closed] = mark.t;
  const [, price] = mark.price;
  if (closed === null || price === null) return;
  const ex = plot.valToPos(start + closed, "x", true);
  const ey = plot.valToPos(price, "y", true);
  const half = size * 0.8;
  context.strokeStyle = tone(EXIT_TONES[mark.exit_role] ?? "violet");
  context.lineWidth = 1.6 * devicePixelRatio;
  context.beginPath();
  context.moveTo(ex - half, ey - half);
  context.lineTo(ex + half, ey + half);
  context.moveTo(ex - half, ey + half);
  context.lineTo(ex + half, ey - half);
  context.stroke();
}

function drawHovered(plot: uPlot, context: CanvasRenderingContext2D, mark: Mark, data: ChartData): void {
  const from = plot.valToPos(data.start + mark.t[0], "x", true);
  const to = plot.valToPos(data.start + (mark.t[1] ?? data.seconds), "x", true);
  const level = (price: number | null, colour: string) => {
    if (price === null) return;
    const y = plot.valToPos(price, "y", true);
    context.strokeStyle = tone(colour);
    context.beginPath();
    context.moveTo(from, y);
    context.lineTo(Math.max(to, from + 8 * devicePixelRatio), y);
    context.stroke();
  };
  context.lineWidth = 1.5 * devicePixelRatio;
  context.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  level(mark.stop, "bad");
  level(mark.target, "good");
  context.setLineDash([]);
  if (mark.price[1] === null) return;
  context.strokeStyle = tone("ink");
  context.beginPath();
  context.moveTo(from, plot.valToPos(mark.price[0], "y", true));
  context.lineTo(to, plot.valToPos(mark.price[1], "y", true));
  context.stroke();
}

export function drawMarks(plot: uPlot, data: ChartData, hovered: number): void {
  const { min = null, max = null } = plot.scales.x ?? {};
  if (min === null || max === null) return;
  clipped(plot, (context) => {
    const visible = data.marks.rows.filter(
      (mark) => data.start + mark.t[0] <= max && data.start + (mark.t[1] ?? data.seconds) >= min,
    );
    const radius = visible.length > 400 ? 2.5 : visible.length > 80 ? 3.5 : 5;
    for (const mark of visible) drawMark(plot, context, mark, data.start, radius);
    const mark = data.marks.rows[hovered];
    if (mark) drawHovered(plot, context, mark, data);
  });
}

/** The position that was open at the cursor, or the nearest within a few pixels; −1 for none. */
export function markAt(plot: uPlot, data: ChartData): number {
  const { left = -1 } = plot.cursor;
  if (left < 0) return -1;
  const time = plot.posToVal(left, "x") - data.start;
  const reach = Math.abs(plot.posToVal(left + 6, "x") - plot.posToVal(left, "x"));
  let best = -1;
  let distance = reach;
  data.marks.rows.forEach((mark, index) => {
    const away = Math.max(mark.t[0] - time, time - (mark.t[1] ?? data.seconds), 0);
    if (away < distance || (away === 0 && distance > 0)) {
      best = index;
      distance = away;
    }
  });
  return best;
}
