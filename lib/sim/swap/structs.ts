// The structures of swapping: areas, their order of use, the swap cache's address space.
// Source:     Linux 2.6.11 linux/swap.h (swap_info_struct, swap_list_t), mm/swapfile.c, mm/swap_state.c (swapper_space, swap_cache_info)
// Simplified: no extents (slot n is page n of the device), no locks.
import { arrayOf, struct } from "../layout";
import { addressSpace } from "../structs-mm";

export const MAX_SWAPFILES = 32;
/** Slots handed out one after the other before a new place is looked for. */
export const SWAPFILE_CLUSTER = 256;
/** A counter that reached this stays there. */
export const SWAP_MAP_MAX = 0x7fff;
export const SWAP_MAP_BAD = 0x8000;

/** Bits of `swap_info_struct.flags`; an area that is in use has both. */
export const SWP_USED = 1;
export const SWP_WRITEOK = 2;
export const SWP_ACTIVE = SWP_USED | SWP_WRITEOK;

/** `swap_map` is the kernel virtual address of the first counter (u16 each); `next` is the type of the following area, -1 at the end. */
export const swapInfo = struct("swap_info_struct", {
  flags: "u32",
  prio: "i32",
  /** The device (device.ts). */
  swap_file: "addr",
  swap_map: "addr",
  lowest_bit: "u32",
  highest_bit: "u32",
  cluster_next: "u32",
  cluster_nr: "u32",
  /** Usable slots. */
  pages: "u32",
  /** Slots including slot 0 and the bad ones: valid offsets are below it. */
  max: "u32",
  inuse_pages: "u32",
  next: "i32",
});

/** Types of areas, -1 for none: the area of the highest priority, and the one that is asked first next time. */
export const swapList = struct("swap_list_t", { head: "i32", next: "i32" });

export const swapCacheInfo = struct("swap_cache_info", {
  add_total: "u32",
  del_total: "u32",
  find_success: "u32",
  find_total: "u32",
  noent_race: "u32",
  exist_race: "u32",
});

export const swapData = struct("swap_data", {
  swap_info: arrayOf(swapInfo, MAX_SWAPFILES),
  swap_list: swapList,
  nr_swapfiles: "u32",
  /** Free slots of all areas, and all their usable slots. */
  nr_swap_pages: "i32",
  total_swap_pages: "i32",
  /** The automatic priority given last. */
  least_priority: "i32",
  swap_overflow: "u32",
  /** Read-ahead window: 2^page_cluster slots. */
  page_cluster: "u32",
  /** SWAPFILE_CLUSTER; lessons set it lower. */
  cluster: "u32",
  swapper_space: addressSpace,
  total_swapcache_pages: "u32",
  swap_cache_info: swapCacheInfo,
});
