import type uPlot from "uplot";
import { Column, rowsIn } from "./columns";
import type { Band, Candles, Chart, ChartData, Mark } from "./model";

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

const BANDS_UP_TO = 3 * 86400; // seconds in sight; beyond, they are a bar code, and hours say more

export function drawBands(plot: uPlot, bands: Band[], start: number): void {
  const { min = null, max = null } = plot.scales.x ?? {};
  if (min === null || max === null || max - min > BANDS_UP_TO) return;
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
    context.lineWidth = devicePixelRatio;
    context.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    context.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    for (const level of levels) {
      // Without a name it is an axis, and must not look like one of the lines.
      context.strokeStyle = context.fillStyle = tone(level.label ? "amber" : "grey");
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
function drawMark(
  plot: uPlot,
  context: CanvasRenderingContext2D,
  mark: Mark,
  start: number,
  radius: number,
): void {
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

function drawHovered(
  plot: uPlot,
  context: CanvasRenderingContext2D,
  mark: Mark,
  data: ChartData,
): void {
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

export function drawMarks(
  plot: uPlot,
  data: ChartData,
  hovered: number,
  selected: string | undefined,
): void {
  const { min = null, max = null } = plot.scales.x ?? {};
  if (min === null || max === null) return;
  clipped(plot, (context) => {
    const visible = data.marks.rows.filter(
      (mark) => data.start + mark.t[0] <= max && data.start + (mark.t[1] ?? data.seconds) >= min,
    );
    const radius = visible.length > 400 ? 2.5 : visible.length > 80 ? 3.5 : 5;
    for (const mark of visible) drawMark(plot, context, mark, data.start, radius);
    const few = visible.length <= 3 ? visible : [];
    for (const mark of new Set([
      ...few,
      data.marks.rows[hovered],
      data.marks.rows.find(({ id }) => id === selected),
    ])) {
      if (mark) drawHovered(plot, context, mark, data);
    }
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

export interface LoadedCandles {
  times: Float64Array;
  open: Column;
  high: Column;
  low: Column;
  close: Column;
  volume: Column;
}

export function loadCandles(candles: Candles): LoadedCandles {
  return {
    times: new Column(candles.frame).values,
    open: new Column(candles.open),
    high: new Column(candles.high),
    low: new Column(candles.low),
    close: new Column(candles.close),
    volume: new Column(candles.volume),
  };
}

/** `low` and `high` widened to the wicks of [from, to]. */
export function candleExtent(
  candles: LoadedCandles,
  from: number,
  to: number,
  low: number,
  high: number,
): [number, number] {
  const [first, last] = rowsIn(candles.times, from, to);
  const [least] = candles.low.extremes(first, last);
  const [, most] = candles.high.extremes(first, last);
  return [
    least < 0 ? low : Math.min(low, candles.low.at(least)),
    most < 0 ? high : Math.max(high, candles.high.at(most)),
  ];
}

const CANDLE = 3; // pixels a minute from which on candles are drawn
const VOLUME = 0.18; // share of the height

/** Pixels of a minute. */
function minute(plot: uPlot): number {
  const { min = null, max = null } = plot.scales.x ?? {};
  return min === null || max === null ? 0 : (60 / (max - min)) * plot.over.clientWidth;
}

export function hasCandles(plot: uPlot): boolean {
  return minute(plot) >= CANDLE;
}

/** A body and wicks for each minute, its volume below; nothing while minutes are too narrow. */
export function drawCandles(plot: uPlot, candles: LoadedCandles, start: number): void {
  const { min = null, max = null } = plot.scales.x ?? {};
  if (min === null || max === null || !hasCandles(plot)) return;
  const wide = minute(plot);
  const [first, last] = rowsIn(candles.times, min - start, max - start);
  const [, most] = candles.volume.extremes(first, last);
  const largest = most < 0 ? 0 : candles.volume.at(most);
  clipped(plot, (context) => {
    const { top, height } = plot.bbox;
    const body = Math.max(1, wide * 0.7 * devicePixelRatio);
    const tones = [tone("bad"), tone("good")];
    const shades = [shade("bad"), shade("good")];
    for (let row = first; row < last; ++row) {
      // A bar's time is its end.
      const x = plot.valToPos(start + (candles.times[row] ?? 0) - 30, "x", true);
      const y = (column: Column) => plot.valToPos(column.at(row), "y", true);
      const [open, close] = [y(candles.open), y(candles.close)];
      const up = close <= open ? 1 : 0;
      if (largest > 0) {
        const tall = (candles.volume.at(row) / largest) * height * VOLUME;
        context.fillStyle = shades[up] ?? "";
        context.fillRect(x - body / 2, top + height - tall, body, tall);
      }
      context.fillStyle = tones[up] ?? "";
      const line = Math.max(1, devicePixelRatio);
      context.fillRect(x - line / 2, y(candles.high), line, y(candles.low) - y(candles.high));
      context.fillRect(
        x - body / 2,
        Math.min(open, close),
        body,
        Math.max(line, Math.abs(close - open)),
      );
    }
  });
}
