// What is always true of the kernel's own mappings. Source: domain 5.8.
import { PAGE_SIZE } from "../constants";
import type { Finding } from "../finding";
import { pfnToPage } from "../frames";
import type { Kernel } from "../kernel";
import { lastPkmap, pkmapAddr, pkmapCount } from "./kmap";
import { areasOf, masterPfn, pagesOfArea } from "./observe-vmalloc";
import { pageAddress } from "./page-address";
import { vmallocRangeOf } from "./range";
import { getArea } from "./vm-area";

/** Every broken rule with its place. Never throws, always ends. */
export function checkVmalloc(k: Kernel): Finding[] {
  const findings: Finding[] = [];
  checkAreas(k, findings);
  checkPkmap(k, findings);
  return findings;
}

function checkAreas(k: Kernel, findings: Finding[]): void {
  const { start, end } = vmallocRangeOf(k);
  let before = 0;
  for (const area of areasOf(k, findings)) {
    const [addr, size] = [getArea(k, area, "addr"), getArea(k, area, "size")];
    if (addr < before) findings.push({ rule: "vm-area-order", args: { address: addr, before } });
    before = addr + size;
    if (addr < start || addr + size > end || (addr | size) % PAGE_SIZE !== 0)
      findings.push({ rule: "vm-area-range", args: { address: addr, size } });
    else checkMapping(k, addr, pagesOfArea(k, area), findings);
  }
}

function checkMapping(k: Kernel, addr: number, pages: number, findings: Finding[]): void {
  let mapped = 0;
  for (let index = 0; index < pages; index++) if (masterPfn(k, addr + index * PAGE_SIZE) !== null) mapped++;
  if (mapped !== pages || pages === 0) findings.push({ rule: "vm-area-ptes", args: { address: addr, pages, mapped } });
  if (masterPfn(k, addr + pages * PAGE_SIZE) !== null)
    findings.push({ rule: "vm-area-guard", args: { address: addr + pages * PAGE_SIZE } });
}

function checkPkmap(k: Kernel, findings: Finding[]): void {
  const entryOf = new Map<number, number>();
  for (let entry = 0; entry < lastPkmap(k); entry++) {
    const count = pkmapCount(k, entry);
    const pfn = masterPfn(k, pkmapAddr(k, entry));
    if (count < 0 || (count === 0) !== (pfn === null)) findings.push({ rule: "pkmap-count", args: { entry, count } });
    if (pfn === null) continue;
    const other = entryOf.get(pfn);
    if (other !== undefined) findings.push({ rule: "pkmap-twice", args: { pfn, entry, other } });
    entryOf.set(pfn, entry);
    const page = pfnToPage(k, pfn);
    if (page === 0 || pageAddress(k, page) !== pkmapAddr(k, entry))
      findings.push({ rule: "pkmap-address", args: { pfn, entry } });
  }
}
