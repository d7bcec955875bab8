// The invariants of address spaces; each one that does not hold is a named finding with its place.
// Source: derived from Linux 2.6.11 mm/mmap.c (validate_mm, and what find_vma, vma_merge and do_munmap rely on); domain 7.13
//
// That no two neighbours could be one area is no invariant: fork, mlock and madvise leave such pairs behind.
import { PAGE_SHIFT } from "../constants";
import { faultData } from "../fault/structs";
import type { Finding } from "../finding";
import { canHold } from "../frames";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { protectionMap } from "../mmu/pte";
import { mmStruct, taskStruct, vmAreaStruct } from "../structs-mm";
import {
  pageDown,
  TASK_SIZE,
  TASK_UNMAPPED_BASE,
  VM_EXEC,
  VM_GROWSDOWN,
  VM_GROWSUP,
  VM_IO,
  VM_LOCKED,
  VM_RESERVED,
  VM_WRITE,
} from "./flags";
import { inodeNumber } from "./proc-maps";
import { getMm, getVma, type MmField, vmaPages } from "./vma";
import { walkVmaTree } from "./walk-tree";
import { walkVmas } from "./walk-vmas";

/** Every rule that `checkMm` can report. `args` hold `mm`, and `start` where an area is meant. */
const mmRulesChecked = {
  wildMm: "mm-wild-address",
  taskList: "mm-task-list",
  wildLink: "vma-wild-link",
  order: "vma-order",
  treeLink: "vma-tree-link",
  treeParent: "vma-tree-parent",
  treeColour: "vma-tree-colour",
  treeRed: "vma-tree-red",
  treeBlack: "vma-tree-black",
  treeList: "vma-tree-list",
  mapCount: "mm-map-count",
  cache: "mm-mmap-cache",
  areaCache: "mm-area-cache",
  counter: "mm-area-counter",
  unaligned: "vma-unaligned",
  outside: "vma-outside",
  owner: "vma-owner",
  may: "vma-may",
  protection: "vma-protection",
  pgoff: "vma-pgoff",
  onList: "vma-on-list",
} as const;

/** Invariants that one address space violates now, empty for a sound one. Never throws, never loops. */
export function checkMm(k: Kernel, mm: Addr): Finding[] {
  if (!canHold(k, mm, mmStruct.size)) return [{ rule: mmRulesChecked.wildMm, args: { address: mm } }];
  const findings: Finding[] = [];
  const vmas = walkVmas(k, mm, findings);
  const tree = walkVmaTree(k, mm);
  findings.push(...tree.findings);
  const differs = vmas.findIndex((vma, index) => tree.inOrder[index] !== vma);
  if (differs >= 0 || tree.inOrder.length !== vmas.length)
    findings.push({ rule: mmRulesChecked.treeList, args: { mm, listed: vmas.length, inTree: tree.inOrder.length } });
  for (const vma of vmas) checkVma(k, mm, vma, findings);
  checkNumbers(k, mm, vmas, findings);
  return findings;
}

function checkVma(k: Kernel, mm: Addr, vma: Addr, findings: Finding[]): void {
  const w = k.memory.u32;
  const start = getVma(w, vma, "vm_start");
  const end = getVma(w, vma, "vm_end");
  const flags = getVma(w, vma, "vm_flags");
  const pgoff = getVma(w, vma, "vm_pgoff");
  const report = (rule: string, args: Record<string, number> = {}) =>
    findings.push({ rule, args: { mm, start, end, ...args } });
  if (pageDown(start) !== start || pageDown(end) !== end) report(mmRulesChecked.unaligned);
  if (end > TASK_SIZE) report(mmRulesChecked.outside);
  if (getVma(w, vma, "vm_mm") !== mm) report(mmRulesChecked.owner, { stored: getVma(w, vma, "vm_mm") });
  if ((flags & ~(flags >>> 4) & 0xf) !== 0) report(mmRulesChecked.may, { flags });
  const prot = getVma(w, vma, "vm_page_prot");
  if (prot !== protectionMap(flags))
    report(mmRulesChecked.protection, { stored: prot, expected: protectionMap(flags) });
  const untouched = getVma(w, vma, "vm_file") === 0 && getVma(w, vma, "anon_vma") === 0;
  if (untouched && pgoff !== start >>> PAGE_SHIFT)
    report(mmRulesChecked.pgoff, { stored: pgoff, expected: start >>> PAGE_SHIFT });
  if (inodeNumber(k, vma) !== 0 && !onList(w, vma + vmAreaStruct.offset.shared))
    findings.push({ rule: mmRulesChecked.onList, args: { mm, start, end, list: "i_mmap" } });
  if (getVma(w, vma, "anon_vma") !== 0 && !onList(w, vma + vmAreaStruct.offset.anon_vma_node))
    findings.push({ rule: mmRulesChecked.onList, args: { mm, start, end, list: "anon_vma" } });
}

/** Both neighbours know the entry: it is on some list. */
function onList(w: Uint32Array, entry: Addr): boolean {
  const next = w[entry >>> 2]!;
  const prev = w[(entry >>> 2) + 1]!;
  return next !== 0 && prev !== 0 && w[(next >>> 2) + 1] === entry && w[prev >>> 2] === entry;
}

type Tally = Partial<Record<MmField, number>>;

function checkNumbers(k: Kernel, mm: Addr, vmas: readonly Addr[], findings: Finding[]): void {
  const w = k.memory.u32;
  const read = (field: MmField) => getMm(w, mm, field);
  if (read("map_count") !== vmas.length)
    findings.push({ rule: mmRulesChecked.mapCount, args: { mm, stored: read("map_count"), counted: vmas.length } });
  const cached = read("mmap_cache");
  if (cached !== 0 && !vmas.includes(cached))
    findings.push({ rule: mmRulesChecked.cache, args: { mm, address: cached } });
  const areaCache = read("free_area_cache");
  const lowest = read("top_down") !== 0 ? 0 : TASK_UNMAPPED_BASE;
  if (pageDown(areaCache) !== areaCache || areaCache > TASK_SIZE || areaCache < lowest)
    findings.push({ rule: mmRulesChecked.areaCache, args: { mm, address: areaCache } });
  for (const [counter, counted] of Object.entries(tally(w, vmas))) {
    const stored = read(counter as MmField);
    if (stored !== counted) findings.push({ rule: mmRulesChecked.counter, args: { mm, counter, stored, counted } });
  }
}

/** What the counters must be, from the areas. */
function tally(w: Uint32Array, vmas: readonly Addr[]): Tally {
  const sum = { total_vm: 0, locked_vm: 0, shared_vm: 0, exec_vm: 0, stack_vm: 0, reserved_vm: 0 };
  for (const vma of vmas) {
    const pages = vmaPages(w, vma);
    const flags = getVma(w, vma, "vm_flags");
    sum.total_vm += pages;
    if ((flags & VM_LOCKED) !== 0) sum.locked_vm += pages;
    if ((flags & (VM_RESERVED | VM_IO)) !== 0) sum.reserved_vm += pages;
    if (getVma(w, vma, "vm_file") !== 0) {
      sum.shared_vm += pages;
      if ((flags & (VM_EXEC | VM_WRITE)) === VM_EXEC) sum.exec_vm += pages;
    } else if ((flags & (VM_GROWSDOWN | VM_GROWSUP)) !== 0) {
      sum.stack_vm += pages;
    }
  }
  return sum;
}

/** The invariants of every task's address space. Never throws, never loops. */
export function checkMms(k: Kernel): Finding[] {
  const w = k.memory.u32;
  const findings: Finding[] = [];
  const anchor = k.data + kernelData.offset.fault + faultData.offset.tasks;
  const seen = new Set<Addr>();
  for (let entry = w[anchor >>> 2]!; entry !== anchor && entry !== 0; entry = w[entry >>> 2]!) {
    const task = entry - taskStruct.offset.tasks;
    if (seen.has(-task) || !canHold(k, task, taskStruct.size)) {
      findings.push({ rule: mmRulesChecked.taskList, args: { address: entry } });
      return findings;
    }
    seen.add(-task);
    const mm = w[(task + taskStruct.offset.mm) >>> 2]!;
    if (mm === 0 || seen.has(mm)) continue;
    seen.add(mm);
    findings.push(...checkMm(k, mm));
  }
  return findings;
}
