// Decodes the whole machine into what one picture can show. Bounded, never throws.
import { readCache } from "../cache/cache-data";
import { getTask, taskList, taskStates } from "../fault/task";
import type { Kernel } from "../kernel";
import { zoneIndices, zoneNames } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { getMm } from "../mm/vma";
import { committedPages } from "../oom/overcommit";
import { oomData } from "../oom/structs";
import { readPageState } from "../page-state";
import { zone as zoneStruct } from "../structs";
import { taskStruct } from "../structs-mm";
import { swapVar } from "../swap/swap-data";
import { zonesData } from "../zones/structs";
import { type FrameUse, frameCensus, frameUses } from "./census";
import type { Stretch, TaskRow, WholeState, ZoneRow } from "./observe";

/** Cells of a zone's strip: enough for a wide figure, few enough for a state that is kept for every step. */
const CELLS = 128;

export function observeWhole(k: Kernel): WholeState {
  const w = k.memory.u32;
  const census = frameCensus(k);
  const data = (offset: number) => w[(k.data + offset) >>> 2]!;
  return {
    kind: "whole",
    pages: k.pages,
    jiffies: data(kernelData.offset.jiffies),
    zones: zoneIndices.filter((index) => k.zones[index].pages > 0).map((index) => zoneRow(k, index, census)),
    tasks: taskList(k).map((task) => taskRow(k, task)),
    swap: { total: w[swapVar(k, "total_swap_pages") >>> 2]!, free: w[swapVar(k, "nr_swap_pages") >>> 2]! },
    pageCache: readCache(k, "nr_pagecache"),
    swapCache: w[swapVar(k, "total_swapcache_pages") >>> 2]!,
    mapped: readPageState(k, "nr_mapped"),
    dirty: readPageState(k, "nr_dirty"),
    writeback: readPageState(k, "nr_writeback"),
    slab: readPageState(k, "nr_slab"),
    pageTables: readPageState(k, "nr_page_table_pages"),
    committed: committedPages(k),
    kswapdAwake: data(kernelData.offset.zones + zonesData.offset.kswapd_awake) !== 0,
    killed: data(kernelData.offset.oom + oomData.offset.killed),
  };
}

function zoneRow(k: Kernel, index: 0 | 1 | 2, census: Uint8Array): ZoneRow {
  const m = k.zones[index];
  const at = (field: keyof typeof zoneStruct.offset) => k.memory.u32[(m.zone + zoneStruct.offset[field]) >>> 2]!;
  const uses = Object.fromEntries(frameUses.map((use) => [use, 0])) as Record<FrameUse, number>;
  for (let pfn = m.startPfn; pfn < m.startPfn + m.pages; pfn++) uses[frameUses[census[pfn]!]!]++;
  return {
    name: zoneNames[index],
    startPfn: m.startPfn,
    pages: m.pages,
    free: at("free_pages"),
    min: at("pages_min"),
    low: at("pages_low"),
    high: at("pages_high"),
    active: at("nr_active"),
    inactive: at("nr_inactive"),
    uses,
    strip: strip(census, m.startPfn, m.startPfn + m.pages),
  };
}

/** Each cell is what most of its frames are; the first use of `frameUses` wins a tie. */
function strip(census: Uint8Array, start: number, last: number): Stretch[] {
  const size = Math.max(1, Math.ceil((last - start) / CELLS));
  const stretches: Stretch[] = [];
  const counts = new Uint32Array(frameUses.length);
  for (let pfn = start; pfn < last; pfn += size) {
    counts.fill(0);
    const end = Math.min(pfn + size, last);
    for (let each = pfn; each < end; each++) counts[census[each]!]!++;
    const use = frameUses[counts.indexOf(Math.max(...counts))]!;
    const before = stretches.at(-1);
    if (before?.use === use) stretches[stretches.length - 1] = { ...before, pages: before.pages + end - pfn };
    else stretches.push({ pfn, pages: end - pfn, use });
  }
  return stretches;
}

function taskRow(k: Kernel, task: Addr): TaskRow {
  const w = k.memory.u32;
  const mm = getTask(w, task, "mm");
  const parent = getTask(w, task, "parent");
  const zombie = (getTask(w, task, "state") & (taskStates.zombie | taskStates.dead)) !== 0;
  return {
    pid: getTask(w, task, "pid"),
    parent: parent === 0 ? 0 : getTask(w, parent, "pid"),
    comm: commOf(k, task),
    state: zombie ? "zombie" : "running",
    rss: mm === 0 ? 0 : getMm(w, mm, "rss"),
    totalVm: mm === 0 ? 0 : getMm(w, mm, "total_vm"),
    minFlt: getTask(w, task, "min_flt"),
    majFlt: getTask(w, task, "maj_flt"),
  };
}

function commOf(k: Kernel, task: Addr): string {
  const bytes = k.memory.u8.subarray(task + taskStruct.offset.comm, task + taskStruct.offset.comm + 16);
  const end = bytes.indexOf(0);
  return String.fromCharCode(...bytes.subarray(0, end === -1 ? 16 : end));
}
