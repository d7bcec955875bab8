// Emptying a swap area: every page in it is brought back and given to all who refer to its slot.
// Theory:     a slot does not know who refers to it. So for each slot in use the page is read into the swap cache, then all address
//             spaces that may hold swap entries are searched, and the tables of tmpfs files, until only the cache refers to the slot.
//             The search starts where the last one had success: neighbours in swap mostly belong to one process. That address space
//             is held until the next success, because bringing a page back may end with somebody being killed for memory.
// Source:     Linux 2.6.11 mm/swapfile.c (try_to_unuse, find_next_to_unuse, unuse_process, unuse_vma, unuse_pte)
// Simplified: nobody writes meanwhile, and nobody exits but those whom the OOM killer chooses.
import { waitOnPageWriteback } from "../cache/block-io";
import { lockPage, unlockPage } from "../cache/page-cache";
import { PAGE_MAPPING_ANON, PAGE_SIZE } from "../constants";
import { current } from "../current";
import { EINTR, ENOMEM } from "../errno";
import { mmget, mmput } from "../fault/mmput";
import { faultData } from "../fault/structs";
import { pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { addMm, getMm, getVma } from "../mm/vma";
import { pteLookup } from "../mmu/pgtable";
import { mkPte, pteMkold, readPte, swpEntryToPte, writePte } from "../mmu/pte";
import { getPage, pageMapping, setPageFlag, testPageFlag } from "../page-fields";
import { activatePage, putPage } from "../reclaim/lru";
import { pageAddAnonRmap, vmaAddress } from "../rmap";
import { shmemUnuse } from "../shmem/unuse";
import { mmStruct, taskStruct } from "../structs-mm";
import { TIF_SIGPENDING } from "../task-flags";
import { type SwapEntry, swpEntry, swpOffset, swpType } from "./entry";
import { swapDuplicate, swapFree } from "./slots";
import { SWAP_MAP_BAD, SWAP_MAP_MAX, swapInfo } from "./structs";
import { readSlot, swapInfoAt, swapVar, writeSlot } from "./swap-data";
import { deleteFromSwapCache, readSwapCacheAsync } from "./swap-state";
import { swapWritepage } from "./writepage";

const MMLIST = mmStruct.offset.mmlist;
const ANCHOR = kernelData.offset.fault + faultData.offset.mmlist;

/**
 * Empties the area slot by slot, in cyclic order.
 * @returns 0, -ENOMEM, or -EINTR if the task is being killed; pages that were back already stay back.
 */
export function tryToUnuse(k: Kernel, type: number): number {
  const si = swapInfoAt(k, type);
  let startMm = k.data + ANCHOR;
  let resetOverflow = false;
  let error = 0;
  for (let slot = findNextToUnuse(k, si, 0); slot !== 0; slot = findNextToUnuse(k, si, slot)) {
    if (signalPending(k)) {
      error = -EINTR;
      break;
    }
    const entry = swpEntry(type, slot);
    const page = readSwapCacheAsync(k, entry);
    if (page === 0) {
      if (readSlot(k, si, slot) === 0) continue;
      error = -ENOMEM;
      break;
    }
    if (onlyUser(k, startMm)) startMm = holdInstead(k, startMm, k.data + ANCHOR);
    waitOnPageWriteback(k, page);
    lockPage(k, page);
    if (k.events !== null)
      k.events.push({ kind: "swap-unuse", type, slot, count: readSlot(k, si, slot), pfn: pageToPfn(k, page) });
    const search = { k, si, slot, entry, page, shmem: false };
    startMm = holdInstead(k, startMm, findUsers(search, startMm));
    if (readSlot(k, si, slot) === SWAP_MAP_MAX) {
      writeSlot(k, si, slot, 1);
      resetOverflow = true;
    }
    settle(search);
    putPage(k, page);
  }
  holdInstead(k, startMm, k.data + ANCHOR);
  if (error === 0 && resetOverflow) k.memory.u32[swapVar(k, "swap_overflow") >>> 2] = 0;
  return error;
}

/** The address space of this mmlist link gets one user more, that of the old one loses it; the anchor is nobody's. @returns the new link. */
function holdInstead(k: Kernel, old: Addr, link: Addr): Addr {
  if (link === old) return link;
  const anchor = k.data + ANCHOR;
  if (link !== anchor) mmget(k, link - MMLIST);
  if (old !== anchor) mmput(k, old - MMLIST);
  return link;
}

/** Nobody but this search uses the address space any more: it wants to be gone. */
function onlyUser(k: Kernel, link: Addr): boolean {
  return link !== k.data + ANCHOR && getMm(k.memory.u32, link - MMLIST, "mm_users") === 1;
}

function signalPending(k: Kernel): boolean {
  const task = current(k);
  return task !== 0 && (k.memory.u32[(task + taskStruct.offset.thread_flags) >>> 2]! & TIF_SIGPENDING) !== 0;
}

/** The next slot in use behind `previous`, going round once; 0 if there is none. */
function findNextToUnuse(k: Kernel, si: Addr, previous: number): number {
  const max = k.memory.u32[(si + swapInfo.offset.max) >>> 2]!;
  for (let step = 1; step < max; step++) {
    const slot = 1 + ((previous + step - 1) % (max - 1));
    const count = readSlot(k, si, slot);
    if (count !== 0 && count !== SWAP_MAP_BAD) return slot;
  }
  return 0;
}

interface Search {
  readonly k: Kernel;
  readonly si: Addr;
  readonly slot: number;
  readonly entry: SwapEntry;
  readonly page: Addr;
  /** A tmpfs file referred to the slot. */
  shmem: boolean;
}

/**
 * Goes round the address spaces from `start` on; the anchor of their list stands for the tmpfs files.
 * @param start mmlist link (or anchor). @returns where to start next time.
 */
function findUsers(search: Search, start: Addr): Addr {
  const { k, si, slot } = search;
  const w = k.memory.u32;
  let next = start;
  const before = readSlot(k, si, slot);
  if (before > 1) unuseAt(search, start);
  let setStart = readSlot(k, si, slot) >= before;
  for (let at = w[start >>> 2]!; at !== start && readSlot(k, si, slot) > 1; at = w[at >>> 2]!) {
    const count = readSlot(k, si, slot);
    if (at === k.data + ANCHOR) setStart = true;
    unuseAt(search, at);
    if (setStart && readSlot(k, si, slot) < count) {
      next = at;
      setStart = false;
    }
  }
  return next;
}

function unuseAt(search: Search, link: Addr): void {
  const { k, entry, page } = search;
  if (link === k.data + ANCHOR) search.shmem = shmemUnuse(k, entry, page);
  else unuseProcess(k, link - MMLIST, entry, page);
}

function unuseProcess(k: Kernel, mm: Addr, entry: SwapEntry, page: Addr): void {
  const w = k.memory.u32;
  for (let vma = getMm(w, mm, "mmap"); vma !== 0; vma = getVma(w, vma, "vm_next"))
    if (getVma(w, vma, "anon_vma") !== 0 && unuseVma(k, mm, vma, entry, page)) return;
}

/** @returns whether the area had the entry. */
function unuseVma(k: Kernel, mm: Addr, vma: Addr, entry: SwapEntry, page: Addr): boolean {
  const w = k.memory.u32;
  let address = getVma(w, vma, "vm_start");
  let end = getVma(w, vma, "vm_end");
  if (pageMapping(k, page) !== 0) {
    if (getVma(w, vma, "anon_vma") + PAGE_MAPPING_ANON !== pageMapping(k, page)) return false;
    address = vmaAddress(k, page, vma);
    if (address < 0) return false;
    end = address + PAGE_SIZE;
  }
  const wanted = swpEntryToPte(k, entry);
  for (; address < end; address += PAGE_SIZE) {
    const ptep = pteLookup(k, getMm(w, mm, "pgd"), address);
    if (ptep === 0 || readPte(k, ptep) !== wanted) continue;
    addMm(w, mm, "rss", 1);
    getPage(k, page);
    writePte(k, ptep, pteMkold(mkPte(k, pageToPfn(k, page), getVma(w, vma, "vm_page_prot"))));
    pageAddAnonRmap(k, page, vma, address);
    if (k.events !== null) {
      const [type, slot] = [swpType(entry), swpOffset(entry)];
      k.events.push({ kind: "swap-unuse-pte", type, slot, address, pfn: pageToPfn(k, page) });
    }
    swapFree(k, entry);
    activatePage(k, page);
    return true;
  }
  return false;
}

/** The page leaves the swap cache, dirty and unlocked. */
function settle({ k, si, slot, entry, page, shmem }: Search): void {
  const cached = testPageFlag(k, page, "PG_swapcache");
  if (readSlot(k, si, slot) > 1 && cached && testPageFlag(k, page, "PG_dirty")) {
    swapWritepage(k, page);
    waitOnPageWriteback(k, page);
    lockPage(k, page);
  }
  // shmemUnuse took the page out already, unless it had no memory to: then the reference that it dropped comes back.
  if (testPageFlag(k, page, "PG_swapcache")) {
    if (shmem) swapDuplicate(k, entry);
    else deleteFromSwapCache(k, page);
  }
  setPageFlag(k, page, "PG_dirty");
  unlockPage(k, page);
}
