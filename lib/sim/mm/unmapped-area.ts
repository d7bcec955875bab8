// Choosing an address for a mapping.
// Theory:     next fit. Bottom-up the search goes on where the last one ended, so holes it left behind are seen again only after a munmap
//             lowered free_area_cache or the search came to the end of user space and began anew. Top-down it goes from the cache
//             downward; the cache follows an area down only if that area ends exactly at it.
// Source:     Linux 2.6.11 mm/mmap.c (get_unmapped_area, arch_get_unmapped_area, arch_get_unmapped_area_topdown, arch_unmap_area,
//             arch_unmap_area_topdown); domain 7.5, 7.6
// Simplified: files have no say in where they are mapped. 2.6.18's cached_hole_size, which lets a search below the cache begin at the
//             bottom again, is not modelled.
import { EINVAL, ENOMEM } from "../errno";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import type { CacheReason, PlaceReason } from "./events";
import { findVma, findVmaPrev } from "./find-vma";
import { MAP_FIXED, pageAlign, pageDown, TASK_SIZE, TASK_UNMAPPED_BASE } from "./flags";
import { getMm, getVma, setMm } from "./vma";

/**
 * Where `length` bytes (a multiple of the page size) can go. With MAP_FIXED that is `hint` itself, whatever lies there.
 * @returns the address, -ENOMEM, or -EINVAL for a fixed address inside a page.
 */
export function getUnmappedArea(k: Kernel, mm: Addr, hint: number, length: number, flags: number): number {
  if ((flags & MAP_FIXED) !== 0) {
    if (hint > TASK_SIZE - length) return refused(k, length, -ENOMEM);
    if (pageDown(hint) !== hint) return refused(k, length, -EINVAL);
    return chosen(k, mm, hint, length, "fixed");
  }
  if (length > TASK_SIZE) return refused(k, length, -ENOMEM);
  if (getMm(k.memory.u32, mm, "top_down") !== 0) return unmappedAreaTopDown(k, mm, hint, length);
  return unmappedAreaBottomUp(k, mm, hint, length, "bottom-up");
}

/** The rounded hint if it is free, else -1. */
function freeHint(k: Kernel, mm: Addr, hint: number, length: number): number {
  if (hint === 0) return -1;
  const address = pageAlign(hint);
  const vma = findVma(k, mm, address);
  if (TASK_SIZE - length < address) return -1;
  return vma === 0 || address + length <= getVma(k.memory.u32, vma, "vm_start") ? address : -1;
}

/** @returns an address, or -ENOMEM. */
function unmappedAreaBottomUp(
  k: Kernel,
  mm: Addr,
  hint: number,
  length: number,
  reason: "bottom-up" | "fallback",
): number {
  if (length > TASK_SIZE) return refused(k, length, -ENOMEM);
  const free = freeHint(k, mm, hint, length);
  if (free >= 0) return chosen(k, mm, free, length, "hint");
  const w = k.memory.u32;
  let from = getMm(w, mm, "free_area_cache");
  let address = from;
  for (let vma = findVma(k, mm, address); ; vma = getVma(w, vma, "vm_next")) {
    if (TASK_SIZE - length < address) {
      if (from === TASK_UNMAPPED_BASE) return refused(k, length, -ENOMEM);
      from = TASK_UNMAPPED_BASE;
      address = from;
      k.events?.push({ kind: "area-cache", from: getMm(w, mm, "free_area_cache"), to: from, reason: "restart" });
      vma = findVma(k, mm, address);
      if (TASK_SIZE - length < address) return refused(k, length, -ENOMEM);
    }
    if (vma === 0 || address + length <= getVma(w, vma, "vm_start")) {
      moveCache(k, mm, address + length, "found");
      return chosen(k, mm, address, length, reason);
    }
    gapRefused(k, vma, address, length);
    address = getVma(w, vma, "vm_end");
  }
}

/** @returns an address, or -ENOMEM. */
function unmappedAreaTopDown(k: Kernel, mm: Addr, hint: number, length: number): number {
  if (length > TASK_SIZE) return refused(k, length, -ENOMEM);
  const base = getMm(k.memory.u32, mm, "mmap_base");
  if (getMm(k.memory.u32, mm, "free_area_cache") > base) moveCache(k, mm, base, "limit");
  const free = freeHint(k, mm, hint, length);
  if (free >= 0) return chosen(k, mm, free, length, "hint");
  for (const attempt of ["first", "second"] as const) {
    if (attempt === "second") moveCache(k, mm, base, "restart");
    const address = belowCache(k, mm, length);
    if (address >= 0) return chosen(k, mm, address, length, "top-down");
  }
  moveCache(k, mm, TASK_UNMAPPED_BASE, "restart");
  const address = unmappedAreaBottomUp(k, mm, hint, length, "fallback");
  moveCache(k, mm, base, "restore");
  return address;
}

/** One attempt downward from free_area_cache: an address, or -1. */
function belowCache(k: Kernel, mm: Addr, length: number): number {
  const w = k.memory.u32;
  const cache = getMm(w, mm, "free_area_cache");
  if (cache < length) return -1;
  for (let address = pageDown(cache - length); ; ) {
    const [vma, prev] = findVmaPrev(k, mm, address);
    // With nothing above there is no area that could have been passed, and the cache stays where it is.
    if (vma === 0) return address;
    const start = getVma(w, vma, "vm_start");
    if (address + length <= start && (prev === 0 || address >= getVma(w, prev, "vm_end"))) {
      moveCache(k, mm, address, "found");
      return address;
    }
    gapRefused(k, vma, address, length);
    if (getMm(w, mm, "free_area_cache") === getVma(w, vma, "vm_end")) moveCache(k, mm, start, "hole-above");
    if (length > start) return -1;
    address = start - length;
  }
}

/** An area goes: the search may begin there again. */
export function unmapArea(k: Kernel, mm: Addr, vma: Addr): void {
  const w = k.memory.u32;
  const cache = getMm(w, mm, "free_area_cache");
  if (getMm(w, mm, "top_down") !== 0) {
    const end = getVma(w, vma, "vm_end");
    if (end > cache) moveCache(k, mm, end, "freed");
    return;
  }
  const start = getVma(w, vma, "vm_start");
  if (start >= TASK_UNMAPPED_BASE && start < cache) moveCache(k, mm, start, "freed");
}

function moveCache(k: Kernel, mm: Addr, to: number, reason: CacheReason): void {
  const from = getMm(k.memory.u32, mm, "free_area_cache");
  setMm(k.memory.u32, mm, "free_area_cache", to);
  if (from !== to) k.events?.push({ kind: "area-cache", from, to, reason });
}

function gapRefused(k: Kernel, vma: Addr, address: number, length: number): void {
  if (k.events === null) return;
  const w = k.memory.u32;
  const start = getVma(w, vma, "vm_start");
  k.events.push({ kind: "gap-refused", address, length, start, end: getVma(w, vma, "vm_end") });
}

function chosen(k: Kernel, mm: Addr, address: number, length: number, reason: PlaceReason): number {
  const cache = getMm(k.memory.u32, mm, "free_area_cache");
  k.events?.push({ kind: "place-chosen", address, length, reason, cache });
  return address;
}

function refused(k: Kernel, length: number, result: number): number {
  k.events?.push({ kind: "place-refused", length, errno: -result });
  return result;
}
