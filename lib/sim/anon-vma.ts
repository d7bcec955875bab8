// anon_vma: which areas may map an anonymous page.
// Theory:     an anonymous page has no file to ask who maps it. Instead its `mapping` points to an anon_vma, and every area that may
//             hold the page is on that list: the area of the first write, the parts it was split into, neighbours that could merge
//             with it, and the copies fork makes. Going round the list finds every mapping of the page, and maybe areas without one.
//
//                 anon_vma.head <-> parent's area <-> child's area <-> ...
//                     ^-- page.mapping (lowest bit set)
// Source:     Linux 2.6.11 mm/rmap.c (anon_vma_link, anon_vma_unlink, __anon_vma_merge)
// Simplified: no locks.
import type { Kernel } from "./kernel";
import { listAdd, listDel, listEmpty, listInit } from "./list";
import type { Addr } from "./machine";
import { freeObject, newObject } from "./objects";
import { vmAreaStruct } from "./structs-mm";

const NODE = vmAreaStruct.offset.anon_vma_node;
const ANON_VMA = vmAreaStruct.offset.anon_vma >>> 2;

/** An anon_vma that nobody is on, 0 when there is no memory. */
export function anonVmaAlloc(k: Kernel): Addr {
  const anonVma = newObject(k, "anon_vma");
  if (anonVma !== 0) listInit(k.memory.u32, anonVma);
  return anonVma;
}

/** Puts an area at the head of the list of `anonVma` and has it point there. */
export function anonVmaAttach(k: Kernel, vma: Addr, anonVma: Addr): void {
  k.memory.u32[(vma >>> 2) + ANON_VMA] = anonVma;
  listAdd(k.memory.u32, vma + NODE, anonVma);
}

/** A copy of an area joins the list that the original is on; nothing to do if there is none. */
export function anonVmaLink(k: Kernel, vma: Addr): void {
  const anonVma = k.memory.u32[(vma >>> 2) + ANON_VMA]!;
  if (anonVma !== 0) listAdd(k.memory.u32, vma + NODE, anonVma);
}

/** The area is about to go; the last one frees the anon_vma. */
export function anonVmaUnlink(k: Kernel, vma: Addr): void {
  const anonVma = k.memory.u32[(vma >>> 2) + ANON_VMA]!;
  if (anonVma === 0) return;
  listDel(k.memory.u32, vma + NODE);
  k.memory.u32[(vma >>> 2) + ANON_VMA] = 0;
  if (listEmpty(k.memory.u32, anonVma)) freeObject(k, "anon_vma", anonVma);
}

/** `next` is swallowed by a neighbour on the same list: only `next` leaves it. */
export function anonVmaMerge(k: Kernel, next: Addr): void {
  listDel(k.memory.u32, next + NODE);
}
