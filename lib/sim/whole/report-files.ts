// The kernel's own reports by their names under /proc, as text.
// Source: Linux 2.6.11 fs/proc/proc_misc.c, fs/proc/task_mmu.c, mm/page_alloc.c, mm/slab.c; /proc/zoneinfo since 2.6.13
import { findTask, getTask } from "../fault/task";
import type { Kernel } from "../kernel";
import { procMaps } from "../mm/proc-maps";
import { slabinfo } from "../slab/slabinfo";
import { buddyinfo, showFreeAreas, zoneinfo } from "../zones/reports";
import { meminfo, vmstat } from "./reports";

/** `show-mem` is what Alt+SysRq+M and every failed request print. */
export const reportNames = ["meminfo", "vmstat", "buddyinfo", "zoneinfo", "slabinfo", "show-mem", "maps"] as const;
export type ReportName = (typeof reportNames)[number];

const machineReports: Readonly<Record<Exclude<ReportName, "maps">, (k: Kernel) => string>> = {
  meminfo,
  vmstat,
  buddyinfo,
  zoneinfo,
  slabinfo,
  "show-mem": showFreeAreas,
};

/** The lines of a report; none for the areas of a task that is not there or has no memory of its own. `pid` matters to `maps` alone. */
export function reportLines(k: Kernel, name: ReportName, pid: number): readonly string[] {
  const text = name === "maps" ? mapsOf(k, pid) : machineReports[name](k);
  return text === "" ? [] : text.replace(/\n$/u, "").split("\n");
}

function mapsOf(k: Kernel, pid: number): string {
  const task = findTask(k, pid);
  const mm = task === 0 ? 0 : getTask(k.memory.u32, task, "mm");
  return mm === 0 ? "" : procMaps(k, mm);
}
