// What src/toxvol/report writes: texts as they are shown, charts as numbers. No figure is computed
// here; how much of a chart is in sight, and which of its points are drawn, is.

import type { Packed } from "./packed";

export type Tone = "main" | "good" | "bad" | "amber" | "violet" | "grey";

export interface Series {
  label: string;
  tone: Tone;
  style: "line" | "thick" | "area" | "dash" | "mirror" | "step" | "shade";
  values: Packed;
}

export interface Band {
  label: string;
  tone: Tone;
  ranges: [number, number][];
}

export interface Chart {
  id: string;
  show: "equity" | "price" | "factors"; // the part of the page that draws it
  frame: string;
  title: string;
  unit: string;
  note: string;
  series: Series[];
  bands: Band[];
  levels: { value: number; label: string }[];
}

export interface Mark {
  id: string;
  long: boolean;
  exit_role: string;
  t: [number, number | null];
  price: [number, number | null];
  stop: number | null;
  target: number | null;
  text: string;
}

export interface Candles {
  frame: Packed;
  open: Packed;
  high: Packed;
  low: Packed;
  close: Packed;
  volume: Packed;
}

export interface ChartData {
  start: number; // seconds since the epoch; all times are seconds after it
  seconds: number;
  view: [number, number]; // shown at first
  frames: Record<string, Packed>;
  charts: Chart[];
  candles: Candles | null;
  marks: { rows: Mark[]; note: string };
  note: string; // what the charts leave out
}

export interface Table {
  title: string;
  note: string;
  columns: { label: string; align: "left" | "right"; sort?: string; gain?: number }[];
  rows: string[][];
  sort?: Record<string, (number | null)[]>;
}

/** Quotes and trades around a moment; times are seconds after `from`. */
export interface CloseUp {
  from: number; // since the epoch
  seconds: number;
  quotes: { frame: Packed; bid: Packed; ask: Packed };
  trades: { frame: Packed; price: Packed; qty: Packed; side: Packed };
  note: string;
}

export interface Story {
  id: string;
  title: string;
  why: string[];
  factors: Table | null;
  orders: Table;
  fills: Table;
  marks: [number, number, number][]; // time since the epoch, price, side
  entry: CloseUp | null;
  exit: CloseUp | null;
  command: string;
}

/** A chart that is not over time. */
export interface Figure {
  id: string;
  title: string;
  note: string;
  text: string; // what it shows, for who does not see it
  kind: "bars" | "rows" | "lines" | "points" | "heat" | "parallel";
  x: { label: string; names?: string[]; values?: number[] };
  y: { label: string; names?: string[] };
  series: {
    label: string;
    tone: Tone;
    values: (number | null)[];
    low?: (number | null)[];
    high?: (number | null)[];
  }[];
  points?: { x: number; y: number; tone: Tone; text: string }[];
  lines?: { x?: number; y?: number; label: string; tone: Tone }[];
  axes?: { label: string; names: string[] }[]; // of parallel coordinates
  paths?: { at: number[]; value: number; text: string }[]; // places on the axes, the best first
  cells?: { value: number | null; text: string }[][]; // of a heat map, by row
  table: Table;
}

export interface Bar {
  label: string;
  value: string;
  note: string;
  tone: Tone;
  left: number;
  width: number;
}

/** What the file holds as plain JSON. */
export interface Head {
  kind: "run" | "study" | "index";
  title: string;
  caption: string;
  headline: { tone: "gain" | "loss" | "none"; text: string; notes: string[] };
  badges: { text: string; tone: "warn" | "info"; meaning: string }[];
  tiles: { label: string; value: string; note: string }[];
  rest: string; // all else of the page, packed
  columns: string; // the bytes of all packed columns
}

export interface Run extends Head {
  kind: "run";
  waterfall: { bars: Bar[]; zero: number };
  results: Table[];
  drawdowns: Table;
  answers: Figure[];
  chart_data: ChartData;
  stories: { rows: Story[]; note: string };
  funnel: Bar[];
  reasons: Bar[];
  positions: Table;
  orders: Table[];
  data: Table[];
  config: {
    name: string;
    changed: number;
    rows: { key: string; value: string; preset: string; changed: boolean }[];
  }[];
  instrument: Table;
  identity: { label: string; value: string }[];
  command: string;
  caveats: { code: string; text: string }[];
}

/** A study: its parts in the order of the page. */
export interface Study extends Head {
  kind: "study";
  chart_data: ChartData | null;
  parts: {
    id: string;
    name: string;
    title: string;
    note: string;
    figures: Figure[];
    tables: Table[];
  }[];
  identity: { label: string; value: string }[];
}

/** The list of runs and studies below a folder. */
export interface Index extends Head {
  kind: "index";
  tables: (Table & { links: (string | null)[]; sparks: (number[] | null)[] })[];
}

export type Page = Run | Study | Index;
