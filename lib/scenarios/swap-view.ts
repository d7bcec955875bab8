// Swapping as the figure wants it: pages of two processes, slots under the names of their devices, the cache.
import { getTask } from "@/lib/sim/fault/task";
import { peekZeroPfn } from "@/lib/sim/fault/zero-page";
import { pfnToPage } from "@/lib/sim/frames";
import type { Kernel } from "@/lib/sim/kernel";
import type { Addr } from "@/lib/sim/machine";
import { getMm } from "@/lib/sim/mm/vma";
import { pteLookup } from "@/lib/sim/mmu/pgtable";
import { ptePfn, ptePresent, pteToSwpEntry, pteWrite, readPte } from "@/lib/sim/mmu/pte";
import { pagePrivate, testPageFlag } from "@/lib/sim/page-fields";
import { devicePages } from "@/lib/sim/swap/device";
import { swpOffset, swpType } from "@/lib/sim/swap/entry";
import type { SwapAreaState, SwapState } from "@/lib/sim/swap/observe";
import { observeSwap } from "@/lib/sim/swap/observe-swap";
import { swapInfo } from "@/lib/sim/swap/structs";
import { swapInfoAt } from "@/lib/sim/swap/swap-data";
import {
  type AreaName,
  type AreaView,
  areaNames,
  type PageView,
  type ProcessView,
  type SwapSceneState,
} from "./swap-types";

/** Where the program's pages begin. */
export const firstAddress = 0x10000000;

export interface SwapMachine {
  readonly k: Kernel;
  readonly parent: Addr;
  child: Addr;
  readonly devices: readonly Addr[];
  /** Number of the area that each device had last, -1 for never. */
  readonly types: number[];
  readonly pages: number;
}

/** The number of the area that a device is now, -1 if it is off. */
export function typeOf(k: Kernel, device: Addr): number {
  const used = observeSwap(k).areas.find(({ type }) => deviceAtType(k, type) === device);
  return used?.type ?? -1;
}

function deviceAtType(k: Kernel, type: number): Addr {
  return k.memory.u32[(swapInfoAt(k, type) + swapInfo.offset.swap_file) >>> 2]!;
}

/** Never throws. */
export function viewSwap({ k, parent, child, devices, types, pages }: SwapMachine): SwapSceneState {
  const state = observeSwap(k);
  const nameOf = (type: number): AreaName => areaNames[devices.indexOf(deviceAtType(k, type))] ?? "A";
  const slotName = (type: number, slot: number) => `${nameOf(type)}${slot}`;
  const process = (task: Addr) => viewProcess(k, task, pages, slotName);
  const cached = new Map<string, number[]>();
  for (const { type, slot } of state.cache) cached.set(nameOf(type), [...(cached.get(nameOf(type)) ?? []), slot]);
  const areas = devices.map((device, index) => {
    const name = areaNames[index]!;
    const area = state.areas.find(({ type }) => deviceAtType(k, type) === device);
    const slots = (cached.get(name) ?? []).sort((a, b) => a - b);
    return viewArea(name, area ?? null, area?.type ?? types[index] ?? -1, devicePages(k, device), slots);
  });
  return {
    parent: process(parent) ?? { pid: 0, mm: 0, pages: [] },
    child: child === 0 ? null : process(child),
    areas,
    order: state.list.map(nameOf),
    next: state.next < 0 ? null : nameOf(state.next),
    free: state.free,
    total: state.total,
    full: state.full,
    cluster: state.cluster,
    cache: state.cache.map(({ type, slot, pfn, mapcount, dirty }) => ({
      slot: slotName(type, slot),
      pfn,
      mapcount,
      dirty,
    })),
    ...transfers(state),
  };
}

function transfers({ pswpin, pswpout }: SwapState): Pick<SwapState, "pswpin" | "pswpout"> {
  return { pswpin, pswpout };
}

function viewArea(
  name: AreaName,
  area: SwapAreaState | null,
  type: number,
  devicePages: number,
  cached: readonly number[],
): AreaView {
  if (area === null) {
    const nothing = { prio: 0, usable: 0, inuse: 0, lowest: 0, highest: 0, clusterNext: 0, clusterNr: 0 };
    return { name, type, state: "off", ...nothing, counters: Array(devicePages - 1).fill(0), cached };
  }
  const { prio, pages: usable, inuse, lowest, highest, clusterNext, clusterNr, counters } = area;
  const state = area.writable ? "on" : "leaving";
  return { name, type, state, prio, usable, inuse, lowest, highest, clusterNext, clusterNr, counters, cached };
}

function viewProcess(
  k: Kernel,
  task: Addr,
  count: number,
  slotName: (type: number, slot: number) => string,
): ProcessView | null {
  const mm = getTask(k.memory.u32, task, "mm");
  if (mm === 0) return null;
  const pgd = getMm(k.memory.u32, mm, "pgd");
  const pages = Array.from({ length: count }, (_, index) => {
    const ptep = pteLookup(k, pgd, firstAddress + index * 4096);
    return viewPage(k, ptep === 0 ? 0 : readPte(k, ptep), slotName);
  });
  return { pid: getTask(k.memory.u32, task, "pid"), mm, pages };
}

function viewPage(k: Kernel, pte: number, slotName: (type: number, slot: number) => string): PageView {
  if (pte === 0) return { place: "none", pfn: null, slot: null, writable: false };
  const nameOf = (entry: number) => slotName(swpType(entry), swpOffset(entry));
  if (!ptePresent(pte)) return { place: "swap", pfn: null, slot: nameOf(pteToSwpEntry(k, pte)), writable: false };
  const pfn = ptePfn(k, pte);
  const page = pfnToPage(k, pfn);
  const writable = pteWrite(pte);
  if (pfn === peekZeroPfn(k)) return { place: "zero", pfn, slot: null, writable };
  if (page === 0 || !testPageFlag(k, page, "PG_swapcache")) return { place: "memory", pfn, slot: null, writable };
  return { place: "cached", pfn, slot: nameOf(pagePrivate(k, page)), writable };
}
