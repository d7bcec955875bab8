// The kernel structures of the machine, declared once. Field names are the kernel's.
// Source:     Linux 2.6.11 linux/list.h (list_head), linux/mm.h (page), linux/mmzone.h (free_area, per_cpu_pages, zone),
//             linux/page-flags.h (page_state)
// Simplified: `count` and `mapcount` hold the logical value (0 = free, 0 = not mapped; the kernel stores both minus one), so
//             zeroed memory is an array of free, unmarked pages. One CPU, so a zone holds one pageset. No locks.
import { arrayOf, struct } from "./layout";

export const MAX_ORDER = 11;
export const MAX_NR_ZONES = 3;

export const listHead = struct("list_head", { next: "addr", prev: "addr" });

/** 32 bytes. `private` is the order while the page heads a free block (PG_private set). */
export const page = struct("page", {
  flags: "u32",
  count: "i32",
  mapcount: "i32",
  private: "u32",
  mapping: "addr",
  index: "u32",
  lru: listHead,
});

export const freeArea = struct("free_area", { free_list: listHead, nr_free: "u32" });

export const perCpuPages = struct("per_cpu_pages", {
  count: "i32",
  low: "i32",
  high: "i32",
  batch: "i32",
  list: listHead,
});

export const zone = struct("zone", {
  free_pages: "u32",
  pages_min: "u32",
  pages_low: "u32",
  pages_high: "u32",
  lowmem_reserve: arrayOf("u32", MAX_NR_ZONES),
  /** The hot list, then the cold one. */
  pageset: arrayOf(perCpuPages, 2),
  free_area: arrayOf(freeArea, MAX_ORDER),
  pages_scanned: "u32",
  all_unreclaimable: "u32",
  zone_mem_map: "addr",
  zone_start_pfn: "u32",
  spanned_pages: "u32",
  present_pages: "u32",
  active_list: listHead,
  inactive_list: listHead,
  nr_active: "u32",
  nr_inactive: "u32",
  nr_scan_active: "u32",
  nr_scan_inactive: "u32",
  temp_priority: "u32",
  prev_priority: "u32",
  /** Wait queues for pages: machine address is not modelled, only how many and where bootmem put them (physical). */
  wait_table: "u32",
  wait_table_size: "u32",
});

/** What /proc/vmstat counts: events since boot, and the nr_ numbers of pages now. In pages unless it is an event. */
export const pageState = struct("page_state", {
  pgalloc: "u32",
  pgfree: "u32",
  nr_dirty: "u32",
  nr_writeback: "u32",
  nr_page_table_pages: "u32",
  nr_mapped: "u32",
  nr_slab: "u32",
  pgpgin: "u32",
  pgpgout: "u32",
  pswpin: "u32",
  pswpout: "u32",
  pgactivate: "u32",
  pgdeactivate: "u32",
  pgfault: "u32",
  pgmajfault: "u32",
  pgrefill: "u32",
  pgsteal: "u32",
  pgscan_kswapd: "u32",
  pgscan_direct: "u32",
  pginodesteal: "u32",
  slabs_scanned: "u32",
  kswapd_steal: "u32",
  kswapd_inodesteal: "u32",
  pageoutrun: "u32",
  allocstall: "u32",
  pgrotated: "u32",
});
