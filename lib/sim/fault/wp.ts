// Writes to a page whose entry is read-only: copy on write.
// Theory:     the entry may be read-only because others see the same page. If nobody does (any more), the page is simply made
//             writable; else the writer gets a copy and lets go of the old page. Who "nobody" is, is the reuse test:
//             2.6.11 counts references, so a page somebody holds for another reason is copied too; later kernels (rules.ts) count
//             mappings, and the swap entries of a page in the swap cache, so a passing reference does no harm.
// Source:     Linux 2.6.11 mm/memory.c (do_wp_page), mm/swapfile.c (can_share_swap_page); 2.6.18 the same names; Gorman 4.6.4
// Simplified: no sharing between processors to notice.
import { pageToPfn, pfnToPage } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { addMm } from "../mm/vma";
import { flushTlbPage } from "../mmu/flush";
import { type Pte, pteMkdirty, pteMkyoung, ptePfn, readPte } from "../mmu/pte";
import {
  clearPageFlag,
  getPage,
  pageAnon,
  pageMapcount,
  pagePrivate,
  testPageFlag,
  testSetPageFlag,
} from "../page-fields";
import { putPage } from "../reclaim/lru";
import { pageRemoveRmap } from "../rmap";
import { swpOffset } from "../swap/entry";
import { areaOf } from "../swap/slots";
import { readSlot } from "../swap/swap-data";
import { canShareSwapPage } from "../swap/swap-state";
import { anonVmaPrepare } from "./anon-vma-prepare";
import {
  adoptAnonPage,
  allocUserCopy,
  allocZeroedUserPage,
  type Fault,
  installPte,
  maybeMkwrite,
  writtenPte,
} from "./install";
import { cowRules } from "./rules";
import { peekZeroPfn } from "./zero-page";

/** do_wp_page: `entry` is present and read-only, and the area may be written. Never major. */
export function doWpPage(k: Kernel, fault: Fault, entry: Pte): "minor" | "oom" {
  const old = pfnToPage(k, ptePfn(k, entry));
  if (old === 0) return "oom";
  if (mayReuse(k, old)) {
    flushTlbPage(k, fault.mm, fault.address);
    installPte(k, fault, "cow-reuse", maybeMkwrite(k, pteMkyoung(pteMkdirty(entry)), fault.vma), pageToPfn(k, old));
    return "minor";
  }
  return breakCow(k, fault, entry, old);
}

/** The reuse test, with the page locked meanwhile; a page that somebody else has locked is copied. */
function mayReuse(k: Kernel, page: Addr): boolean {
  const byMappings = cowRules(k).reuse === "mappings";
  if (byMappings && !pageAnon(k, page)) return false;
  if (testSetPageFlag(k, page, "PG_locked")) return false;
  const reuse = byMappings ? onlyMapping(k, page) : canShareSwapPage(k, page);
  clearPageFlag(k, page, "PG_locked");
  return reuse;
}

/** The test of 2.6.18: one mapping, and no swap entry that will become another. */
function onlyMapping(k: Kernel, page: Addr): boolean {
  const mappings = pageMapcount(k, page);
  if (mappings > 1 || !testPageFlag(k, page, "PG_swapcache")) return mappings === 1;
  const entry = pagePrivate(k, page);
  const area = areaOf(k, entry);
  const otherSlotUsers = area === 0 ? 0 : readSlot(k, area, swpOffset(entry)) - 1;
  return mappings + otherSlotUsers === 1;
}

function breakCow(k: Kernel, fault: Fault, entry: Pte, old: Addr): "minor" | "oom" {
  const from = pageToPfn(k, old);
  const reserved = testPageFlag(k, old, "PG_reserved");
  if (!reserved) getPage(k, old);
  const isZero = from === peekZeroPfn(k);
  const prepared = anonVmaPrepare(k, fault.vma);
  const page = !prepared ? 0 : isZero ? allocZeroedUserPage(k) : allocUserCopy(k, from);
  if (page === 0) {
    putPage(k, old);
    return "oom";
  }
  // Getting a page may have pushed the old one out to swap.
  if (readPte(k, fault.ptep) === entry) {
    if (pageAnon(k, old)) addMm(k.memory.u32, fault.mm, "anon_rss", -1);
    if (reserved) addMm(k.memory.u32, fault.mm, "rss", 1);
    else pageRemoveRmap(k, old);
    const to = pageToPfn(k, page);
    k.events?.push({ kind: "cow-copied", address: fault.address, from, to });
    installPte(k, fault, "cow-copy", writtenPte(k, fault.vma, to), to);
    flushTlbPage(k, fault.mm, fault.address);
    adoptAnonPage(k, fault, page);
    putPage(k, old);
  } else {
    putPage(k, page);
  }
  putPage(k, old);
  return "minor";
}
