// What an address space takes of memory, divided among those who share: the sums of /proc/<pid>/smaps.
// Theory:     rss counts every page in full for everybody who maps it. Pss gives each of n sharers an n-th of a page, so the Pss of all
//             processes add up to the memory they use.
// Source:     Linux 2.6.14 fs/proc/task_mmu.c (smaps_pte_range), 2.6.25 the same (Pss); 2.6.11 has neither
// Simplified: no swap and no huge pages. Whole address spaces instead of areas.
import { PAGE_SIZE } from "../constants";
import { pfnToPage } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { pteDirty, ptePfn, ptePresent } from "../mmu/pte";
import { pageAnon, pageMapcount, testPageFlag } from "../page-fields";
import { eachUserEntry } from "./user-entries";

/** In KiB. */
export interface Smaps {
  readonly rss: number;
  readonly pss: number;
  readonly sharedClean: number;
  readonly sharedDirty: number;
  readonly privateClean: number;
  readonly privateDirty: number;
  readonly anonymous: number;
}

/** Shares are kept in 4096ths of a byte, as the kernel does, so that a page among three loses nothing visible. */
const PSS_UNIT = 4096;

/** The sums over all pages of the address space; the page of zeros and other reserved pages do not count. */
export function smaps(k: Kernel, mm: Addr): Smaps {
  const pages = { sharedClean: 0, sharedDirty: 0, privateClean: 0, privateDirty: 0, anonymous: 0, rss: 0 };
  let pss = 0;
  eachUserEntry(k, mm, (_address, pte) => {
    const page = ptePresent(pte) ? pfnToPage(k, ptePfn(k, pte)) : 0;
    if (page === 0 || testPageFlag(k, page, "PG_reserved")) return;
    const dirty = pteDirty(pte) || testPageFlag(k, page, "PG_dirty");
    const mapcount = Math.max(1, pageMapcount(k, page));
    if (mapcount > 1) pages[dirty ? "sharedDirty" : "sharedClean"]++;
    else pages[dirty ? "privateDirty" : "privateClean"]++;
    if (pageAnon(k, page)) pages.anonymous++;
    pages.rss++;
    pss += Math.floor((PAGE_SIZE * PSS_UNIT) / mapcount);
  });
  const kib = (count: number) => (count * PAGE_SIZE) / 1024;
  return {
    rss: kib(pages.rss),
    pss: Math.floor(pss / PSS_UNIT / 1024),
    sharedClean: kib(pages.sharedClean),
    sharedDirty: kib(pages.sharedDirty),
    privateClean: kib(pages.privateClean),
    privateDirty: kib(pages.privateDirty),
    anonymous: kib(pages.anonymous),
  };
}
