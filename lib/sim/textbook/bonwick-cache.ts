// A cache of constructed objects as in SunOS 5.4, with time and without memory.
// Theory:     objects are constructed when their slab is made and destructed when it is given back, not at each allocation. Slabs stand
//             in one list: without free objects, partly free, completely free; allocation takes from the first that has any, so
//             complete slabs are broken up last. Memory goes back only on demand, and not what was used in the last 15 seconds.
// Source:     J. Bonwick, "The Slab Allocator" (USENIX Summer 1994), "Object Caching", "Freelist Management", "Reclaiming Memory"
// Simplified: objects are numbers of a slab; nobody waits for memory.
import { bonwickSlab } from "./bonwick";

/** Complete slabs used less than this many seconds ago are the working set. */
export const WORKING_SET_SECONDS = 15;

export interface BonwickObject {
  readonly slab: number;
  readonly index: number;
}

interface Slab {
  readonly id: number;
  /** Bytes from the start of the slab to buffer 0. */
  readonly colour: number;
  /** Free objects; the last one is taken next. */
  readonly free: number[];
  readonly inUse: boolean[];
  lastUse: number;
}

export interface BonwickCacheState {
  /** Slab numbers: without free objects, partly free, complete, in list order. */
  readonly empty: readonly number[];
  readonly partial: readonly number[];
  readonly complete: readonly number[];
}

export class BonwickCache {
  /** Constructor and destructor calls so far. */
  ctor = 0;
  dtor = 0;
  readonly buffers: number;
  readonly #colours: readonly number[];
  /** Slabs in list order. Those without free objects come first. */
  #slabs: Slab[] = [];
  #made = 0;

  /** @param size,align bytes. */
  constructor(size: number, align: number) {
    const { buffers, colours } = bonwickSlab(size, align, "constructed");
    this.buffers = buffers;
    this.#colours = colours;
  }

  get slabs(): number {
    return this.#slabs.length;
  }

  /** A constructed object. @param now seconds. */
  alloc(now: number): BonwickObject {
    const slab = this.#slabs.find(({ free }) => free.length > 0) ?? this.#grow(now);
    const index = slab.free.pop()!;
    slab.inUse[index] = true;
    slab.lastUse = now;
    return { slab: slab.id, index };
  }

  /** Takes an object back, in constructed state. @throws RangeError if it is not one of the cache's objects in use. */
  free({ slab: id, index }: BonwickObject, now: number): void {
    const at = this.#slabs.findIndex((each) => each.id === id);
    const slab = this.#slabs[at];
    if (!slab?.inUse[index]) throw new RangeError(`object ${index} of slab ${id} is not in use in this cache`);
    const wasEmpty = slab.free.length === 0;
    slab.inUse[index] = false;
    slab.free.push(index);
    slab.lastUse = now;
    if (slab.free.length === this.buffers) this.#move(at, this.#slabs.length - 1);
    else if (wasEmpty) this.#move(at, this.#slabs.filter(({ free }) => free.length === 0).length);
  }

  /** Gives complete slabs back that are not in the working set. @returns how many. */
  reap(now: number): number {
    const kept = this.#slabs.filter(
      ({ free, lastUse }) => free.length < this.buffers || now - lastUse < WORKING_SET_SECONDS,
    );
    const gone = this.#slabs.length - kept.length;
    this.#slabs = kept;
    this.dtor += gone * this.buffers;
    return gone;
  }

  get state(): BonwickCacheState {
    const ids = (which: (free: number) => boolean) =>
      this.#slabs.filter(({ free }) => which(free.length)).map(({ id }) => id);
    return {
      empty: ids((free) => free === 0),
      partial: ids((free) => free > 0 && free < this.buffers),
      complete: ids((free) => free === this.buffers),
    };
  }

  /** Bytes by which a slab's buffers are shifted; null for a slab that is not there. */
  colourOf(id: number): number | null {
    return this.#slabs.find((slab) => slab.id === id)?.colour ?? null;
  }

  #grow(now: number): Slab {
    const id = this.#made++;
    const slab: Slab = {
      id,
      colour: this.#colours[id % this.#colours.length]!,
      free: Array.from({ length: this.buffers }, (_, index) => this.buffers - 1 - index),
      inUse: Array(this.buffers).fill(false),
      lastUse: now,
    };
    this.ctor += this.buffers;
    this.#slabs.push(slab);
    return slab;
  }

  #move(from: number, to: number): void {
    const [slab] = this.#slabs.splice(from, 1);
    this.#slabs.splice(to, 0, slab!);
  }
}

/** One step of a program: it asks for an object, or gives the n-th one it got back. */
export type ObjectStep = "alloc" | { readonly free: number };

/** Constructor calls of a program with this cache, and with an allocator that knows no objects: one at each allocation. */
export function constructorCalls(
  steps: readonly ObjectStep[],
  size: number,
  align: number,
): { readonly cached: number; readonly uncached: number } {
  const cache = new BonwickCache(size, align);
  const got: BonwickObject[] = [];
  for (const step of steps) {
    if (step === "alloc") got.push(cache.alloc(0));
    else cache.free(got[step.free]!, 0);
  }
  return { cached: cache.ctor, uncached: got.length };
}
