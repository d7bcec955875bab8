// Walking the areas of an address space whose bytes somebody may have damaged.
// Theory:     a sound list ascends: each area ends above the one before. A walk that stops at the first area which does not can
//             neither loop nor leave the memory, and takes at most one step more than the list is long.
// Source:     derived from Linux 2.6.11 mm/mmap.c (what every user of the list relies on)
import type { Finding } from "../finding";
import { canHold } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { vmAreaStruct } from "../structs-mm";
import { getMm, getVma } from "./vma";

/** The areas in list order, as addresses. Stops where the list leads nowhere or back; says so in `findings`. Never throws. */
export function walkVmas(k: Kernel, mm: Addr, findings: Finding[] = []): Addr[] {
  const w = k.memory.u32;
  const areas: Addr[] = [];
  let lastEnd = 0;
  for (let vma = getMm(w, mm, "mmap") ?? 0; vma !== 0; vma = getVma(w, vma, "vm_next")) {
    if (!canHold(k, vma, vmAreaStruct.size)) {
      findings.push({ rule: "vma-wild-link", args: { mm, index: areas.length, address: vma } });
      return areas;
    }
    const start = getVma(w, vma, "vm_start");
    const end = getVma(w, vma, "vm_end");
    if (end <= lastEnd || start >= end) {
      findings.push({ rule: "vma-order", args: { mm, start, end, lastEnd } });
      return areas;
    }
    areas.push(vma);
    lastEnd = end;
  }
  return areas;
}
