import { unpack, type Packed } from "./packed";

const STEP = 64; // rows of a block whose extremes are kept

/** A packed column, unpacked when it is first looked at, with the extremes of each block. */
export class Column {
  readonly size: number;
  readonly decimals: number;
  private packed: Packed;
  private unpacked: Float64Array | undefined;
  private low: Int32Array | undefined; // row of the least value of each block; −1 without one
  private high: Int32Array | undefined;

  constructor(packed: Packed) {
    this.packed = packed;
    this.size = packed.n;
    this.decimals = packed.decimals;
  }

  get values(): Float64Array {
    this.unpacked ??= unpack(this.packed);
    return this.unpacked;
  }

  at(row: number): number {
    return this.values[row] ?? NaN;
  }

  get isEmpty(): boolean {
    const nulls = this.packed.nulls;
    let missing = 0;
    for (let k = 1; k < nulls.length; k += 2) missing += nulls[k] ?? 0;
    return missing >= this.size;
  }

  /** Rows of the least and the greatest value in [from, to); −1 where there is none. */
  extremes(from: number, to: number): [number, number] {
    const values = this.values;
    let [low, high] = [-1, -1];
    const take = (row: number) => {
      const value = values[row] ?? NaN;
      if (Number.isNaN(value)) return;
      if (low < 0 || value < (values[low] ?? 0)) low = row;
      if (high < 0 || value > (values[high] ?? 0)) high = row;
    };
    const first = Math.ceil(from / STEP);
    const last = Math.floor(to / STEP);
    if (last <= first) {
      for (let row = from; row < to; ++row) take(row);
      return [low, high];
    }
    if (!this.low || !this.high) this.build();
    for (let row = from; row < first * STEP; ++row) take(row);
    for (let block = first; block < last; ++block) {
      take(this.low?.[block] ?? -1);
      take(this.high?.[block] ?? -1);
    }
    for (let row = last * STEP; row < to; ++row) take(row);
    return [low, high];
  }

  private build(): void {
    const values = this.values;
    const blocks = Math.ceil(this.size / STEP);
    const low = new Int32Array(blocks).fill(-1);
    const high = new Int32Array(blocks).fill(-1);
    for (let block = 0; block < blocks; ++block) {
      let [least, most] = [-1, -1];
      const end = Math.min(this.size, (block + 1) * STEP);
      for (let row = block * STEP; row < end; ++row) {
        const value = values[row] ?? NaN;
        if (Number.isNaN(value)) continue;
        if (least < 0 || value < (values[least] ?? 0)) least = row;
        if (most < 0 || value > (values[most] ?? 0)) most = row;
      }
      low[block] = least;
      high[block] = most;
    }
    this.low = low;
    this.high = high;
  }
}

/** The first row whose value is at or above `wanted`; `column` ascends. */
export function lowerBound(column: Float64Array, wanted: number): number {
  let [low, high] = [0, column.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((column[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The rows of [from, to] and one on either side. */
export function rowsIn(times: Float64Array, from: number, to: number): [number, number] {
  return [
    Math.max(0, lowerBound(times, from) - 1),
    Math.min(times.length, lowerBound(times, to) + 2),
  ];
}

type Values = (number | null)[];

/**
 * What is drawn of the rows [first, last): all of them where there is room, else the lowest and the
 * highest value of each of `room` stretches, in the order in which they came.
 */
export function drawn(
  times: Float64Array,
  columns: Column[],
  [first, last]: [number, number],
  room: number,
  start: number,
): [number[], ...Values[]] {
  const rows = last - first;
  const x: number[] = [];
  const series: Values[] = columns.map(() => []);
  const value = (column: Column, row: number) => {
    const found = row < 0 ? NaN : column.at(row);
    return Number.isNaN(found) ? null : found;
  };
  if (rows <= 2 * room) {
    for (let row = first; row < last; ++row) {
      x.push(start + (times[row] ?? 0));
      columns.forEach((column, i) => series[i]?.push(value(column, row)));
    }
    return [x, ...series];
  }
  for (let bucket = 0; bucket < room; ++bucket) {
    const from = first + Math.floor((rows * bucket) / room);
    const to = first + Math.floor((rows * (bucket + 1)) / room);
    x.push(start + (times[from] ?? 0), start + (times[to - 1] ?? 0));
    columns.forEach((column, i) => {
      const [low, high] = column.extremes(from, to);
      const [one, two] = low < high ? [low, high] : [high, low];
      series[i]?.push(value(column, one), value(column, two));
    });
  }
  return [x, ...series];
}
