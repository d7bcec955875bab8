// /proc/meminfo and /proc/vmstat, from the machine's bytes.
// Source:     Linux 2.6.11 fs/proc/proc_misc.c (meminfo_read_proc), mm/page_alloc.c (vmstat_text, vmstat_show)
// Simplified: no buffers of block devices, no huge pages, no NFS. /proc/vmstat here has one total where the kernel splits allocation and
//             scanning by zone.
import { readCache } from "../cache/cache-data";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import { commitState } from "../oom/overcommit";
import { getFullPageState } from "../page-state";
import { type pageState, zone as zoneStruct } from "../structs";
import { swapVar } from "../swap/swap-data";
import { vmallocRangeOf } from "../vmalloc/range";
import { getArea, vmAreas } from "../vmalloc/vm-area";
import { zonesData } from "../zones/structs";
import { pageToKib } from "./units";

/** Rows of /proc/meminfo in kB, in the kernel's order. */
export function meminfoRows(k: Kernel): readonly (readonly [name: string, kib: number])[] {
  const w = k.memory.u32;
  const commit = commitState(k);
  const state = getFullPageState(k);
  const zone = (index: number, field: "free_pages" | "nr_active" | "nr_inactive") =>
    w[(k.zones[index]!.zone + zoneStruct.offset[field]) >>> 2]!;
  const all = (field: "nr_active" | "nr_inactive") => zone(0, field) + zone(1, field) + zone(2, field);
  const highTotal = w[(k.data + kernelData.offset.zones + zonesData.offset.totalhigh_pages) >>> 2]!;
  const swapCached = w[swapVar(k, "total_swapcache_pages") >>> 2]!;
  const allowed = Math.floor((commit.totalRam * commit.ratio) / 100) + commit.totalSwap;
  const vmalloc = vmallocUse(k);
  const pages = (name: string, count: number) => [name, pageToKib(count)] as const;
  return [
    pages("MemTotal", commit.totalRam),
    pages("MemFree", commit.freeRam),
    pages("Buffers", 0),
    pages("Cached", readCache(k, "nr_pagecache") - swapCached),
    pages("SwapCached", swapCached),
    pages("Active", all("nr_active")),
    pages("Inactive", all("nr_inactive")),
    pages("HighTotal", highTotal),
    pages("HighFree", zone(2, "free_pages")),
    pages("LowTotal", commit.totalRam - highTotal),
    pages("LowFree", zone(0, "free_pages") + zone(1, "free_pages")),
    pages("SwapTotal", commit.totalSwap),
    pages("SwapFree", commit.freeSwap),
    pages("Dirty", state.nr_dirty),
    pages("Writeback", state.nr_writeback),
    pages("Mapped", state.nr_mapped),
    pages("Slab", state.nr_slab),
    pages("CommitLimit", allowed),
    pages("Committed_AS", commit.committed),
    pages("PageTables", state.nr_page_table_pages),
    ["VmallocTotal", vmalloc.total / 1024],
    ["VmallocUsed", vmalloc.used / 1024],
    ["VmallocChunk", vmalloc.largest / 1024],
  ];
}

export function meminfo(k: Kernel): string {
  return meminfoRows(k)
    .map(([name, kib]) => `${`${name}:`.padEnd(13)} ${String(kib).padStart(8)} kB\n`)
    .join("");
}

/** Bytes of the vmalloc range: all, those in areas (guards included), the largest hole. */
function vmallocUse(k: Kernel): { total: number; used: number; largest: number } {
  const { start, end } = vmallocRangeOf(k);
  let used = 0;
  let largest = 0;
  let free = start;
  for (const area of vmAreas(k)) {
    const addr = getArea(k, area, "addr");
    const size = getArea(k, area, "size");
    if (addr < start || addr >= end) continue;
    largest = Math.max(largest, addr - free);
    used += size;
    free = addr + size;
  }
  return { total: end - start, used, largest: Math.max(largest, end - free) };
}

/** The kernel's order, where one total stands for the kinds of zones. */
const vmstatNames = [
  ...(["nr_dirty", "nr_writeback", "nr_unstable", "nr_page_table_pages", "nr_mapped", "nr_slab"] as const),
  ...(["pgpgin", "pgpgout", "pswpin", "pswpout", "pgalloc", "pgfree", "pgactivate", "pgdeactivate"] as const),
  ...(["pgfault", "pgmajfault", "pgrefill", "pgsteal", "pgscan_kswapd", "pgscan_direct", "pginodesteal"] as const),
  ...(["slabs_scanned", "kswapd_steal", "kswapd_inodesteal", "pageoutrun", "allocstall", "pgrotated"] as const),
] as const satisfies readonly (keyof typeof pageState.fields | "nr_unstable")[];

export function vmstat(k: Kernel): string {
  const state = getFullPageState(k);
  const value = (name: (typeof vmstatNames)[number]) => {
    if (name === "nr_unstable") return 0;
    // Counted in sectors, shown in kB.
    return name === "pgpgin" || name === "pgpgout" ? state[name] >>> 1 : state[name];
  };
  return vmstatNames.map((name) => `${name} ${value(name)}\n`).join("");
}
