// What src/toxvol/report/packed.cpp packed (tests/report/packed_test.cpp holds the same file) comes
// back as it was.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { load } from "./load.mjs";

const packing = await load("packed");
const { unpack } = packing;
const { Column, drawn, lowerBound } = await load("packed", "columns");

const { columns, cases } = JSON.parse(
  readFileSync(new URL("../../tests/report/packed.json", import.meta.url), "utf8"),
);
await packing.load(columns);

for (const { name, values, packed } of cases) {
  test(`${name} comes back exactly`, () => {
    const found = [...unpack(packed)].map((value) => (Number.isNaN(value) ? null : value));
    assert.deepEqual(found, values);
  });
}

test("the text of a page comes back, and nothing but it", async () => {
  const text = JSON.stringify({ words: "− ≥ 20 %", empty: "", rows: [["1", null]] });
  const packed = deflateRawSync(Buffer.from(text)).toString("base64");
  assert.deepEqual(await packing.unpackedText(packed), JSON.parse(text));
  await assert.rejects(packing.unpackedText(packed.slice(0, 20)));
  await assert.rejects(packing.unpackedText(""));
});

test("columns that were cut off are refused", async () => {
  await assert.rejects(packing.load(columns.slice(0, columns.length / 2)));
  assert.deepEqual([...unpack(cases[2].packed)], cases[2].values, "what was there stays");
});

/** A column of these values as it is, without packing. */
function column(values) {
  const made = new Column({
    n: values.length,
    decimals: 3,
    nulls: [],
    order: 1,
    planes: 0,
    data: 0,
  });
  made.unpacked = Float64Array.from(values, (value) => value ?? NaN);
  return made;
}

test("extremes by blocks are those of the plain loop", () => {
  let state = 1;
  const values = Array.from({ length: 1000 }, () => {
    state = (state * 16807) % 2147483647;
    return state % 7 === 0 ? null : state % 1009;
  });
  const made = column(values);
  for (const [from, to] of [
    [0, 1000],
    [1, 999],
    [63, 65],
    [64, 128],
    [500, 501],
    [10, 10],
  ]) {
    const [low, high] = made.extremes(from, to);
    const plain = values.slice(from, to).filter((value) => value !== null);
    assert.equal(low < 0 ? undefined : values[low], plain.length ? Math.min(...plain) : undefined);
    assert.equal(
      high < 0 ? undefined : values[high],
      plain.length ? Math.max(...plain) : undefined,
    );
  }
});

test("a single peak among many rows is drawn", () => {
  const values = Array.from({ length: 100_000 }, (_, row) => (row === 77_777 ? 99 : row % 3));
  const times = Float64Array.from(values, (_, row) => row * 60);
  const [x, series] = drawn(times, [column(values)], [0, values.length], 500, 1000);
  assert.equal(x.length, 1000);
  assert.ok(series.includes(99));
  assert.ok(series.includes(0));
});

test("few rows are drawn as they are, with their gaps", () => {
  const made = column([1, null, 3]);
  assert.deepEqual(drawn(Float64Array.of(0, 60, 120), [made], [0, 3], 500, 0), [
    [0, 60, 120],
    [1, null, 3],
  ]);
});

test("the lower bound is the first that is not below", () => {
  const times = Float64Array.of(0, 60, 120);
  assert.deepEqual(
    [-1, 0, 1, 60, 121].map((time) => lowerBound(times, time)),
    [0, 0, 1, 1, 3],
  );
});
