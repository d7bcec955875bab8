// Moving pages between frames and slots.
// Theory:     slot n of an area is page n of its device. A page that is read stays locked until the data are there; a page that is
//             written carries PG_writeback instead, so that it can be used meanwhile.
// Source:     Linux 2.6.11 mm/page_io.c (swap_readpage, swap_writepage, end_swap_bio_read, end_swap_bio_write)
// Simplified: as in cache/block-io.ts: a read is done when it returns, a write takes the data over when it starts.
import { submitRead } from "../cache/block-io";
import { unlockPage } from "../cache/page-cache";
import { pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import type { Addr } from "../machine";
import { clearPageFlag, pagePrivate, setPageFlag, testPageFlag } from "../page-fields";
import { pageState } from "../structs";
import { readDevice, writeDevice } from "./device";
import { swpOffset, swpType } from "./entry";
import { swapInfo } from "./structs";
import { swapInfoAt } from "./swap-data";

const PSWPIN = pageState.offset.pswpin >>> 2;
const PSWPOUT = pageState.offset.pswpout >>> 2;

function deviceOf(k: Kernel, entry: number): Addr {
  return k.memory.u32[(swapInfoAt(k, swpType(entry)) + swapInfo.offset.swap_file) >>> 2]!;
}

/** Fills a locked page of the swap cache from its slot and unlocks it. @throws KernelBug for an unlocked page. */
export function swapReadpage(k: Kernel, page: Addr): void {
  if (!testPageFlag(k, page, "PG_locked")) throw new KernelBug("page-not-locked", { pfn: pageToPfn(k, page) });
  const entry = pagePrivate(k, page);
  const pfn = pageToPfn(k, page);
  clearPageFlag(k, page, "PG_uptodate");
  k.memory.u32[(k.pageState >>> 2) + PSWPIN]! += 1;
  if (k.events !== null) k.events.push({ kind: "swap-read", pfn, type: swpType(entry), slot: swpOffset(entry) });
  readDevice(k, deviceOf(k, entry), swpOffset(entry), pfn);
  submitRead(k, page);
  setPageFlag(k, page, "PG_uptodate");
  unlockPage(k, page);
}

/** Copies a page of the swap cache to its slot. The caller has marked it as under writeback and ends that. */
export function swapTransfer(k: Kernel, page: Addr): void {
  const entry = pagePrivate(k, page);
  const pfn = pageToPfn(k, page);
  k.memory.u32[(k.pageState >>> 2) + PSWPOUT]! += 1;
  if (k.events !== null) k.events.push({ kind: "swap-write", pfn, type: swpType(entry), slot: swpOffset(entry) });
  writeDevice(k, deviceOf(k, entry), swpOffset(entry), pfn);
}
