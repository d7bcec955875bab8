// Putting areas into an address space and taking them out: list, tree, the file's list and the anonymous list at once.
// Theory:     an area is on up to four structures. List and tree of its mm say where it lies; the list of its file (i_mmap) and of its
//             anon_vma lead from a page back to the areas that may map it.
// Source:     Linux 2.6.11 mm/mmap.c (vma_link, __vma_link, __vma_link_file, __insert_vm_struct, insert_vm_struct, __vma_unlink,
//             remove_vm_struct, detach_vmas_to_be_unmapped); Gorman 4.4.3-4.4.7
// Simplified: i_mmap is a plain list, in order of arrival; non-linear mappings stay on it.
import { anonVmaLink, anonVmaUnlink } from "../anon-vma";
import { PAGE_SHIFT } from "../constants";
import { ENOMEM } from "../errno";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import { listAddTail, listDel } from "../list";
import type { Addr } from "../machine";
import { protectionMap } from "../mmu/pte";
import { freeObject, newObject } from "../objects";
import { addressSpace, file as fileStruct, inode as inodeStruct, mmStruct, vmAreaStruct } from "../structs-mm";
import { findVmaPrepare, type InsertionPoint } from "./find-vma";
import { rbErase, rbInsertColor, rbLinkNode } from "./rbtree";
import { addMm, getMm, getVma, setMm, setVma, VM_RB } from "./vma";

const MM_RB = mmStruct.offset.mm_rb;
const SHARED = vmAreaStruct.offset.shared;

export interface NewVma {
  readonly start: number;
  readonly end: number;
  readonly flags: number;
  readonly pgoff: number;
}

/** An area that is on no list yet; 0 when there is no memory. */
export function newVma(k: Kernel, mm: Addr, { start, end, flags, pgoff }: NewVma): Addr {
  const vma = newObject(k, "vm_area_struct");
  if (vma === 0) return 0;
  const w = k.memory.u32;
  setVma(w, vma, "vm_mm", mm);
  setVma(w, vma, "vm_start", start);
  setVma(w, vma, "vm_end", end);
  setVma(w, vma, "vm_flags", flags);
  setVma(w, vma, "vm_page_prot", protectionMap(flags));
  setVma(w, vma, "vm_pgoff", pgoff);
  return vma;
}

/** A copy that is on no list yet and holds its file once more; 0 when there is no memory. anon_vma is copied, not joined. */
export function copyOfVma(k: Kernel, vma: Addr): Addr {
  const copy = newObject(k, "vm_area_struct");
  if (copy === 0) return 0;
  const w = k.memory.u32;
  w.copyWithin(copy >>> 2, vma >>> 2, (vma + vmAreaStruct.size) >>> 2);
  w.fill(0, (copy + SHARED) >>> 2, (copy + SHARED + 8) >>> 2);
  w.fill(0, (copy + vmAreaStruct.offset.anon_vma_node) >>> 2, (copy + vmAreaStruct.offset.anon_vma_node + 8) >>> 2);
  getFile(k, getVma(w, vma, "vm_file"));
  return copy;
}

/** One more holder of the file, if there is one. */
export function getFile(k: Kernel, file: Addr): void {
  if (file !== 0) k.memory.i32[(file + fileStruct.offset.f_count) >>> 2]! += 1;
}

/** Anchor of the list of areas that show a file, 0 for none. */
function areasOfFile(k: Kernel, file: Addr): Addr {
  const inode = file === 0 ? 0 : k.memory.u32[(file + fileStruct.offset.f_inode) >>> 2]!;
  return inode === 0 ? 0 : inode + inodeStruct.offset.i_mapping + addressSpace.offset.i_mmap;
}

/** Puts the area on the list of its file. */
function vmaLinkFile(k: Kernel, vma: Addr): void {
  const areas = areasOfFile(k, getVma(k.memory.u32, vma, "vm_file"));
  if (areas !== 0) listAddTail(k.memory.u32, vma + SHARED, areas);
}

export function vmaUnlinkFile(k: Kernel, vma: Addr): void {
  if (areasOfFile(k, getVma(k.memory.u32, vma, "vm_file")) !== 0) listDel(k.memory.u32, vma + SHARED);
}

/** Links a new area everywhere, at the place that `findVmaPrepare` found for its start. */
export function vmaLink(k: Kernel, mm: Addr, vma: Addr, at: InsertionPoint): void {
  const w = k.memory.u32;
  if (at.prev !== 0) {
    setVma(w, vma, "vm_next", getVma(w, at.prev, "vm_next"));
    setVma(w, at.prev, "vm_next", vma);
  } else {
    // Without one before it the new area is the leftmost node, so the parent is the next one.
    setVma(w, vma, "vm_next", at.parent === 0 ? 0 : at.parent - VM_RB);
    setMm(w, mm, "mmap", vma);
  }
  rbLinkNode(w, vma + VM_RB, at.parent, at.link);
  rbInsertColor(w, mm + MM_RB, vma + VM_RB);
  anonVmaLink(k, vma);
  vmaLinkFile(k, vma);
  addMm(w, mm, "map_count", 1);
}

/** Tells that an area is new. */
export function tellInsert(k: Kernel, vma: Addr): void {
  if (k.events === null) return;
  const w = k.memory.u32;
  const flags = getVma(w, vma, "vm_flags");
  const [start, end] = [getVma(w, vma, "vm_start"), getVma(w, vma, "vm_end")];
  k.events.push({ kind: "vma-insert", start, end, flags, pgoff: getVma(w, vma, "vm_pgoff") });
}

/**
 * Inserts an area where the caller knows that nothing lies.
 * @throws KernelBug if something does.
 */
export function insertBesides(k: Kernel, mm: Addr, vma: Addr): void {
  const w = k.memory.u32;
  const at = findVmaPrepare(k, mm, getVma(w, vma, "vm_start"));
  const start = getVma(w, vma, "vm_start");
  const end = getVma(w, vma, "vm_end");
  if (at.vma !== 0 && getVma(w, at.vma, "vm_start") < end) throw new KernelBug("vma-overlap", { start, end });
  vmaLink(k, mm, vma, at);
}

/** Inserts an area; an anonymous one gets the page offset of its address. @returns 0, or -ENOMEM if something lies there. */
export function insertVmStruct(k: Kernel, mm: Addr, vma: Addr): number {
  const w = k.memory.u32;
  const start = getVma(w, vma, "vm_start");
  if (getVma(w, vma, "vm_file") === 0) setVma(w, vma, "vm_pgoff", start >>> PAGE_SHIFT);
  const at = findVmaPrepare(k, mm, start);
  if (at.vma !== 0 && getVma(w, at.vma, "vm_start") < getVma(w, vma, "vm_end")) return -ENOMEM;
  vmaLink(k, mm, vma, at);
  tellInsert(k, vma);
  return 0;
}

/** Takes `vma`, which follows `prev`, out of list and tree. */
export function vmaUnlink(k: Kernel, mm: Addr, vma: Addr, prev: Addr): void {
  const w = k.memory.u32;
  setVma(w, prev, "vm_next", getVma(w, vma, "vm_next"));
  rbErase(w, mm + MM_RB, vma + VM_RB);
  if (getMm(w, mm, "mmap_cache") === vma) setMm(w, mm, "mmap_cache", prev);
}

/** Takes the areas from `vma` on that begin below `end` out of list and tree. They stay linked to each other; the last leads to 0. */
export function detachVmas(k: Kernel, mm: Addr, vma: Addr, prev: Addr, end: number): void {
  const w = k.memory.u32;
  let next = vma;
  let tail = vma;
  do {
    rbErase(w, mm + MM_RB, next + VM_RB);
    addMm(w, mm, "map_count", -1);
    tail = next;
    next = getVma(w, next, "vm_next");
  } while (next !== 0 && getVma(w, next, "vm_start") < end);
  if (prev !== 0) setVma(w, prev, "vm_next", next);
  else setMm(w, mm, "mmap", next);
  setVma(w, tail, "vm_next", 0);
  setMm(w, mm, "mmap_cache", 0);
}

/** Frees an area that is in no list and tree any more: tells its file, lets go of file and anon_vma. */
export function removeVmStruct(k: Kernel, vma: Addr): void {
  const file = getVma(k.memory.u32, vma, "vm_file");
  k.events?.push({
    kind: "vma-remove",
    start: getVma(k.memory.u32, vma, "vm_start"),
    end: getVma(k.memory.u32, vma, "vm_end"),
  });
  vmaUnlinkFile(k, vma);
  k.vmOps[getVma(k.memory.u32, vma, "vm_ops")]?.close?.(k, vma);
  if (file !== 0) k.ops.fput(k, file);
  anonVmaUnlink(k, vma);
  freeObject(k, "vm_area_struct", vma);
}
