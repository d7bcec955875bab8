// Swap areas: swapon and swapoff.
// Theory:     an area is a device with a valid header, an array of counters in memory (one a slot), and a priority. The list of areas is
//             sorted by priority; an area goes before its equals. To switch one off, every page in it is brought back first.
// Source:     Linux 2.6.11 mm/swapfile.c (sys_swapon, sys_swapoff); Gorman 11.4, 11.5
// Simplified: no extents.
import { CAP_SYS_ADMIN } from "../capabilities";
import { PAGE_SIZE } from "../constants";
import { current } from "../current";
import { EBUSY, EINVAL, ENOMEM, EPERM } from "../errno";
import type { Kernel } from "../kernel";
import type { Addr } from "../machine";
import { capable } from "../mm/limits";
import { pteFormat } from "../mmu/pte";
import { taskStruct } from "../structs-mm";
import { PF_SWAPOFF } from "../task-flags";
import { vfree, vmalloc } from "../vmalloc/vmalloc";
import { createDevice, deviceAt, devicePages } from "./device";
import { mkswap, parseSwapHeader, type SwapHeader } from "./header";
import { MAX_SWAPFILES, SWAP_MAP_BAD, SWP_ACTIVE, SWP_USED, SWP_WRITEOK, swapInfo, swapList } from "./structs";
import { swapInfoAt, swapVar, writeSlot } from "./swap-data";
import { tryToUnuse } from "./unuse";

const field = (si: Addr, name: keyof typeof swapInfo.fields): number => (si + swapInfo.offset[name]) >>> 2;

export interface SwaponOptions {
  /** 0..32767; absent: one below all automatic ones so far (-1, -2, ...). */
  readonly prio?: number;
}

/**
 * Starts to use a device that mkswap has prepared.
 * @returns the number of the area (the kernel: 0), or -EPERM (also when all 32 are in use), -EBUSY, -EINVAL, -ENOMEM.
 */
export function swapon(k: Kernel, device: Addr, options: SwaponOptions = {}): number {
  const { i32, u32 } = k.memory;
  if (!capable(k, CAP_SYS_ADMIN)) return refuse(k, "swapon", -1, EPERM);
  const nr = u32[swapVar(k, "nr_swapfiles") >>> 2]!;
  let type = 0;
  while (type < nr && (u32[field(swapInfoAt(k, type), "flags")]! & SWP_USED) !== 0) type++;
  if (type >= MAX_SWAPFILES) return refuse(k, "swapon", -1, EPERM);
  for (let other = 0; other < nr; other++) {
    const si = swapInfoAt(k, other);
    if ((u32[field(si, "flags")]! & SWP_USED) !== 0 && u32[field(si, "swap_file")] === device)
      return refuse(k, "swapon", other, EBUSY);
  }
  const page = deviceAt(k, device, 0);
  const header = parseSwapHeader(k.memory.u8.subarray(page, page + PAGE_SIZE), devicePages(k, device), pteFormat(k));
  if (typeof header === "string") return refuse(k, "swapon", type, EINVAL);
  const map = vmalloc(k, header.max * 2);
  if (map === 0) return refuse(k, "swapon", type, ENOMEM);
  const si = swapInfoAt(k, type);
  u32.fill(0, si >>> 2, (si + swapInfo.size) >>> 2);
  if (type >= nr) u32[swapVar(k, "nr_swapfiles") >>> 2] = type + 1;
  const least = swapVar(k, "least_priority") >>> 2;
  i32[field(si, "prio")] = options.prio ?? --i32[least]!;
  u32[field(si, "swap_file")] = device;
  u32[field(si, "swap_map")] = map;
  fillMap(k, si, header);
  u32[field(si, "flags")] = SWP_ACTIVE;
  addPages(k, header.pages);
  insertArea(k, type);
  if (k.events !== null)
    k.events.push({ kind: "swap-on", type, prio: i32[field(si, "prio")]!, pages: header.pages, max: header.max });
  return type;
}

/** A new disk of so many pages with a header, in use at once. @returns as `swapon`. */
export function addSwap(
  k: Kernel,
  pages: number,
  options: SwaponOptions & { badPages?: readonly number[] } = {},
): number {
  const device = createDevice(k, pages);
  const page = deviceAt(k, device, 0);
  mkswap(k.memory.u8.subarray(page, page + PAGE_SIZE), pages, options.badPages);
  return swapon(k, device, options);
}

/**
 * Brings every page of the area back and stops using it.
 * @returns 0; -EPERM, -EINVAL (no such area); -ENOMEM or -EINTR: then it is in use as before.
 */
export function swapoff(k: Kernel, type: number): number {
  const { u32 } = k.memory;
  if (!capable(k, CAP_SYS_ADMIN)) return refuse(k, "swapoff", type, EPERM);
  const si = type >= 0 && type < MAX_SWAPFILES ? swapInfoAt(k, type) : 0;
  if (si === 0 || (u32[field(si, "flags")]! & SWP_ACTIVE) !== SWP_ACTIVE) return refuse(k, "swapoff", type, EINVAL);
  const pages = u32[field(si, "pages")]!;
  if (k.ops.vmEnoughMemory(k, pages) !== 0) return refuse(k, "swapoff", type, ENOMEM);
  k.ops.vmUnacctMemory(k, pages);
  removeArea(k, type);
  addPages(k, -pages);
  u32[field(si, "flags")]! &= ~SWP_WRITEOK;
  if (k.events !== null) k.events.push({ kind: "swap-off-start", type, inuse: u32[field(si, "inuse_pages")]! });
  const task = current(k);
  const flags = (task + taskStruct.offset.flags) >>> 2;
  if (task !== 0) k.memory.u32[flags]! |= PF_SWAPOFF;
  const error = tryToUnuse(k, type);
  if (task !== 0) k.memory.u32[flags]! &= ~PF_SWAPOFF;
  if (error !== 0) {
    insertArea(k, type);
    addPages(k, pages);
    k.memory.u32[field(si, "flags")]! |= SWP_WRITEOK;
    return refuse(k, "swapoff", type, -error);
  }
  const map = k.memory.u32[field(si, "swap_map")]!;
  for (const name of ["swap_file", "max", "swap_map", "flags"] as const) k.memory.u32[field(si, name)] = 0;
  vfree(k, map);
  if (k.events !== null) k.events.push({ kind: "swap-off", type });
  return 0;
}

function refuse(k: Kernel, call: "swapon" | "swapoff", type: number, errno: number): number {
  if (k.events !== null) k.events.push({ kind: "swap-refused", call, type, errno });
  return -errno;
}

function addPages(k: Kernel, pages: number): void {
  k.memory.i32[swapVar(k, "nr_swap_pages") >>> 2]! += pages;
  k.memory.i32[swapVar(k, "total_swap_pages") >>> 2]! += pages;
}

function fillMap(k: Kernel, si: Addr, { max, pages, badPages }: SwapHeader): void {
  const { u32 } = k.memory;
  u32[field(si, "lowest_bit")] = 1;
  u32[field(si, "highest_bit")] = max - 1;
  u32[field(si, "max")] = max;
  u32[field(si, "pages")] = pages;
  writeSlot(k, si, 0, SWAP_MAP_BAD);
  for (const bad of badPages) writeSlot(k, si, bad, SWAP_MAP_BAD);
}

/** Into the list, before the first area whose priority is not higher. */
function insertArea(k: Kernel, type: number): void {
  const { i32 } = k.memory;
  const list = swapVar(k, "swap_list");
  const prio = (at: number) => i32[field(swapInfoAt(k, at), "prio")]!;
  let link = (list + swapList.offset.head) >>> 2;
  while (i32[link]! >= 0 && prio(type) < prio(i32[link]!)) link = field(swapInfoAt(k, i32[link]!), "next");
  i32[field(swapInfoAt(k, type), "next")] = i32[link]!;
  i32[link] = type;
  if (link === (list + swapList.offset.head) >>> 2) i32[(list + swapList.offset.next) >>> 2] = type;
}

function removeArea(k: Kernel, type: number): void {
  const { i32 } = k.memory;
  const list = swapVar(k, "swap_list");
  const head = (list + swapList.offset.head) >>> 2;
  const next = (list + swapList.offset.next) >>> 2;
  let link = head;
  while (i32[link]! >= 0 && i32[link] !== type) link = field(swapInfoAt(k, i32[link]!), "next");
  if (i32[link] === type) i32[link] = i32[field(swapInfoAt(k, type), "next")]!;
  if (i32[next] === type) i32[next] = i32[head]!;
}
