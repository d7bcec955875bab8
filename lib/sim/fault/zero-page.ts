// The one page of zeros that every untouched anonymous page shows when it is read.
// Theory:     it is reserved, so nobody counts its mappings and it is never freed; it is mapped read-only, so the first write faults and
//             gets a page of its own.
// Source:     Linux 2.6.11 arch/i386/kernel/head.S (empty_zero_page), asm-i386/pgtable.h (ZERO_PAGE)
// Simplified: the kernel has it inside its image. A machine without an image takes a page when it is first asked for.
import { pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import type { Pfn } from "../machine";
import { setPageFlag } from "../page-fields";
import { allocPages } from "../zones/alloc-pages";
import { GFP_KERNEL } from "../zones/gfp";
import { faultVar } from "./task";

/** Frame of the zero page; -1 if it is still to be made and there is no memory. */
export function zeroPfn(k: Kernel): Pfn {
  const known = peekZeroPfn(k);
  if (known >= 0) return known;
  const page = allocPages(k, GFP_KERNEL, 0);
  if (page === 0) return -1;
  setPageFlag(k, page, "PG_reserved");
  setZeroPfn(k, pageToPfn(k, page));
  return pageToPfn(k, page);
}

/** Frame of the zero page, -1 while there is none. */
export function peekZeroPfn(k: Kernel): Pfn {
  return k.memory.u32[faultVar(k, "zero_page") >>> 2]! - 1;
}

/** Names a reserved frame of zeros that is there already: the kernel image's. */
export function setZeroPfn(k: Kernel, pfn: Pfn): void {
  k.memory.u32[faultVar(k, "zero_page") >>> 2] = pfn + 1;
}
