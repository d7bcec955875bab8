// What must hold between page tables, pages and counters after every operation.
// Theory:     each counter says something that can be counted: mapcount is the number of entries that map the page, rss the number of
//             entries of an address space that map a counted page. So everything is counted again from the page tables alone.
// Source:     domain 8.8; Linux 2.6.11 mm/rmap.c, mm/memory.c (where the counters change)
import { flagMask, PAGE_MAPPING_ANON } from "../constants";
import type { Finding } from "../finding";
import { pfnToPage } from "../frames";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { VM_SHARED } from "../mm/flags";
import { getMm, getVma, linearPageIndex } from "../mm/vma";
import { walkVmas } from "../mm/walk-vmas";
import { ptePfn, ptePresent, pteWrite } from "../mmu/pte";
import { pageAnon, pageCount, pageIndex, pageMapcount, pageMapping, testPageFlag } from "../page-fields";
import { readPageState } from "../page-state";
import { page as pageStruct } from "../structs";
import { getTask, taskList } from "./task";
import { addressSpaces, eachUserEntry } from "./user-entries";
import { peekZeroPfn } from "./zero-page";

const RESERVED = flagMask("PG_reserved");
/** More of one kind says nothing new. */
const MOST = 20;

/** Every rule that is broken; empty when all is well. Linear in pages and page tables; never throws. */
export function checkFault(k: Kernel): Finding[] {
  const findings: Finding[] = [];
  const mapped = new Int32Array(k.pages);
  const spaces = addressSpaces(k);
  let tables = 0;
  for (const mm of spaces) tables += checkSpace(k, mm, mapped, findings);
  const stored = readPageState(k, "nr_page_table_pages");
  if (stored !== tables) findings.push({ rule: "nr-page-table-pages", args: { stored, counted: tables } });
  checkPages(k, mapped, findings);
  checkUsers(k, spaces, findings);
  return findings.slice(0, MOST * 4);
}

function checkSpace(k: Kernel, mm: Addr, mapped: Int32Array, findings: Finding[]): number {
  const w = k.memory.u32;
  const areas = walkVmas(k, mm);
  const zero = peekZeroPfn(k);
  let area = 0;
  let rss = 0;
  let anonRss = 0;
  let told = 0;
  const tell = (rule: string, args: Finding["args"]) => {
    if (told++ < MOST) findings.push({ rule, args });
  };
  const tables = eachUserEntry(k, mm, (address, pte) => {
    while (area < areas.length && getVma(w, areas[area]!, "vm_end") <= address) area++;
    const vma = area < areas.length && getVma(w, areas[area]!, "vm_start") <= address ? areas[area]! : 0;
    if (vma === 0) tell("pte-outside-vma", { mm, address });
    if (!ptePresent(pte)) return;
    const pfn = ptePfn(k, pte);
    const page = pfnToPage(k, pfn);
    if (pfn === zero && pteWrite(pte)) tell("zero-page-writable", { mm, address, pfn });
    if (page === 0 || testPageFlag(k, page, "PG_reserved")) return;
    mapped[pfn]! += 1;
    rss++;
    if (pageAnon(k, page)) {
      anonRss++;
      if (vma !== 0 && !foundAgain(k, page, vma, address)) tell("rmap-lost", { mm, address, pfn });
    }
    const isPrivate = vma !== 0 && (getVma(w, vma, "vm_flags") & VM_SHARED) === 0;
    if (isPrivate && pteWrite(pte)) {
      if (pageMapcount(k, page) > 1) tell("shared-writable", { mm, address, pfn, mapcount: pageMapcount(k, page) });
      if (!pageAnon(k, page)) tell("private-file-writable", { mm, address, pfn });
    }
  });
  const counters = { rss, anon_rss: anonRss, nr_ptes: tables };
  for (const field of ["rss", "anon_rss", "nr_ptes"] as const)
    if (getMm(w, mm, field) !== counters[field])
      findings.push({ rule: "mm-counter", args: { mm, field, stored: getMm(w, mm, field), counted: counters[field] } });
  return tables;
}

/** The reverse map leads from an anonymous page to this entry: same anon_vma, and the index belongs to the address. */
function foundAgain(k: Kernel, page: Addr, vma: Addr, address: number): boolean {
  const w = k.memory.u32;
  return (
    getVma(w, vma, "anon_vma") === pageMapping(k, page) - PAGE_MAPPING_ANON &&
    linearPageIndex(w, vma, address) === pageIndex(k, page)
  );
}

function checkPages(k: Kernel, mapped: Int32Array, findings: Finding[]): void {
  let nrMapped = 0;
  let told = 0;
  for (let pfn = 0; pfn < k.pages; pfn++) {
    const page = k.memMap + pfn * pageStruct.size;
    const mapcount = pageMapcount(k, page);
    if (mapcount > 0) nrMapped++;
    if (mapcount === 0 && mapped[pfn] === 0) continue;
    if (told >= MOST) continue;
    if (mapcount !== mapped[pfn]) {
      findings.push({ rule: "mapcount", args: { pfn, stored: mapcount, counted: mapped[pfn]! } });
      told++;
    }
    const least = mapcount + cacheReferences(k, page);
    if (pageCount(k, page) < least) {
      findings.push({ rule: "count-below-mapcount", args: { pfn, count: pageCount(k, page), least } });
      told++;
    }
  }
  const stored = readPageState(k, "nr_mapped");
  if (stored !== nrMapped) findings.push({ rule: "nr-mapped", args: { stored, counted: nrMapped } });
}

/** The swap cache holds a page once, and so does a file's page cache; buffers on a page hold it once more. */
function cacheReferences(k: Kernel, page: Addr): number {
  if ((k.memory.u32[(page + pageStruct.offset.flags) >>> 2]! & RESERVED) !== 0) return 0;
  const buffers = testPageFlag(k, page, "PG_private") ? 1 : 0;
  if (testPageFlag(k, page, "PG_swapcache")) return 1 + buffers;
  return buffers + (!pageAnon(k, page) && pageMapping(k, page) !== 0 ? 1 : 0);
}

/** Each address space has as many users as tasks point to it. */
function checkUsers(k: Kernel, spaces: readonly Addr[], findings: Finding[]): void {
  const w = k.memory.u32;
  const tasks = taskList(k);
  for (const mm of spaces) {
    const counted = tasks.filter((task) => getTask(w, task, "mm") === mm).length;
    const stored = getMm(w, mm, "mm_users");
    if (stored !== counted) findings.push({ rule: "mm-users", args: { mm, stored, counted } });
  }
}
