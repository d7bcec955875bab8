// What the kernel keeps about its own mappings: vmalloc areas, the permanent kmaps and the names of mapped pages.
// Source: Linux 2.6.11 linux/vmalloc.h (vm_struct), mm/highmem.c (pkmap_count, page_address_map, page_address_htable)
import { arrayOf, struct } from "../layout";
import { listHead } from "../structs";

/** A vmalloc area. `addr` and `pages` are kernel virtual addresses. */
export const vmStruct = struct("vm_struct", {
  addr: "u32",
  /** Bytes, with the guard page. */
  size: "u32",
  flags: "u32",
  /** Array of `struct page` addresses. */
  pages: "u32",
  nr_pages: "u32",
  phys_addr: "u32",
  next: "addr",
});

export const vmallocData = struct("vmalloc_data", {
  /** First area; ascending addresses. */
  vmlist: "addr",
  /** 1: an area behind the last one may lie beyond the end of the range, as 2.6.11 forgets to check. */
  no_end_check: "u32",
});

/** Entries of the permanent kmap table without PAE; half of it with. */
export const MAX_PKMAP = 1024;
export const PA_HASH_ORDER = 7;

export const pageAddressMap = struct("page_address_map", { page: "addr", virtual: "u32", list: listHead });

export const highmemData = struct("highmem_data", {
  /** How many entries are used: LAST_PKMAP; a lesson may make it smaller. */
  last_pkmap: "u32",
  last_pkmap_nr: "u32",
  /** 0 free, 1 unmapped but perhaps in the TLB, n: n - 1 users. */
  pkmap_count: arrayOf("i32", MAX_PKMAP),
  page_address_pool: listHead,
  page_address_htable: arrayOf(listHead, 1 << PA_HASH_ORDER),
  page_address_maps: arrayOf(pageAddressMap, MAX_PKMAP),
  /** Flushes of the whole table. */
  flushes: "u32",
});
