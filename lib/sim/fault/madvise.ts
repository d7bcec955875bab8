// madvise(MADV_DONTNEED): the process promises that it has no use for what its pages hold.
// Source:     Linux 2.6.11 mm/madvise.c (madvise_dontneed, sys_madvise)
// Simplified: none of the other advices, which only set flags of the area or start read-ahead.
import { PAGE_SIZE } from "../constants";
import { EINVAL, ENOMEM } from "../errno";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { findVma } from "../mm/find-vma";
import { pageAlign, VM_HUGETLB, VM_LOCKED, VM_RESERVED } from "../mm/flags";
import { getVma } from "../mm/vma";
import { zapPageRange } from "./zap";

/** Drops the pages of [start, start + length). @returns 0; -EINVAL: unaligned, or a locked area; -ENOMEM: a hole (the rest is done). */
export function madviseDontneed(k: Kernel, mm: Addr, start: number, length: number): number {
  const end = start + pageAlign(length);
  if (start % PAGE_SIZE !== 0 || end < start || (length !== 0 && end === start)) return -EINVAL;
  if (k.events !== null) k.events.push({ kind: "madvise", start, end });
  let unmapped = false;
  for (let at = start; at < end; ) {
    const vma = findVma(k, mm, at);
    if (vma === 0) return -ENOMEM;
    const w = k.memory.u32;
    const from = getVma(w, vma, "vm_start");
    if (from > at) {
      unmapped = true;
      at = from;
      if (at >= end) break;
    }
    if ((getVma(w, vma, "vm_flags") & (VM_LOCKED | VM_HUGETLB | VM_RESERVED)) !== 0) return -EINVAL;
    const stop = Math.min(end, getVma(w, vma, "vm_end"));
    zapPageRange(k, vma, at, stop - at);
    at = stop;
  }
  return unmapped ? -ENOMEM : 0;
}
