// The global variables of the page allocator and of what boot leaves behind.
// Source: Linux 2.6.11 mm/page_alloc.c (min_free_kbytes, sysctl_lowmem_reserve_ratio, totalram_pages, totalhigh_pages),
//         linux/mmzone.h (pg_data_t: kswapd_max_order, kswapd_wait), arch/i386/mm/init.c (num_physpages, mem_init)
import { arrayOf, struct } from "../layout";

export const zonesData = struct("zones_data", {
  min_free_kbytes: "u32",
  /** For the DMA and the Normal zone. */
  lowmem_reserve_ratio: arrayOf("u32", 2),
  /** 1 from a wake until kswapd goes to sleep again. The driver of the machine runs kswapd when it is 1. */
  kswapd_awake: "u32",
  /** The largest order somebody woke kswapd for. */
  kswapd_max_order: "u32",
  /** PF_* and TIF_* of the kernel itself, used while no task is current. */
  init_flags: "u32",
  init_thread_flags: "u32",
  /** Rounds of reclaim without progress after which a request that would try for ever counts as a deadlock. */
  max_rounds: "u32",
  /** Fault injection: the request with this number from now on fails at once; 0 injects nothing. Not in 2.6.11. */
  fail_countdown: "u32",
  /** Pages given to the allocator at boot and since; pages of HighMem among them; RAM pages that stayed reserved. */
  totalram_pages: "u32",
  totalhigh_pages: "u32",
  reserved_pages: "u32",
  num_physpages: "u32",
});
