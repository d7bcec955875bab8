// vmalloc: memory that is contiguous in kernel addresses but made of single pages from anywhere.
// Theory:     a place in the vmalloc range, pages one by one (from high memory first), and an entry for each in the master page table.
//             Nothing has to be flushed: what was not there cannot be in the TLB. Giving it back is dear: every entry is cleared and
//             the whole TLB, global entries too, is flushed.
// Source:     Linux 2.6.11 mm/vmalloc.c (__vmalloc, vmalloc, vmalloc_32, vmap, __vunmap, vfree, vunmap, map_vm_area,
//             unmap_vm_area); domain 5.4; Gorman 7.2-7.3
// Simplified: whether the page array came from vmalloc is decided by its address; 2.6.11 decides by the number of pages and
//             misjudges an array whose pages ran out half-way.
import { PAGE_SIZE } from "../constants";
import { frameAt, machineAddress, pageToPfn, virtOf } from "../frames";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import type { Addr } from "../machine";
import { flushTlbKernelRange } from "../mmu/flush";
import { pteAllocKernel, pteLookup, swapperPgDir } from "../mmu/pgtable";
import { mkPte, PAGE_KERNEL, pteNone, ptePfn, readPte, writePte } from "../mmu/pte";
import { kfree, kmalloc } from "../slab/kmalloc";
import { allocPages, freePages } from "../zones/alloc-pages";
import { __GFP_HIGHMEM, GFP_KERNEL } from "../zones/gfp";
import { vmallocRangeOf } from "./range";
import { findVmArea, getArea, getVmAreaFor, setArea, unlinkVmArea, VM_ALLOC, VM_MAP } from "./vm-area";

/** Kernel virtual address of at least `bytes` bytes, 0 when there is no place or no memory. */
export function vmalloc(k: Kernel, bytes: number): number {
  return vmallocWith(k, bytes, GFP_KERNEL | __GFP_HIGHMEM, PAGE_KERNEL);
}

/** As `vmalloc`, from low memory only. */
export function vmalloc32(k: Kernel, bytes: number): number {
  return vmallocWith(k, bytes, GFP_KERNEL, PAGE_KERNEL);
}

/** __vmalloc */
function vmallocWith(k: Kernel, bytes: number, gfp: number, prot: number): number {
  const size = Math.ceil(bytes / PAGE_SIZE) * PAGE_SIZE;
  const count = size / PAGE_SIZE;
  if (size <= 0 || count > k.pages) return fail(k, bytes, "size");
  const area = getVmAreaFor(k, size, VM_ALLOC);
  if (area === 0) return fail(k, bytes, "range");
  setArea(k, area, "nr_pages", count);
  const pages = allocPageArray(k, count * 4, gfp, prot);
  setArea(k, area, "pages", pages);
  if (pages === 0) {
    unlinkVmArea(k, area);
    kfree(k, area);
    return fail(k, bytes, "memory");
  }
  const addr = getArea(k, area, "addr");
  for (let index = 0; index < count; index++) {
    const page = allocPages(k, gfp, 0);
    if (page === 0) {
      setArea(k, area, "nr_pages", index);
      vfree(k, addr);
      return fail(k, bytes, "memory");
    }
    k.memory.u32[pageSlot(k, pages, index) >>> 2] = page;
  }
  if (!mapVmArea(k, area, prot, (index) => k.memory.u32[pageSlot(k, pages, index) >>> 2]!)) {
    vfree(k, addr);
    return fail(k, bytes, "memory");
  }
  k.events?.push({ kind: "vmalloc", addr, pages: count, array: inVmallocRange(k, pages) ? "vmalloc" : "kmalloc" });
  return addr;
}

/** Maps given pages one after the other; 0 when there is no place or no memory for tables. They stay the caller's. */
export function vmap(k: Kernel, pages: readonly Addr[], prot = PAGE_KERNEL): number {
  const bytes = pages.length * PAGE_SIZE;
  if (pages.length === 0 || pages.length > k.pages) return fail(k, bytes, "size");
  const area = getVmAreaFor(k, bytes, VM_MAP);
  if (area === 0) return fail(k, bytes, "range");
  const addr = getArea(k, area, "addr");
  if (!mapVmArea(k, area, prot, (index) => pages[index]!)) {
    vunmap(k, addr);
    return fail(k, bytes, "memory");
  }
  k.events?.push({ kind: "vmap", addr, pages: pages.length });
  return addr;
}

/** Gives vmalloc's memory back: pages, their array, the area. 0 is allowed; an address that starts no area is refused. */
export function vfree(k: Kernel, addr: number): void {
  const area = removeVmArea(k, addr, "pages too");
  if (area === 0) return;
  const pages = getArea(k, area, "pages");
  const count = getArea(k, area, "nr_pages");
  for (let index = 0; index < count; index++) freePages(k, k.memory.u32[pageSlot(k, pages, index) >>> 2]!, 0);
  if (inVmallocRange(k, pages)) vfree(k, pages);
  else kfree(k, machineAddress(k, pages));
  kfree(k, area);
}

/** Ends a mapping of vmap; the pages stay. */
export function vunmap(k: Kernel, addr: number): void {
  const area = removeVmArea(k, addr, "mapping only");
  if (area !== 0) kfree(k, area);
}

/** Machine address of a byte at a kernel virtual address of low memory or vmalloc; 0 if nothing is mapped there. */
export function kernelAddress(k: Kernel, virt: number): Addr {
  if (!inVmallocRange(k, virt)) return machineAddress(k, virt);
  const ptep = pteLookup(k, swapperPgDir(k), virt);
  const pte = ptep === 0 ? 0 : readPte(k, ptep);
  return pteNone(pte) ? 0 : frameAt(k, ptePfn(k, pte)) + (virt & (PAGE_SIZE - 1));
}

/** Zeroed; more than a page of it comes from vmalloc itself, which ends after one round: 1024 pages need one page of array. */
function allocPageArray(k: Kernel, bytes: number, gfp: number, prot: number): number {
  if (bytes > PAGE_SIZE) {
    const array = vmallocWith(k, bytes, gfp, prot);
    for (let at = array; array !== 0 && at < array + bytes; at += PAGE_SIZE) {
      const machine = kernelAddress(k, at);
      k.memory.u8.fill(0, machine, machine + PAGE_SIZE);
    }
    return array;
  }
  const array = kmalloc(k, bytes, gfp & ~__GFP_HIGHMEM);
  if (array === 0) return 0;
  k.memory.u8.fill(0, array, array + bytes);
  return virtOf(k, array);
}

function pageSlot(k: Kernel, pages: number, index: number): Addr {
  return kernelAddress(k, pages + index * 4);
}

/** Entries in the master for all but the guard page; false when a table page is not to be had. */
function mapVmArea(k: Kernel, area: Addr, prot: number, pageAt: (index: number) => Addr): boolean {
  const addr = getArea(k, area, "addr");
  const count = getArea(k, area, "size") / PAGE_SIZE - 1;
  for (let index = 0; index < count; index++) {
    const ptep = pteAllocKernel(k, addr + index * PAGE_SIZE);
    if (ptep === 0) return false;
    if (!pteNone(readPte(k, ptep))) throw new KernelBug("vmalloc-mapped", { address: addr + index * PAGE_SIZE });
    writePte(k, ptep, mkPte(k, pageToPfn(k, pageAt(index)), prot));
  }
  return true;
}

/** Unmaps an area and takes it out of the list; 0, and a complaint, if the address starts none. */
function removeVmArea(k: Kernel, addr: number, what: "pages too" | "mapping only"): Addr {
  if (addr === 0) return 0;
  const misaligned = addr % PAGE_SIZE !== 0;
  const area = misaligned ? 0 : findVmArea(k, addr);
  if (area === 0) {
    k.events?.push({ kind: "vfree-refused", addr, reason: misaligned ? "misaligned" : "unknown" });
    return 0;
  }
  const size = getArea(k, area, "size");
  let ptes = 0;
  for (let at = addr; at < addr + size; at += PAGE_SIZE) {
    const ptep = pteLookup(k, swapperPgDir(k), at);
    if (ptep === 0 || pteNone(readPte(k, ptep))) continue;
    writePte(k, ptep, 0);
    ptes++;
  }
  flushTlbKernelRange(k, addr, addr + size);
  unlinkVmArea(k, area);
  k.events?.push({ kind: "vfree", addr, ptes, freed: what === "pages too" ? getArea(k, area, "nr_pages") : 0 });
  return area;
}

function inVmallocRange(k: Kernel, virt: number): boolean {
  return virt >= vmallocRangeOf(k).start;
}

function fail(k: Kernel, bytes: number, reason: "size" | "range" | "memory"): 0 {
  k.events?.push({ kind: "vmalloc-failed", bytes, reason });
  return 0;
}
