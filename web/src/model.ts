// What src/toxvol/report writes: texts as they are shown, charts as numbers. Nothing is computed here.

export type Tone = "main" | "good" | "bad" | "amber" | "violet" | "grey";

export interface Series {
  label: string;
  tone: Tone;
  style: "line" | "thick" | "area" | "dash" | "mirror";
  decimals: number;
  values: (number | null)[];
}

export interface Band {
  label: string;
  tone: Tone;
  ranges: [number, number][];
}

export interface Chart {
  id: string;
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

export interface ChartData {
  start: number; // seconds since the epoch; all times are seconds after it
  seconds: number;
  view: [number, number]; // shown at first
  frames: Record<string, number[]>;
  charts: Chart[];
  marks: { rows: Mark[]; note: string };
}

export interface Table {
  title: string;
  note: string;
  columns: { label: string; align: "left" | "right"; sort?: string }[];
  rows: string[][];
  sort?: Record<string, (number | null)[]>;
}

export interface Bar {
  label: string;
  value: string;
  note: string;
  tone: Tone;
  left: number;
  width: number;
}

export interface Run {
  title: string;
  caption: string;
  headline: { tone: "gain" | "loss" | "none"; text: string; notes: string[] };
  badges: { text: string; tone: "warn" | "info"; meaning: string }[];
  tiles: { label: string; value: string; note: string }[];
  waterfall: { bars: Bar[]; zero: number };
  results: Table[];
  chart_data: ChartData;
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
