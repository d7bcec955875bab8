// Which file of the oracles folder is checked by what. One line per data set: an adapter, or why there is none.
import { buddyLong, buddyPcp, buddyTraces } from "./buddy";
import type { Adapter } from "./data-set";
import { paperFacts } from "./facts";
import { forkCow } from "./fork";
import { oomBadness } from "./oom";
import {
  freelistMalloc,
  ostepClassic,
  ostepPolicy,
  pagingLinear,
  pagingMultilevel,
  relocation,
  segmentation,
} from "./ostep";
import { replacement } from "./replacement";
import { enableCpucacheTable, kmallocCaches, slabSizing } from "./slab-tables";
import { slabTraces } from "./slab-trace";
import { vmaAccount, vmaSimple } from "./vma";
import { lruTraces, swapTendencies } from "./vmscan";
import { zoneWatermark } from "./watermark";
import { intSqrtTable, watermarkTable } from "./watermarks";
import { x86walk } from "./x86walk";

/** By path below the oracles folder. */
export const adapters: Readonly<Record<string, Adapter>> = {
  "buddy/buddy_traces.json": buddyTraces,
  "buddy/buddy_long.json": buddyLong,
  "buddy/buddy_pcp_2.6.11.json": buddyPcp,
  "buddy/zone_watermark_ok.json": zoneWatermark,
  "linux_vma/fork_cow.json": forkCow,
  "linux_vma/vma_simple.json": vmaSimple,
  "linux_vma/vma_account.json": vmaAccount,
  "ostep/relocation.json": relocation,
  "ostep/segmentation.json": segmentation,
  "ostep/freelist_malloc.json": freelistMalloc,
  "ostep/paging_linear.json": pagingLinear,
  "ostep/paging_multilevel.json": pagingMultilevel,
  "ostep/policy.json": ostepPolicy,
  "ostep/policy_classic.json": ostepClassic,
  "replacement/replacement.json": replacement,
  "papers/facts.json": paperFacts,
  "slab/slab_sizing.json": slabSizing,
  "slab/kmalloc_caches.json": kmallocCaches,
  "slab/enable_cpucache.json": enableCpucacheTable,
  "slab/slab_traces_2.6.11.json": slabTraces,
  "vmscan/lru_traces_2.6.11.json": lruTraces,
  "vmscan/swap_tendency.json": swapTendencies,
  "watermarks/int_sqrt.json": intSqrtTable,
  "watermarks/watermarks.json": watermarkTable,
  "watermarks/oom_badness.json": oomBadness,
  "x86walk/x86_i386.json": x86walk,
  "x86walk/x86_pse.json": x86walk,
  "x86walk/x86_pae.json": x86walk,
  "x86walk/x86_paenx.json": x86walk,
  "x86walk/x86_long.json": x86walk,
  "x86walk/x86_longnonx.json": x86walk,
};

/** Why a known data set is not run, by folder or file; the first that fits counts. Anything else is skipped as unknown. */
export const skipped: readonly (readonly [start: string, reason: string])[] = [
  ["proc_samples/", "samples of formats, not cases to run"],
];
