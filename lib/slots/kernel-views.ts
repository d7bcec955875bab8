// What the learner sees of each kernel structure: names and words. Offsets and kinds come from the layout in lib/sim.
import { COLD, HOT, PAGE_SHIFT, PAGE_SIZE, pageFlags } from "@/lib/sim/constants";
import type { Struct } from "@/lib/sim/layout";
import { freeArea, MAX_ORDER, page, perCpuPages, zone } from "@/lib/sim/structs";

/** Numbers that the library exports under these names. */
export const kernelConstants: Readonly<Record<string, number>> = {
  MAX_ORDER,
  PAGE_SHIFT,
  PAGE_SIZE,
  HOT,
  COLD,
  ...pageFlags,
};

export interface FieldView {
  /** The kernel's spelling, as in the struct declaration. */
  readonly field: string;
  /** Absent: the camelCase of `field`. */
  readonly name?: string;
  readonly doc: string;
}

export interface StructView {
  readonly className: string;
  readonly struct: Struct;
  readonly doc: string;
  readonly fields: readonly FieldView[];
}

export const structViews = {
  page: {
    className: "Page",
    struct: page,
    doc: "`struct page`: the kernel's record of one physical page. There is one `Page` object per page, so `===` compares pages.",
    fields: [
      {
        field: "flags",
        doc: "Bit set of `PG_*` flags, unsigned 32 bits. Test a flag with `page.flags & (1 << PG_reserved)`.",
      },
      { field: "count", doc: "References to the page. 0: free, or not the first page of its block." },
      { field: "mapcount", doc: "Page tables that map the page. The buddy allocator never touches it." },
      { field: "private", doc: "While `PG_private` is set on a free block's first page: the order of that block." },
      { field: "mapping", doc: "Address of the owner of the page's contents, 0 for none." },
      {
        field: "index",
        doc: "Offset within `mapping`, in pages. Not the index within the zone: that is `pageIndex(zone, page)`.",
      },
      { field: "lru", doc: "Link by which the page hangs on a list: a free list, or a per-CPU list." },
    ],
  },
  freeArea: {
    className: "FreeArea",
    struct: freeArea,
    doc: "`struct free_area`: the free blocks of one order.",
    fields: [
      { field: "free_list", doc: "Anchor of the list of free blocks; each is linked by the `lru` of its first page." },
      { field: "nr_free", doc: "Number of blocks on the list." },
    ],
  },
  perCpuPages: {
    className: "PerCpuPages",
    struct: perCpuPages,
    doc: "`struct per_cpu_pages`: single pages that a CPU keeps at hand.",
    fields: [
      { field: "count", doc: "Number of pages on the list." },
      { field: "low", doc: "Refill when `count` is at or below this mark." },
      { field: "high", doc: "Give a batch back when `count` is at or above this mark." },
      { field: "batch", doc: "Pages moved at a time, in either direction." },
      { field: "list", doc: "Anchor of the list of pages, hottest first." },
    ],
  },
  zone: {
    className: "Zone",
    struct: zone,
    doc: "`struct zone`: a range of physical pages with its free lists.",
    fields: [
      { field: "free_pages", doc: "Pages in free blocks. Pages on per-CPU lists do not count." },
      { field: "pages_scanned", doc: "Pages scanned by reclaim since the last free; a bulk free sets it to 0." },
      { field: "all_unreclaimable", doc: "1 while reclaim has given the zone up; a bulk free sets it to 0." },
      { field: "zone_start_pfn", name: "startPfn", doc: "Page frame number of the zone's first page." },
      { field: "spanned_pages", doc: "Size of the zone in pages." },
      { field: "present_pages", doc: "Pages of the zone that exist." },
      { field: "free_area", doc: "Free blocks by order, 0 to `MAX_ORDER - 1`." },
      {
        field: "pageset",
        doc: "The per-CPU lists: `pageset.hot` and `pageset.cold` (by index: `pageset[HOT]`, `pageset[COLD]`).",
      },
    ],
  },
} as const satisfies Record<string, StructView>;

export function viewName({ field, name }: FieldView): string {
  return name ?? field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Functions that a slot may offer the learner's code; which of them work is the exercise's choice. */
export const hostCalls = [
  { name: "expand", params: ["zone", "page", "low", "high"], returns: "page", doc: "The simulator's own `expand`." },
  {
    name: "rmqueue",
    params: ["zone", "order"],
    returns: "page?",
    doc: "The simulator's own `rmqueue`: takes a block of `order` from the buddy lists, or null when there is none.",
  },
  {
    name: "freePagesBulk",
    params: ["zone", "page", "order"],
    returns: "void",
    doc: "The simulator's own `freePagesBulk`: gives a block back to the buddy lists and merges it.",
  },
] as const;
