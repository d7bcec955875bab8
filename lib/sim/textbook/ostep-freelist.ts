// The free-space program of the OSTEP homework: a heap kept as one list of free extents.
// Theory:     the list is searched for an extent that is large enough (best, worst or first fit); what is left of it stays at its place.
//             Freed extents go back by one of five rules; joining neighbours is optional and looks at the list in its order only.
// Source:     R. and A. Arpaci-Dusseau, "Operating Systems: Three Easy Pieces", Free-Space Management, and its homework program
//             malloc.py (described, not copied)
// Simplified: as the program: neighbours are joined in one pass over the list, so an unsorted list misses some; no realloc.

export const fits = ["BEST", "WORST", "FIRST"] as const;
export type Fit = (typeof fits)[number];
export const listOrders = ["ADDRSORT", "SIZESORT+", "SIZESORT-", "INSERT-FRONT", "INSERT-BACK"] as const;
export type ListOrder = (typeof listOrders)[number];

/** [address, bytes]. */
export type Extent = readonly [address: number, size: number];

export interface FreelistConfig {
  readonly size: number;
  readonly base: number;
  /** Bytes in front of each allocation. */
  readonly header: number;
  /** Sizes are rounded up to a multiple; -1 for none. */
  readonly align: number;
  readonly fit: Fit;
  readonly order: ListOrder;
  readonly coalesce: boolean;
}

export interface FreelistHeap {
  readonly config: FreelistConfig;
  free: readonly Extent[];
}

export function freelistHeap(config: FreelistConfig): FreelistHeap {
  return { config, free: [[config.base, config.size]] };
}

/** Bytes that a request really takes: rounded up, plus the header. */
function realNeed({ align, header }: FreelistConfig, size: number): number {
  return (align === -1 ? size : Math.ceil(size / align) * align) + header;
}

/**
 * Takes the low end of an extent.
 * @returns the block's address (its header), or null, and how many extents were looked at.
 */
export function freelistAlloc(heap: FreelistHeap, size: number): { block: number | null; searched: number } {
  const need = realNeed(heap.config, size);
  const { found, searched } = search(heap.free, need, heap.config.fit);
  if (found === -1) return { block: null, searched };
  const [address, length] = heap.free[found]!;
  const rest: Extent[] = length === need ? [] : [[address + need, length - need]];
  heap.free = heap.free.toSpliced(found, 1, ...rest);
  return { block: address, searched };
}

/** Gives the block of a request of `size` bytes back. */
export function freelistFree(heap: FreelistHeap, block: number, size: number): void {
  const extent: Extent = [block, realNeed(heap.config, size)];
  const list = arrange[heap.config.order](heap.free, extent);
  heap.free = heap.config.coalesce ? joined(list) : list;
}

function search(free: readonly Extent[], need: number, fit: Fit): { found: number; searched: number } {
  if (fit === "FIRST") {
    const found = free.findIndex(([, size]) => size >= need);
    return { found, searched: found === -1 ? free.length : found + 1 };
  }
  let found = -1;
  for (const [index, [, size]] of free.entries()) {
    if (size < need) continue;
    const best = found === -1 ? null : free[found]![1];
    if (best === null || (fit === "BEST" ? size < best : size > best)) found = index;
  }
  return { found, searched: free.length };
}

const arrange: Readonly<Record<ListOrder, (free: readonly Extent[], extent: Extent) => Extent[]>> = {
  "INSERT-BACK": (free, extent) => [...free, extent],
  "INSERT-FRONT": (free, extent) => [extent, ...free],
  ADDRSORT: (free, extent) => [...free, extent].toSorted((a, b) => a[0] - b[0]),
  "SIZESORT+": (free, extent) => [...free, extent].toSorted((a, b) => a[1] - b[1]),
  "SIZESORT-": (free, extent) => [...free, extent].toSorted((a, b) => b[1] - a[1]),
};

function joined(free: readonly Extent[]): Extent[] {
  const list: Extent[] = [];
  for (const [address, size] of free) {
    const last = list.at(-1);
    if (last && last[0] + last[1] === address) list[list.length - 1] = [last[0], last[1] + size];
    else list.push([address, size]);
  }
  return list;
}
