// What the slab allocator did, step by step. A cache goes by its name, a slab by the pfn of its first page, an object by its index.

export type SlabListName = "partial" | "full" | "free";
export type ArrayName = "cpu" | "shared";

export type SlabErrorKind =
  /** A red zone is not what it was set to: double free, or memory outside the object was overwritten. */
  | "red-zone"
  /** A free object does not hold its poison any more. */
  | "poison"
  /** The constructor wrote outside its object. */
  | "constructor-overrun"
  /** The object belongs to another cache. */
  | "other-cache"
  /** Objects are still in use while their cache is destroyed. */
  | "objects-remain"
  /** A count of a slab does not fit the list it is on. */
  | "accounting";

interface AtSlab {
  readonly cache: string;
  readonly slab: number;
}
interface AtObject extends AtSlab {
  readonly index: number;
}

export type SlabEvent =
  | {
      readonly kind: "slab-create";
      readonly cache: string;
      readonly objsize: number;
      readonly num: number;
      readonly order: number;
      readonly offSlab: boolean;
    }
  /** The last object of the CPU's array was handed out; `avail` are left. */
  | ({ readonly kind: "slab-pop"; readonly avail: number } & AtObject)
  /** An object was put on the CPU's array, which now holds `avail`. */
  | ({ readonly kind: "slab-push"; readonly avail: number } & AtObject)
  /** The CPU's array was empty: up to `batch` objects are taken. `limited`: fewer, because it was not used lately. */
  | { readonly kind: "slab-refill"; readonly cache: string; readonly batch: number; readonly limited: boolean }
  /** `objects` moved from the end of the shared array to the CPU's. */
  | { readonly kind: "slab-from-shared"; readonly cache: string; readonly objects: number; readonly left: number }
  /** The first free object of a slab went to the CPU's array; `next` is the first free one now, null for none. */
  | ({ readonly kind: "slab-take"; readonly next: number | null } & AtObject)
  /** A slab was put on a list. */
  | ({
      readonly kind: "slab-move";
      readonly to: SlabListName;
      readonly end: "head" | "tail";
      readonly inuse: number;
    } & AtSlab)
  /** A new slab of `objects`, its objects shifted by `offset` bytes. */
  | ({
      readonly kind: "slab-grow";
      readonly order: number;
      readonly offset: number;
      readonly objects: number;
    } & AtSlab)
  | {
      readonly kind: "slab-no-grow";
      readonly cache: string;
      readonly why: "not-allowed" | "no-pages" | "no-descriptor";
    }
  /** The CPU's array was full: its `objects` oldest go to the shared array or back to their slabs. */
  | { readonly kind: "slab-flush"; readonly cache: string; readonly to: "shared" | "slabs"; readonly objects: number }
  /** An object is free in its slab again; `next` follows it in the chain. */
  | ({ readonly kind: "slab-put"; readonly next: number | null } & AtObject)
  /** A slab's pages went back; `deferred`: they will at the end of a grace period. */
  | ({ readonly kind: "slab-destroy"; readonly deferred: boolean } & AtSlab)
  | ({ readonly kind: "slab-ctor"; readonly flags: number } & AtObject)
  | ({ readonly kind: "slab-dtor" } & AtObject)
  /** The array was used since the last look: it keeps its objects this time. */
  | { readonly kind: "slab-touched"; readonly cache: string; readonly array: ArrayName }
  /** The `objects` oldest of an array go back to their slabs: some because it is `idle`, all by `force`. */
  | {
      readonly kind: "slab-drain";
      readonly cache: string;
      readonly array: ArrayName;
      readonly objects: number;
      readonly why: "idle" | "force";
    }
  /** The free slabs of a cache were used since the last look and stay. */
  | { readonly kind: "slab-spare"; readonly cache: string }
  | { readonly kind: "slab-reap"; readonly cache: string; readonly slabs: number; readonly most: number }
  | {
      readonly kind: "slab-tune";
      readonly cache: string;
      readonly limit: number;
      readonly batchcount: number;
      readonly shared: number;
    }
  | { readonly kind: "slab-shrink"; readonly cache: string; readonly slabs: number; readonly busy: boolean }
  | { readonly kind: "slab-cache-destroy"; readonly cache: string }
  /** The pages of `slabs` slabs went back after a grace period. */
  | { readonly kind: "slab-rcu"; readonly slabs: number }
  | { readonly kind: "kmalloc"; readonly bytes: number; readonly cache: string | null }
  /** Something was found wrong; the kernel prints it and goes on. `lines`: damaged lines of 16 bytes, by offset in the object. */
  | ({ readonly kind: "slab-error"; readonly what: SlabErrorKind; readonly lines: readonly number[] } & AtObject);
