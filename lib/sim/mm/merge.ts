// Merging a request, or a changed area, with its neighbours.
// Theory:     an area costs memory and makes every search longer, so areas that say the same become one: equal flags, the same file or
//             none, touching addresses, page offsets that continue each other, and anonymous pages of one family. A is the request,
//             P the area before, N the one after, X the one after that:
//
//               mmap, brk, mremap: A is a hole           mprotect: A is a part of an area, or all of N
//               1  P A N  -> PPPPP                       4  A is the tail of P: P shrinks, N grows down
//               2  P A  N -> PPP N                       5  A is the head of N: P grows, N shrinks
//               3  P  A N -> P NNN                       6  A is N: P swallows N and X
//                                                        7  A is N: P swallows N
//                                                        8  A is N: N swallows X and takes the new flags
// Source:     Linux 2.6.11 mm/mmap.c (vma_merge, can_vma_merge_before, can_vma_merge_after, is_mergeable_vma,
//             find_mergeable_anon_vma); domain 7.7
// Simplified: no memory policies.
import { PAGE_SHIFT } from "../constants";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { vmaAdjust } from "./adjust";
import type { MergeCase } from "./events";
import { findVmaPrev } from "./find-vma";
import { VM_EXEC, VM_READ, VM_SPECIAL, VM_WRITE } from "./flags";
import { getMm, getVma, vmaPages } from "./vma";

/** What the pages of a request say. */
export interface MergeRequest {
  readonly start: number;
  readonly end: number;
  readonly flags: number;
  readonly anonVma: Addr;
  readonly file: Addr;
  /** Page offset of `start`. */
  readonly pgoff: number;
}

function mergeable(k: Kernel, vma: Addr, { flags, file }: MergeRequest): boolean {
  const w = k.memory.u32;
  if (getVma(w, vma, "vm_flags") !== flags || getVma(w, vma, "vm_file") !== file) return false;
  return (k.vmOps[getVma(w, vma, "vm_ops")]?.close ?? null) === null;
}

function mergeableAnon(a: Addr, b: Addr): boolean {
  return a === 0 || b === 0 || a === b;
}

/** The request can become the front of `vma`. */
function canMergeBefore(k: Kernel, vma: Addr, request: MergeRequest): boolean {
  const w = k.memory.u32;
  const pages = (request.end - request.start) >>> PAGE_SHIFT;
  return (
    mergeable(k, vma, request) &&
    mergeableAnon(request.anonVma, getVma(w, vma, "anon_vma")) &&
    getVma(w, vma, "vm_pgoff") === request.pgoff + pages
  );
}

/** The request can become the tail of `vma`. */
function canMergeAfter(k: Kernel, vma: Addr, request: MergeRequest): boolean {
  const w = k.memory.u32;
  return (
    mergeable(k, vma, request) &&
    mergeableAnon(request.anonVma, getVma(w, vma, "anon_vma")) &&
    getVma(w, vma, "vm_pgoff") + vmaPages(w, vma) === request.pgoff
  );
}

/**
 * Tries to let a neighbour cover the request.
 * @param prev the area before the request (for mprotect possibly the area whose tail it is), 0 for none.
 * @returns the area that covers the request now, 0 if nothing could be merged and nothing has changed.
 */
export function vmaMerge(k: Kernel, mm: Addr, prev: Addr, request: MergeRequest): Addr {
  const { start, end, flags } = request;
  if ((flags & VM_SPECIAL) !== 0) return 0;
  const w = k.memory.u32;
  const area = prev !== 0 ? getVma(w, prev, "vm_next") : getMm(w, mm, "mmap");
  const areaEnd = area === 0 ? 0 : getVma(w, area, "vm_end");
  const next = areaEnd === end && area !== 0 ? getVma(w, area, "vm_next") : area;
  const before = next !== 0 && end === getVma(w, next, "vm_start") && canMergeBefore(k, next, request);

  if (prev !== 0 && getVma(w, prev, "vm_end") === start && canMergeAfter(k, prev, request)) {
    const prevStart = getVma(w, prev, "vm_start");
    const prevPgoff = getVma(w, prev, "vm_pgoff");
    if (before && mergeableAnon(getVma(w, prev, "anon_vma"), getVma(w, next, "anon_vma"))) {
      vmaAdjust(k, prev, prevStart, getVma(w, next, "vm_end"), prevPgoff);
      return merged(k, prev, request, area === next ? 1 : 6);
    }
    const inside = area !== 0 && end > getVma(w, area, "vm_start");
    vmaAdjust(k, prev, prevStart, end, prevPgoff);
    return merged(k, prev, request, !inside ? 2 : end === areaEnd ? 7 : 5);
  }
  if (!before) return 0;
  if (prev !== 0 && start < getVma(w, prev, "vm_end")) {
    vmaAdjust(k, prev, getVma(w, prev, "vm_start"), start, getVma(w, prev, "vm_pgoff"));
    return merged(k, area, request, 4);
  }
  const pages = (end - start) >>> PAGE_SHIFT;
  vmaAdjust(k, area, start, getVma(w, next, "vm_end"), getVma(w, next, "vm_pgoff") - pages);
  return merged(k, area, request, area === next ? 3 : 8);
}

function merged(k: Kernel, vma: Addr, { start, end }: MergeRequest, mergeCase: MergeCase): Addr {
  const w = k.memory.u32;
  k.events?.push({
    kind: "vma-merge",
    case: mergeCase,
    start,
    end,
    newStart: getVma(w, vma, "vm_start"),
    newEnd: getVma(w, vma, "vm_end"),
  });
  return vma;
}

/** The anon_vma of a neighbour that `vma` could merge with if one of them changed its protection, 0 if there is none. */
export function findMergeableAnonVma(k: Kernel, vma: Addr): Addr {
  const w = k.memory.u32;
  const protection = VM_READ | VM_WRITE | VM_EXEC;
  const requestFor = (near: Addr): MergeRequest => ({
    start: getVma(w, vma, "vm_start"),
    end: getVma(w, vma, "vm_end"),
    flags: ((getVma(w, vma, "vm_flags") & ~protection) | (getVma(w, near, "vm_flags") & protection)) >>> 0,
    anonVma: 0,
    file: getVma(w, vma, "vm_file"),
    pgoff: getVma(w, vma, "vm_pgoff"),
  });
  const next = getVma(w, vma, "vm_next");
  if (next !== 0 && getVma(w, next, "anon_vma") !== 0 && getVma(w, vma, "vm_end") === getVma(w, next, "vm_start"))
    if (canMergeBefore(k, next, requestFor(next))) return getVma(w, next, "anon_vma");
  const [, prev] = findVmaPrev(k, getVma(w, vma, "vm_mm"), getVma(w, vma, "vm_start"));
  if (prev !== 0 && getVma(w, prev, "anon_vma") !== 0 && getVma(w, prev, "vm_end") === getVma(w, vma, "vm_start"))
    if (canMergeAfter(k, prev, requestFor(prev))) return getVma(w, prev, "anon_vma");
  return 0;
}
