// An address space as the figure wants it: areas with names, which of their pages are there, and whom they share them with.
import { PAGE_MAPPING_ANON, PAGE_SIZE } from "@/lib/sim/constants";
import { peekZeroPfn } from "@/lib/sim/fault/zero-page";
import { pfnToPage } from "@/lib/sim/frames";
import type { Kernel } from "@/lib/sim/kernel";
import type { Addr, Pfn } from "@/lib/sim/machine";
import type { AddressSpaceState, AreaState } from "@/lib/sim/mm/observe";
import { observeMm } from "@/lib/sim/mm/observe-mm";
import { getMm } from "@/lib/sim/mm/vma";
import { walkVmas } from "@/lib/sim/mm/walk-vmas";
import { pmdShift, pteBytes } from "@/lib/sim/mmu/geometry";
import { pteLookup } from "@/lib/sim/mmu/pgtable";
import { ptePfn, ptePresent, readPte } from "@/lib/sim/mmu/pte";
import { page as pageStruct } from "@/lib/sim/structs";

export type AreaName = "text" | "data" | "bss" | "heap" | "stack" | "file" | "anon" | "shared";
/** What a present page is: the process's own, the file's, or the shared page of zeros. */
export type PageKind = "anon" | "file" | "zero";

/** Neighbouring pages of one kind. */
export interface PageRun {
  /** First page, counted from the start of the area. */
  readonly at: number;
  readonly count: number;
  readonly kind: PageKind;
}

export interface AreaView {
  /** The same structure has the same number as long as it lives. */
  readonly id: number;
  readonly name: AreaName;
  readonly start: number;
  readonly end: number;
  readonly permissions: string;
  readonly pgoff: number;
  readonly file: number | null;
  readonly accounted: boolean;
  readonly locked: boolean;
  readonly runs: readonly PageRun[];
  readonly resident: number;
  /** Pages whose frame the other process maps at the same address; the page of zeros does not count. */
  readonly tied: number;
}

export interface ProcessView {
  readonly pid: number;
  readonly areas: readonly AreaView[];
  readonly mmapBase: number;
  readonly cache: number;
  readonly topDown: boolean;
  /** Start of the area that find_vma answered last. */
  readonly lastFound: number | null;
  readonly brk: number;
  readonly totalVm: number;
  readonly lockedVm: number;
  readonly rss: number;
}

const MAPPING = pageStruct.offset.mapping >>> 2;
/** More would make the state large; the rest of an area is then told by `resident` alone. */
const mostRuns = 24;

/** Frames by address, of all present pages. */
type Present = ReadonlyMap<number, Pfn>;

/** Never throws. @param otherMm the address space of the other process, 0 for none. */
export function viewProcess(k: Kernel, pid: number, mm: Addr, otherMm: Addr): ProcessView {
  const state = observeMm(k, mm);
  const vmas = walkVmas(k, mm);
  const present = presentPages(k, mm, state.areas);
  const other: Present = otherMm === 0 ? new Map() : presentPages(k, otherMm, observeMm(k, otherMm).areas);
  return {
    pid,
    areas: state.areas.map((area, index) => viewArea(k, state, area, vmas[index]!, present, other)),
    mmapBase: state.mmapBase,
    cache: state.freeAreaCache,
    topDown: state.topDown,
    lastFound: state.mmapCache,
    brk: state.heap[1],
    totalVm: state.counters.totalVm,
    lockedVm: state.counters.lockedVm,
    rss: state.counters.rss,
  };
}

function presentPages(k: Kernel, mm: Addr, areas: readonly AreaState[]): Present {
  const present = new Map<number, Pfn>();
  const pgd = getMm(k.memory.u32, mm, "pgd");
  const slot = 2 ** pmdShift(k);
  for (const { start, end } of areas) {
    for (let address = start; address < end; ) {
      const stop = Math.min(end, Math.floor(address / slot) * slot + slot);
      let ptep = pteLookup(k, pgd, address);
      for (; ptep !== 0 && address < stop; address += PAGE_SIZE, ptep += pteBytes(k)) {
        const pte = readPte(k, ptep);
        if (ptePresent(pte)) present.set(address, ptePfn(k, pte));
      }
      address = stop;
    }
  }
  return present;
}

function viewArea(
  k: Kernel,
  state: AddressSpaceState,
  area: AreaState,
  id: Addr,
  present: Present,
  other: Present,
): AreaView {
  const zero = peekZeroPfn(k);
  const runs: PageRun[] = [];
  let resident = 0;
  let tied = 0;
  for (const [address, pfn] of present) {
    if (address < area.start || address >= area.end) continue;
    resident++;
    const kind = pfn === zero ? "zero" : kindOf(k, pfn);
    if (kind !== "zero" && other.get(address) === pfn) tied++;
    const at = (address - area.start) / PAGE_SIZE;
    const last = runs.at(-1);
    if (last !== undefined && last.at + last.count === at && last.kind === kind)
      runs[runs.length - 1] = { ...last, count: last.count + 1 };
    else if (runs.length < mostRuns) runs.push({ at, count: 1, kind });
  }
  const { start, end, permissions, pgoff, inode, accounted, locked } = area;
  const name = nameOf(state, area);
  return { id, name, start, end, permissions, pgoff, file: inode, accounted, locked, runs, resident, tied };
}

function kindOf(k: Kernel, pfn: Pfn): PageKind {
  const page = pfnToPage(k, pfn);
  return page !== 0 && (k.memory.u32[(page >>> 2) + MAPPING]! & PAGE_MAPPING_ANON) !== 0 ? "anon" : "file";
}

function nameOf({ code, data, heap }: AddressSpaceState, area: AreaState): AreaName {
  const covers = (address: number) => address >= area.start && address < area.end;
  if (area.growsDown) return "stack";
  if (area.inode !== null) {
    if (code[1] !== 0 && covers(code[0])) return "text";
    if (data[1] !== 0 && covers(data[0])) return "data";
    return area.permissions.endsWith("s") ? "shared" : "file";
  }
  if (heap[0] !== 0 && heap[1] > heap[0] && area.start < heap[1] && area.end > heap[0]) return "heap";
  if (heap[0] !== 0 && area.end === heap[0]) return "bss";
  return "anon";
}
