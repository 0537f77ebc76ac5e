// Numbers as src/toxvol/report/packed.cpp packs them: docs/report.md#packed-columns.

export interface Packed {
  n: number;
  decimals: number;
  nulls: number[]; // first, how many, first, how many …
  data: string; // base64
}

const BLOCK = 128;

/** The numbers again, NaN where there is none. */
export function unpack({ n, decimals, nulls, data }: Packed): Float64Array {
  const text = atob(data);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
  const scale = 10 ** decimals;
  const values = new Float64Array(n);
  let present = n;
  for (let k = 0; k < nulls.length; k += 2) {
    const [first = 0, count = 0] = [nulls[k], nulls[k + 1]];
    values.fill(NaN, first, first + count);
    present -= count;
  }
  let byte = 0; // the next one to be read
  let at = 0; // in values
  let null_ = 0; // in nulls
  let whole = 0;
  while (present > 0) {
    // Above 32 bits JavaScript has no shifts: multiply.
    let code = 0;
    for (let weight = 1; ; weight *= 128) {
      const next = bytes[byte++] ?? 0;
      code += (next & 0x7f) * weight;
      if (next < 0x80) break;
    }
    const least = code % 2 === 0 ? code / 2 : -(code + 1) / 2;
    const width = bytes[byte++] ?? 0;
    let used = 0; // bits of the byte at `byte`
    const block = Math.min(BLOCK, present);
    for (let i = 0; i < block; ++i) {
      let above = 0;
      let weight = 1;
      for (let left = width; left > 0;) {
        const taken = Math.min(left, 8 - used);
        above += (((bytes[byte] ?? 0) >> used) & ((1 << taken) - 1)) * weight;
        weight *= 1 << taken;
        left -= taken;
        used += taken;
        if (used === 8) {
          used = 0;
          ++byte;
        }
      }
      while (nulls[null_] === at) {
        at += nulls[null_ + 1] ?? 0;
        null_ += 2;
      }
      whole += least + above;
      values[at++] = whole / scale;
    }
    if (used > 0) ++byte;
    present -= block;
  }
  return values;
}
