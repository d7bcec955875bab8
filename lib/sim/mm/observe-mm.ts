// Decodes an address space's bytes into its observable state.
// Theory: what the rest of the kernel can see: the areas in order, the tree, the caches that decide the next answers, the counters.
import type { Finding } from "../finding";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { permissions, VM_ACCOUNT, VM_GROWSDOWN, VM_LOCKED } from "./flags";
import type { AddressSpaceState, AreaState } from "./observe";
import { inodeNumber } from "./proc-maps";
import { getMm, getVma, type MmField } from "./vma";
import { walkVmaTree } from "./walk-tree";
import { walkVmas } from "./walk-vmas";

/** Never throws and always ends, whatever the bytes are; what stopped a walk stands in `findings`. */
export function observeMm(k: Kernel, mm: Addr): AddressSpaceState {
  const w = k.memory.u32;
  const findings: Finding[] = [];
  const vmas = walkVmas(k, mm, findings);
  const tree = walkVmaTree(k, mm);
  findings.push(...tree.findings);
  const families = new Map<number, number>();
  const read = (field: MmField) => getMm(w, mm, field) ?? 0;
  const cache = read("mmap_cache");
  return {
    kind: "address-space",
    areas: vmas.map((vma) => observeVma(k, vma, families)),
    tree: tree.root,
    mmapCache: cache === 0 ? null : (getVma(w, cache, "vm_start") ?? 0),
    freeAreaCache: read("free_area_cache"),
    mmapBase: read("mmap_base"),
    topDown: read("top_down") !== 0,
    counters: {
      mapCount: read("map_count"),
      totalVm: read("total_vm"),
      lockedVm: read("locked_vm"),
      sharedVm: read("shared_vm"),
      execVm: read("exec_vm"),
      stackVm: read("stack_vm"),
      reservedVm: read("reserved_vm"),
      rss: read("rss"),
      anonRss: read("anon_rss"),
      nrPtes: read("nr_ptes"),
    },
    code: [read("start_code"), read("end_code")],
    data: [read("start_data"), read("end_data")],
    heap: [read("start_brk"), read("brk")],
    startStack: read("start_stack"),
    mmUsers: read("mm_users"),
    mmCount: read("mm_count"),
    findings,
  };
}

function observeVma(k: Kernel, vma: Addr, families: Map<number, number>): AreaState {
  const w = k.memory.u32;
  const flags = getVma(w, vma, "vm_flags");
  const anonVma = getVma(w, vma, "anon_vma");
  if (anonVma !== 0 && !families.has(anonVma)) families.set(anonVma, families.size);
  return {
    start: getVma(w, vma, "vm_start"),
    end: getVma(w, vma, "vm_end"),
    flags,
    permissions: permissions(flags),
    accounted: (flags & VM_ACCOUNT) !== 0,
    locked: (flags & VM_LOCKED) !== 0,
    growsDown: (flags & VM_GROWSDOWN) !== 0,
    pgoff: getVma(w, vma, "vm_pgoff"),
    inode: getVma(w, vma, "vm_file") === 0 ? null : inodeNumber(k, vma),
    anonVma: families.get(anonVma) ?? null,
  };
}
