// Reference strings: pages renumbered so that tables can be arrays, and when each page is used next.

export interface CompactPages {
  /** Page of each reference as 0..distinct-1, numbered in order of first appearance. */
  readonly pages: Int32Array;
  readonly distinct: number;
  /** Index of the first reference to each page. */
  readonly firstAt: Int32Array;
}

export function compactPages(refs: ArrayLike<number>): CompactPages {
  const numbers = new Map<number, number>();
  const pages = new Int32Array(refs.length);
  const firstAt: number[] = [];
  for (let time = 0; time < refs.length; time++) {
    const page = refs[time]!;
    let number = numbers.get(page);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(page, number);
      firstAt.push(time);
    }
    pages[time] = number;
  }
  return { pages, distinct: numbers.size, firstAt: Int32Array.from(firstAt) };
}

/** Never used again: later than any reference. */
const NEVER = 0x7fffffff;

/** For each reference, the index of the next one to the same page, or `NEVER`. */
export function nextUses(pages: Int32Array, distinct: number): Int32Array {
  const next = new Int32Array(pages.length);
  const seen = new Int32Array(distinct).fill(NEVER);
  for (let time = pages.length - 1; time >= 0; time--) {
    const page = pages[time]!;
    next[time] = seen[page]!;
    seen[page] = time;
  }
  return next;
}

/** libCacheSim's; not the offset of the FNV standard. */
const FNV_START = 1469598103934665603n;

/** FNV-1a over the hits, 16 hexadecimal digits: one number for a whole replay. */
export function hitHash(hits: Uint8Array): string {
  // 64-bit arithmetic in four 16-bit limbs: a BigInt a reference would take a second for a long trace.
  const limb = (index: number) => Number((FNV_START >> BigInt(16 * index)) & 0xffffn);
  let [a, b, c, d] = [limb(0), limb(1), limb(2), limb(3)];
  for (let time = 0; time < hits.length; time++) {
    a ^= hits[time]!;
    // times 0x100_0000_01b3
    const low = a * 0x1b3;
    const second = b * 0x1b3 + (low >>> 16);
    const third = c * 0x1b3 + a * 0x100 + (second >>> 16);
    const fourth = d * 0x1b3 + b * 0x100 + Math.floor(third / 0x10000);
    a = low & 0xffff;
    b = second & 0xffff;
    c = third & 0xffff;
    d = fourth & 0xffff;
  }
  return [d, c, b, a].map((each) => each.toString(16).padStart(4, "0")).join("");
}
