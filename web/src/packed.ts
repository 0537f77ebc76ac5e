// Numbers as src/toxvol/report/packed.cpp packs them: docs/report.md#packed-columns.

export interface Packed {
  n: number;
  decimals: number;
  nulls: number[]; // first, how many, first, how many …
  order: number; // 0: the numbers themselves, 1: the difference of each from the one before it
  planes: number; // bytes of a number
  near?: "before" | "most" | "least"; // the numbers are distances from what `of` says
  of?: Packed[];
  data: number; // where the bytes begin
}

let columns = new Uint8Array(); // the bytes of all columns of the page

/** The columns of the page. To be awaited before anything is unpacked. */
export async function load(text: string): Promise<void> {
  columns = new Uint8Array(await inflated(text).arrayBuffer());
}

/** What `rest` of a page holds, as JSON. */
export async function unpackedText(text: string): Promise<unknown> {
  return JSON.parse(await inflated(text).text());
}

/** Of base64 of raw DEFLATE; empty of empty. */
function inflated(text: string): Response {
  if (!text) return new Response();
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; ++i) bytes[i] = letters.charCodeAt(i);
  return new Response(new Blob([bytes]).stream().pipeThrough(inflater()));
}

function inflater(): DecompressionStream {
  try {
    return new DecompressionStream("deflate-raw");
  } catch {
    throw new Error(
      "this browser cannot inflate it (it has no DecompressionStream for deflate-raw); open the file in Chrome 103, Firefox 113, Safari 16.4 or later",
    );
  }
}

/** What the columns of `of` say of each row; 0 where they say nothing. */
function expected({ n, near, of = [] }: Packed): Float64Array {
  const all = of.map(units);
  const found = new Float64Array(n);
  for (let row = 0; row < n; ++row) {
    if (near === "before") {
      found[row] = row > 0 ? all[0]?.[row - 1] || 0 : 0;
      continue;
    }
    let best = NaN;
    for (const one of all) {
      const unit = one[row] ?? NaN;
      // Nothing is above or below NaN: the first that is there replaces it.
      if (Number.isNaN(best) || (near === "most" ? unit > best : unit < best)) best = unit;
    }
    found[row] = best || 0;
  }
  return found;
}

/** Whole units of 10^-decimals, NaN where there is no value. */
function units(packed: Packed): Float64Array {
  const { n, nulls, order, planes, data, of } = packed;
  const base = of ? expected(packed) : undefined;
  const found = new Float64Array(n);
  let present = n;
  for (let k = 0; k < nulls.length; k += 2) {
    const [first = 0, count = 0] = [nulls[k], nulls[k + 1]];
    found.fill(NaN, first, first + count);
    present -= count;
  }
  let at = 0; // of those that are there
  let before = 0;
  for (let row = 0; row < n; ++row) {
    if (Number.isNaN(found[row])) continue;
    // Above 32 bits JavaScript has no shifts: multiply.
    let code = 0;
    for (let plane = 0, weight = 1; plane < planes; ++plane, weight *= 256) {
      code += (columns[data + plane * present + at] ?? 0) * weight;
    }
    ++at;
    let number = code % 2 === 0 ? code / 2 : -(code + 1) / 2;
    if (order === 1) number = before += number;
    found[row] = number + (base?.[row] ?? 0);
  }
  return found;
}

/** The numbers again, NaN where there is none. */
export function unpack(packed: Packed): Float64Array {
  const found = units(packed);
  const scale = 10 ** packed.decimals;
  for (let row = 0; row < found.length; ++row) found[row] = (found[row] ?? NaN) / scale;
  return found;
}
