// How a program is laid out: where mappings go, the stack, and the segments of an ELF file.
// Theory:
//     0x08048000 text | data | bss | heap -->        ...        <-- mappings from mmap_base | gap for the stack | stack 0xC0000000
//             Mappings go downward from a base that leaves the stack as much room as its limit says (128 MiB to 2.5 GiB). With an
//             unlimited stack, or by the legacy switch, they go upward from 1 GiB, a third of user space, as before 2.6.9.
// Source:     Linux 2.6.11 arch/i386/mm/mmap.c (arch_pick_mmap_layout, mmap_base), fs/exec.c (setup_arg_pages), fs/binfmt_elf.c
//             (load_elf_binary, elf_map, set_brk); domain 7.2
// Simplified: a program is a list of segments, not an ELF file; no interpreter, no address randomisation (2.6.11 has none either).
import { PAGE_SHIFT, PAGE_SIZE } from "../constants";
import { ENOMEM } from "../errno";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { freeObject } from "../objects";
import { doBrk } from "./brk";
import {
  MAP_DENYWRITE,
  MAP_EXECUTABLE,
  MAP_FIXED,
  MAP_PRIVATE,
  PROT_EXEC,
  PROT_WRITE,
  pageAlign,
  pageDown,
  STACK_TOP,
  TASK_SIZE,
  TASK_UNMAPPED_BASE,
  VM_STACK_FLAGS,
} from "./flags";
import { RLIM_INFINITY, rlimit } from "./limits";
import { doMmap } from "./mmap";
import { getMm, setMm } from "./vma";
import { insertVmStruct, newVma } from "./vma-list";

const MIN_GAP = 128 * 1024 * 1024;
const MAX_GAP = (TASK_SIZE / 6) * 5;
/** Pages of stack that exist below the arguments from the start. */
const EXTRA_STACK_VM_PAGES = 20;
const MAX_ARG_PAGES = 32;
/** Where a position-independent program is loaded. */
const ELF_ET_DYN_BASE = (TASK_SIZE / 3) * 2;

/** mmap_base for a stack limit in bytes, of a top-down layout. */
export function mmapBase(stackLimit: number): number {
  return TASK_SIZE - pageDown(Math.min(Math.max(stackLimit, MIN_GAP), MAX_GAP));
}

/** Chooses where mappings go, from the running task's stack limit. `layout`: "legacy" is the switch that asks for bottom-up. */
export function pickMmapLayout(k: Kernel, mm: Addr, layout: "default" | "legacy" = "default"): void {
  const limit = rlimit(k, "RLIMIT_STACK");
  const topDown = layout === "default" && limit !== RLIM_INFINITY;
  const base = topDown ? mmapBase(limit) : TASK_UNMAPPED_BASE;
  const w = k.memory.u32;
  setMm(w, mm, "mmap_base", base);
  setMm(w, mm, "free_area_cache", base);
  setMm(w, mm, "top_down", topDown ? 1 : 0);
}

/**
 * Makes the stack area: the pages of arguments and environment at its top, 20 pages below.
 * @param argBytes bytes of arguments, environment and pointers to them.
 * @returns 0, or -ENOMEM: over 32 pages of arguments, no memory, or something lies there.
 */
export function setupArgPages(k: Kernel, mm: Addr, argBytes: number): number {
  // The string area ends with a null pointer even when nothing is passed.
  const top = STACK_TOP - Math.max(argBytes, 4);
  const argPages = (STACK_TOP - pageDown(top)) / PAGE_SIZE;
  if (argPages > MAX_ARG_PAGES) return -ENOMEM;
  const pages = argPages + EXTRA_STACK_VM_PAGES;
  if (k.ops.vmEnoughMemory(k, pages) !== 0) return -ENOMEM;
  const start = STACK_TOP - pages * PAGE_SIZE;
  const flags = (VM_STACK_FLAGS | getMm(k.memory.u32, mm, "def_flags")) >>> 0;
  const vma = newVma(k, mm, { start, end: STACK_TOP, flags, pgoff: 0 });
  const error = vma === 0 ? -ENOMEM : insertVmStruct(k, mm, vma);
  if (error !== 0) {
    if (vma !== 0) freeObject(k, "vm_area_struct", vma);
    k.ops.vmUnacctMemory(k, pages);
    return error;
  }
  const w = k.memory.u32;
  setMm(w, mm, "stack_vm", pages);
  setMm(w, mm, "total_vm", pages);
  setMm(w, mm, "start_stack", top);
  setMm(w, mm, "arg_start", top);
  return 0;
}

/** One PT_LOAD of a program. Addresses and sizes in bytes; `vaddr` and `offset` agree within the page. */
export interface ElfSegment {
  readonly vaddr: number;
  readonly offset: number;
  readonly fileBytes: number;
  /** At least `fileBytes`; what is more is zeros (bss). */
  readonly memoryBytes: number;
  /** PROT_*. */
  readonly prot: number;
}

export interface ElfProgram {
  readonly file: Addr;
  readonly segments: readonly ElfSegment[];
  /** Position-independent: everything moves up to 0x80000000. */
  readonly dynamic: boolean;
  /** Bytes on the stack at start. */
  readonly argBytes: number;
}

/**
 * Lays a program out in an empty address space whose mmap layout is chosen: stack, segments, bss, and where the heap begins.
 * The rest of the last file page is zero-filled by the caller, who can touch pages.
 * @returns 0 or -errno.
 */
export function mapProgram(k: Kernel, mm: Addr, { file, segments, dynamic, argBytes }: ElfProgram): number {
  const error = setupArgPages(k, mm, argBytes);
  if (error !== 0) return error;
  const bias = dynamic ? pageDown(ELF_ET_DYN_BASE - pageDown(segments[0]?.vaddr ?? 0)) : 0;
  let startCode = RLIM_INFINITY;
  let endCode = 0;
  let startData = 0;
  let endData = 0;
  let bssStart = 0;
  let bssEnd = 0;
  for (const segment of segments) {
    const vaddr = bias + segment.vaddr;
    const mapped = elfMap(k, mm, file, vaddr, segment);
    if (mapped < 0) return mapped;
    const fileEnd = vaddr + segment.fileBytes;
    startCode = Math.min(startCode, vaddr);
    startData = Math.max(startData, vaddr);
    if ((segment.prot & PROT_EXEC) !== 0) endCode = Math.max(endCode, fileEnd);
    endData = Math.max(endData, fileEnd);
    bssStart = Math.max(bssStart, fileEnd);
    bssEnd = Math.max(bssEnd, vaddr + segment.memoryBytes);
  }
  const w = k.memory.u32;
  setMm(w, mm, "start_code", startCode);
  setMm(w, mm, "end_code", endCode);
  setMm(w, mm, "start_data", startData);
  setMm(w, mm, "end_data", endData);
  return setBrk(k, mm, pageAlign(bssStart), pageAlign(bssEnd));
}

function elfMap(k: Kernel, mm: Addr, file: Addr, vaddr: number, segment: ElfSegment): number {
  const inPage = vaddr - pageDown(vaddr);
  return doMmap(k, mm, {
    addr: pageDown(vaddr),
    len: segment.fileBytes + inPage,
    prot: segment.prot & (PROT_WRITE | PROT_EXEC | 1),
    flags: MAP_PRIVATE | MAP_FIXED | MAP_DENYWRITE | MAP_EXECUTABLE,
    file,
    pgoff: (segment.offset - inPage) >>> PAGE_SHIFT,
  });
}

/** Anonymous memory for the pages of the bss that the file does not reach; the heap begins after it. */
function setBrk(k: Kernel, mm: Addr, start: number, end: number): number {
  if (end > start) {
    const address = doBrk(k, mm, start, end - start);
    if (address < 0) return address;
  }
  setMm(k.memory.u32, mm, "start_brk", end);
  setMm(k.memory.u32, mm, "brk", end);
  return 0;
}
