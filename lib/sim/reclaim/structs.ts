// The global variables of page reclaim.
// Source: Linux 2.6.11 mm/vmscan.c (total_memory, shrinker_list), mm/swap.c (lru_add_pvecs), linux/pagevec.h, linux/swap.h
//         (reclaim_state)
import { arrayOf, struct } from "../layout";
import { listHead } from "../structs";

export const PAGEVEC_SIZE = 14;
/** Shrinkers that can be registered on one machine. */
export const MAX_SHRINKERS = 16;

export const pagevec = struct("pagevec", { nr: "u32", pages: arrayOf("addr", PAGEVEC_SIZE) });

export const reclaimData = struct("reclaim_data", {
  /** Pages on their way to the inactive and to the active list; used with `config.pagevec`. */
  lru_add_pvecs: pagevec,
  lru_add_active_pvecs: pagevec,
  /** Pages in the hands of a scan, the oldest last: not looked at yet, and on their way back to a list. Empty between scans. */
  l_hold: listHead,
  l_active: listHead,
  l_inactive: listHead,
  /** Pages that can hold user data: present minus pages_high of all zones, fixed at start-up. */
  total_memory: "u32",
  /** 1 while kswapd is the one that reclaims. */
  kswapd_runs: "u32",
  /** The priority of the scan under way; for pictures, nobody decides by it. */
  priority: "u32",
  /** Work that each shrinker still owes, by its index in `Kernel.shrinkers`. */
  shrinker_nr: arrayOf("u32", MAX_SHRINKERS),
  /** Jiffies that reclaim and throttled writers asked to sleep so far. */
  napped: "u32",
});
