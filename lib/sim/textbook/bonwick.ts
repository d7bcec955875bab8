// Slabs as Bonwick laid them out in SunOS 5.4: where the bookkeeping lies, how many buffers fit, which colours there are.
// Theory:     a small object's slab is one page with its bookkeeping at the end; a free buffer holds the link to the next one in its
//             last word. A large object's slab has its bookkeeping elsewhere and as many pages as it takes to waste at most an eighth.
//             Each new slab starts its buffers one alignment further on, up to the last place that fits, then at 0 again.
// Source:     J. Bonwick, "The Slab Allocator" (USENIX Summer 1994), "Slab Layout", "Slab Layout for Large Objects", "Slab Coloring"
// Simplified: no hash table from buffers to bufctls: a buffer knows its slab.

/** Bytes of the bookkeeping in a slab of small objects, in his example. */
export const SLAB_DATA_BYTES = 32;
const WORD_BYTES = 4;
/** A slab may waste at most this part of itself; objects of at least this part of a page are large. */
export const WASTE_PART = 8;

export interface BonwickSlab {
  /** Bookkeeping inside the page. */
  readonly small: boolean;
  readonly pages: number;
  /** Bytes of an object with the word for the link, rounded to the alignment. */
  readonly bufSize: number;
  readonly buffers: number;
  /** Bytes. */
  readonly left: number;
  /** Offsets of buffer 0 in successive slabs, in bytes; then the first one again. */
  readonly colours: readonly number[];
}

/**
 * @param size,align bytes; @param state `constructed` objects keep their state while free, so the link needs a word of its own.
 * @throws RangeError if size or align is not positive.
 */
export function bonwickSlab(size: number, align: number, state: "plain" | "constructed", page = 4096): BonwickSlab {
  if (!(size > 0 && align > 0)) throw new RangeError(`size ${size} and alignment ${align} must be positive`);
  const small = size < page / WASTE_PART;
  const linked = small ? Math.max(size, WORD_BYTES) + (state === "constructed" ? WORD_BYTES : 0) : size;
  const bufSize = Math.ceil(linked / align) * align;
  let pages = 1;
  let { buffers, left } = cut(bufSize, page - (small ? SLAB_DATA_BYTES : 0));
  while (!small && (buffers === 0 || left * WASTE_PART > pages * page)) {
    pages++;
    ({ buffers, left } = cut(bufSize, pages * page));
  }
  const colours = Array.from({ length: Math.floor(left / align) + 1 }, (_, index) => index * align);
  return { small, pages, bufSize, buffers, left, colours };
}

/** Equal buffers out of `bytes`. */
export function cut(bufSize: number, bytes: number): { readonly buffers: number; readonly left: number } {
  const buffers = Math.floor(bytes / bufSize);
  return { buffers, left: bytes - buffers * bufSize };
}

/** What a slab loses when bookkeeping is left out of the account: bytes a buffer, and per cent of a buffer. */
export function internalFragmentation(bufSize: number, bytes: number): { perBuffer: number; percent: number } {
  const { buffers, left } = cut(bufSize, bytes);
  const perBuffer = left / buffers;
  return { perBuffer, percent: (100 * perBuffer) / bufSize };
}

/** Per cent of a cache that can be used when every object's `hot` bytes lie at the same place of a buffer of `stride` bytes. */
export function usableCachePercent(hot: number, stride: number): number {
  return (100 * hot) / stride;
}
