// What happened to the areas of an address space. Addresses and lengths in bytes, `mm` the address of the mm_struct.

/** Why a place was chosen for a mapping. */
export type PlaceReason =
  | "fixed"
  /** The hint, rounded up to a page, was free. */
  | "hint"
  | "bottom-up"
  | "top-down"
  /** Nothing free below mmap_base: searched upward from 1 GiB after all. */
  | "fallback";
/** Why free_area_cache moved. */
export type CacheReason = "found" | "hole-above" | "freed" | "restart" | "limit" | "restore";
/** The row of domain 7.7. */
export type MergeCase = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export type MmEvent =
  /** find_vma answered: `start` null when no area ends above the address. */
  | {
      readonly kind: "vma-found";
      readonly address: number;
      readonly start: number | null;
      readonly end: number | null;
      readonly from: "cache" | "tree";
      readonly steps: number;
    }
  /** A gap was looked at and does not take `length` bytes at `address`, because of the area [start, end). */
  | {
      readonly kind: "gap-refused";
      readonly address: number;
      readonly length: number;
      readonly start: number;
      readonly end: number;
    }
  | {
      readonly kind: "place-chosen";
      readonly address: number;
      readonly length: number;
      readonly reason: PlaceReason;
      readonly cache: number;
    }
  | { readonly kind: "place-refused"; readonly length: number; readonly errno: number }
  | { readonly kind: "area-cache"; readonly from: number; readonly to: number; readonly reason: CacheReason }
  /** A request or area [start, end) became part of its neighbours: the result is [newStart, newEnd). */
  | {
      readonly kind: "vma-merge";
      readonly case: MergeCase;
      readonly start: number;
      readonly end: number;
      readonly newStart: number;
      readonly newEnd: number;
    }
  /** Area [start, end) was cut at `at`; `fresh` says which part is the new structure. */
  | {
      readonly kind: "vma-split";
      readonly start: number;
      readonly at: number;
      readonly end: number;
      readonly fresh: "lower" | "upper";
    }
  | {
      readonly kind: "vma-insert";
      readonly start: number;
      readonly end: number;
      readonly flags: number;
      readonly pgoff: number;
    }
  /** An area left list and tree and is freed. */
  | { readonly kind: "vma-remove"; readonly start: number; readonly end: number }
  /** An area grew at its end (mremap) or start (stack). */
  | {
      readonly kind: "vma-grow";
      readonly start: number;
      readonly end: number;
      readonly newStart: number;
      readonly newEnd: number;
    }
  | {
      readonly kind: "vma-flags";
      readonly start: number;
      readonly end: number;
      readonly from: number;
      readonly to: number;
    }
  /** A limit of the task stood against it. */
  | {
      readonly kind: "limit-reached";
      readonly limit: "RLIMIT_AS" | "RLIMIT_DATA" | "RLIMIT_STACK" | "RLIMIT_MEMLOCK" | "map_count";
      readonly wanted: number;
      readonly allowed: number;
    }
  /** A system call is done: its arguments, and the address or -errno it returns. */
  | {
      readonly kind: "mm-call";
      readonly mm: number;
      readonly call:
        | "mmap"
        | "munmap"
        | "mprotect"
        | "brk"
        | "mremap"
        | "mlock"
        | "munlock"
        | "mlockall"
        | "expand-stack";
      readonly args: readonly number[];
      readonly result: number;
    };
