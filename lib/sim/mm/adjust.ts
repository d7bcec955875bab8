// Moving the borders of an area, and what that does to its neighbours.
// Theory:     everything that changes a border goes through here, because two areas that touch change together: one grows by what the
//             other loses (cases 4 and 5), or swallows it whole (1, 6, 7, 8), or gives a part to a new one (a split).
// Source:     Linux 2.6.11 mm/mmap.c (vma_adjust, split_vma)
// Simplified: the area stays where it is on its file's list, as that list has no order.
import { anonVmaAttach, anonVmaMerge } from "../anon-vma";
import { PAGE_SHIFT } from "../constants";
import { ENOMEM } from "../errno";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { freeObject } from "../objects";
import { MAX_MAP_COUNT } from "./flags";
import { addMm, getMm, getVma, setVma } from "./vma";
import { copyOfVma, insertBesides, vmaUnlink, vmaUnlinkFile } from "./vma-list";

/** Sets the borders of `vma` and its pgoff. What of the next area they overlap or uncover changes hands with it. */
export function vmaAdjust(k: Kernel, vma: Addr, start: number, end: number, pgoff: number): void {
  const w = k.memory.u32;
  for (;;) {
    const next = getVma(w, vma, "vm_next");
    if (next === 0 || end < getVma(w, next, "vm_end")) {
      if (next !== 0) shiftBorder(k, vma, next, end);
      setBorders(w, vma, start, end, pgoff);
      return;
    }
    const nextEnd = getVma(w, next, "vm_end");
    inherit(k, vma, getVma(w, next, "anon_vma"));
    setBorders(w, vma, start, nextEnd, pgoff);
    swallow(k, vma, next);
    if (end === nextEnd) return;
  }
}

function setBorders(w: Uint32Array, vma: Addr, start: number, end: number, pgoff: number): void {
  setVma(w, vma, "vm_start", start);
  setVma(w, vma, "vm_end", end);
  setVma(w, vma, "vm_pgoff", pgoff);
}

/** Cases 4 and 5: the border between two areas that touch, or are about to, moves to `end`. */
function shiftBorder(k: Kernel, vma: Addr, next: Addr, end: number): void {
  const w = k.memory.u32;
  const nextStart = getVma(w, next, "vm_start");
  const oldEnd = getVma(w, vma, "vm_end");
  const grows = end > nextStart;
  if (!grows && end >= oldEnd) return;
  const bytes = grows ? end - nextStart : end - oldEnd;
  if (grows) inherit(k, vma, getVma(w, next, "anon_vma"));
  else inherit(k, next, getVma(w, vma, "anon_vma"));
  setVma(w, next, "vm_start", nextStart + bytes);
  setVma(w, next, "vm_pgoff", getVma(w, next, "vm_pgoff") + (bytes >> PAGE_SHIFT));
}

/** An area that takes over anonymous pages must be found from them. */
function inherit(k: Kernel, vma: Addr, anonVma: Addr): void {
  if (anonVma !== 0 && getVma(k.memory.u32, vma, "anon_vma") === 0) anonVmaAttach(k, vma, anonVma);
}

function swallow(k: Kernel, vma: Addr, next: Addr): void {
  const w = k.memory.u32;
  const mm = getVma(w, vma, "vm_mm");
  const file = getVma(w, next, "vm_file");
  vmaUnlink(k, mm, next, vma);
  vmaUnlinkFile(k, next);
  if (getVma(w, next, "anon_vma") !== 0) anonVmaMerge(k, next);
  if (file !== 0) k.ops.fput(k, file);
  addMm(k.memory.u32, mm, "map_count", -1);
  freeObject(k, "vm_area_struct", next);
}

/**
 * Cuts an area in two at `at`. `fresh` says which part becomes the new structure; the other one keeps its address.
 * @returns 0, or -ENOMEM: too many areas or no memory.
 */
export function splitVma(k: Kernel, mm: Addr, vma: Addr, at: number, fresh: "lower" | "upper"): number {
  const mapCount = getMm(k.memory.u32, mm, "map_count");
  if (mapCount >= MAX_MAP_COUNT) {
    k.events?.push({ kind: "limit-reached", limit: "map_count", wanted: mapCount + 1, allowed: MAX_MAP_COUNT });
    return -ENOMEM;
  }
  const part = copyOfVma(k, vma);
  if (part === 0) return -ENOMEM;
  const w = k.memory.u32;
  const start = getVma(w, vma, "vm_start");
  const end = getVma(w, vma, "vm_end");
  const pgoff = getVma(w, vma, "vm_pgoff");
  const upperPgoff = pgoff + ((at - start) >>> PAGE_SHIFT);
  if (fresh === "lower") setVma(w, part, "vm_end", at);
  else setBorders(w, part, at, end, upperPgoff);
  k.vmOps[getVma(w, part, "vm_ops")]?.open?.(k, part);
  if (fresh === "lower") setBorders(k.memory.u32, vma, at, end, upperPgoff);
  else setVma(k.memory.u32, vma, "vm_end", at);
  insertBesides(k, mm, part);
  k.events?.push({ kind: "vma-split", start, at, end, fresh });
  return 0;
}
