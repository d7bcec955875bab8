// At which kernel address a page of memory is mapped.
// Theory:     low memory has one address for ever. A mapped page of high memory is found through a hash of 128 lists; their nodes
//             come from a pool with one for each pkmap entry, so remembering an address never needs memory.
// Source:     Linux 2.6.11 mm/highmem.c (page_address, set_page_address, page_address_init), linux/hash.h; domain 5.6; Gorman 9.2
import { PAGE_SIZE } from "../constants";
import { PAGE_OFFSET, pageToPfn } from "../frames";
import type { Kernel } from "../kernel";
import { KernelBug } from "../kernel-bug";
import { kernelData } from "../kernel-data";
import { listAddTail, listDel, listEmpty, listInit } from "../list";
import type { Addr } from "../machine";
import { highmemData, MAX_PKMAP, PA_HASH_ORDER, pageAddressMap } from "./structs";

const HIGHMEM = kernelData.offset.highmem;
const LIST = pageAddressMap.offset.list;
const SLOTS = 1 << PA_HASH_ORDER;
const GOLDEN_RATIO_PRIME_32 = 0x9e370001;

/** Machine address of a variable of `highmem_data`. */
export function highmemAddr(k: Kernel, field: keyof typeof highmemData.offset): Addr {
  return k.data + HIGHMEM + highmemData.offset[field];
}

/** Empty hash, full pool. */
export function initPageAddress(k: Kernel): void {
  const w = k.memory.u32;
  const pool = highmemAddr(k, "page_address_pool");
  listInit(w, pool);
  for (let slot = 0; slot < SLOTS; slot++) listInit(w, slotAt(k, slot));
  const maps = highmemAddr(k, "page_address_maps");
  for (let index = 0; index < MAX_PKMAP; index++) listAddTail(w, maps + index * pageAddressMap.size + LIST, pool);
}

export function isHighmem(k: Kernel, page: Addr): boolean {
  return pageToPfn(k, page) >= k.lowPages;
}

/** page_address: kernel virtual address of a page, 0 for a page of high memory that is not mapped. */
export function pageAddress(k: Kernel, page: Addr): number {
  if (!isHighmem(k, page)) return PAGE_OFFSET + pageToPfn(k, page) * PAGE_SIZE;
  const node = findNode(k, page);
  return node === 0 ? 0 : k.memory.u32[(node + pageAddressMap.offset.virtual) >>> 2]!;
}

/** set_page_address of a page of high memory; 0 forgets it. @throws KernelBug `page-address-pool` if the pool is empty. */
export function setPageAddress(k: Kernel, page: Addr, virtual: number): void {
  const w = k.memory.u32;
  const pool = highmemAddr(k, "page_address_pool");
  if (virtual === 0) {
    const node = findNode(k, page);
    if (node === 0) return;
    listDel(w, node + LIST);
    listAddTail(w, node + LIST, pool);
    return;
  }
  if (listEmpty(w, pool)) throw new KernelBug("page-address-pool", { page });
  const node = w[pool >>> 2]! - LIST;
  listDel(w, node + LIST);
  w[(node + pageAddressMap.offset.page) >>> 2] = page;
  w[(node + pageAddressMap.offset.virtual) >>> 2] = virtual;
  listAddTail(w, node + LIST, slotAt(k, hash(page)));
}

/** Node of the page in its list; ends after as many steps as there are nodes. */
function findNode(k: Kernel, page: Addr): Addr {
  const w = k.memory.u32;
  const head = slotAt(k, hash(page));
  let link = w[head >>> 2]!;
  for (let steps = 0; link !== head && steps < MAX_PKMAP; steps++, link = w[link >>> 2]!)
    if (w[(link - LIST + pageAddressMap.offset.page) >>> 2] === page) return link - LIST;
  return 0;
}

function slotAt(k: Kernel, slot: number): Addr {
  return highmemAddr(k, "page_address_htable") + slot * 8;
}

function hash(page: Addr): number {
  return (Math.imul(page, GOLDEN_RATIO_PRIME_32) >>> 0) >>> (32 - PA_HASH_ORDER);
}
