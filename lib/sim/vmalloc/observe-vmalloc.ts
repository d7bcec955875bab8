// Decodes the kernel's own mappings from the machine's memory. Bounded, never throws; what it cannot follow is a finding.
import { PAGE_SIZE } from "../constants";
import type { Finding } from "../finding";
import { isContents } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { mmuAddr } from "../mmu/cpu";
import { pkmapBase } from "../mmu/init-tables";
import { pteLookup } from "../mmu/pgtable";
import { pteNone, ptePfn, readPte } from "../mmu/pte";
import { fixedAddresses, fixToVirt } from "./fixmap";
import { lastPkmap, pkmapAddr, pkmapCount } from "./kmap";
import type { PkmapEntry, VmAreaState, VmallocState } from "./observe";
import { highmemAddr } from "./page-address";
import { vmallocRangeOf } from "./range";
import { getArea, vmlistAddr } from "./vm-area";

export function observeVmalloc(k: Kernel, findings: Finding[]): VmallocState {
  const w = k.memory.u32;
  return {
    range: vmallocRangeOf(k),
    areas: areasOf(k, findings).map((area) => observeArea(k, area)),
    pkmap: {
      base: pkmapBase(k.config),
      last: lastPkmap(k),
      lastNr: w[highmemAddr(k, "last_pkmap_nr") >>> 2]!,
      flushes: w[highmemAddr(k, "flushes") >>> 2]!,
      entries: pkmapEntries(k),
    },
    fixmap: Array.from({ length: fixedAddresses.end }, (_, slot) => ({
      slot,
      address: fixToVirt(slot),
      pfn: masterPfn(k, fixToVirt(slot)),
    })).filter((each): each is { slot: number; address: number; pfn: number } => each.pfn !== null),
  };
}

/** The areas in order of the list, as far as it can be followed. */
export function areasOf(k: Kernel, findings: Finding[]): Addr[] {
  const areas: Addr[] = [];
  const met = new Set<Addr>();
  for (let at = k.memory.u32[vmlistAddr(k) >>> 2]!; at !== 0; at = getArea(k, at, "next")) {
    if (met.has(at)) {
      findings.push({ rule: "vm-list-cycle", args: { address: at } });
      return areas;
    }
    if (!isContents(k, at) || at % 4 !== 0) {
      findings.push({ rule: "vm-list-link", args: { address: at } });
      return areas;
    }
    met.add(at);
    areas.push(at);
  }
  return areas;
}

/** Frame that the master maps at a kernel address, null for none. Builds nothing. */
export function masterPfn(k: Kernel, address: number): number | null {
  const master = k.memory.u32[mmuAddr(k, "swapper_pg_dir") >>> 2]!;
  const ptep = master === 0 ? 0 : pteLookup(k, master, address);
  const pte = ptep === 0 ? 0 : readPte(k, ptep);
  return pteNone(pte) ? null : ptePfn(k, pte);
}

/** Pages of an area without its guard, at most as many as the range of vmalloc has. */
export function pagesOfArea(k: Kernel, area: Addr): number {
  const { start, end } = vmallocRangeOf(k);
  const pages = Math.floor(getArea(k, area, "size") / PAGE_SIZE) - 1;
  return Math.min(Math.max(pages, 0), (end - start) / PAGE_SIZE);
}

function observeArea(k: Kernel, area: Addr): VmAreaState {
  const addr = getArea(k, area, "addr");
  const pages = getArea(k, area, "pages");
  return {
    addr,
    size: getArea(k, area, "size"),
    flags: getArea(k, area, "flags"),
    pages: Array.from({ length: pagesOfArea(k, area) }, (_, index) => masterPfn(k, addr + index * PAGE_SIZE)),
    array: pages === 0 ? null : pages >= vmallocRangeOf(k).start ? "vmalloc" : "kmalloc",
  };
}

function pkmapEntries(k: Kernel): PkmapEntry[] {
  const entries: PkmapEntry[] = [];
  for (let entry = 0; entry < lastPkmap(k); entry++) {
    const count = pkmapCount(k, entry);
    const pfn = masterPfn(k, pkmapAddr(k, entry));
    if (count !== 0 || pfn !== null) entries.push({ entry, count, pfn });
  }
  return entries;
}
