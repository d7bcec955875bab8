// From the BIOS's memory map to a running page allocator.
// Theory:     each step lives on what the one before left: the image brings its first page tables, the map says where RAM is, a bitmap
//             behind the tables hands out memory by the page, from it come the kernel's tables and mem_map, and mem_map makes the
//             page allocator possible, which takes everything that is left.
// Source:     Linux 2.6.11 arch/i386/kernel/head.S, arch/i386/kernel/setup.c (setup_memory, register_bootmem_low_pages,
//             zone_sizes_init), arch/i386/mm/init.c (paging_init, mem_init, free_initmem), mm/page_alloc.c (free_area_init_node,
//             free_area_init_core); Gorman 2.1-2.4, 3.6, 5
// Simplified: the other users of boot memory (hash tables, per-CPU areas, resources) do not exist. mem_map lies beside the simulated
//             frames; the frames that it would take are taken all the same. swapper_pg_dir is the last page of the image but one.
import { PAGE_SIZE } from "../constants";
import { frameAt, writePhys } from "../frames";
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import { initPageTables } from "../mmu/init-tables";
import { page as pageStruct, zone as zoneStruct } from "../structs";
import { zonesData } from "../zones/structs";
import { logOwner } from "./boot-log";
import { allocBootmem, type Bootmem, DMA_GOAL, freeBootmem, initBootmem, readBootmem, reserveBootmem } from "./bootmem";
import { ramPages } from "./e820";
import { waitTableSize } from "./low-memory";
import type { BootPlan } from "./plan";
import { countReservedRam, freeAllBootmem, freeHighmem, releaseReserved } from "./retire";
import { type BootOwner, bootData, e820Entry } from "./structs";

const BOOT = kernelData.offset.boot;
const HIGH_MEMORY = 0x100000;
const WAIT_QUEUE_HEAD = 8;
const TABLE_FLAGS = 0x007;
const waitTables = [
  "wait table DMA",
  "wait table Normal",
  "wait table HighMem",
] as const satisfies readonly BootOwner[];

/** The boot memory allocator of this machine; of no use once boot is over. */
export function bootmemOf(k: Kernel): Bootmem {
  return { memory: k.memory, data: k.data + BOOT + bootData.offset.bdata };
}

/**
 * Boots a machine whose zones are initialised with every page reserved.
 * @throws KernelBug where the kernel panics: overlapping RAM entries, no room for mem_map.
 */
export function bootE820(k: Kernel, plan: BootPlan): void {
  const b = bootmemOf(k);
  writePlan(k, plan);
  buildEarlyTables(k, plan);
  setupMemory(k, b, plan);
  pagingInit(k, b, plan);
  memInit(k, b, plan);
}

/** Gives back the pages of the image between two physical addresses, whole pages: code and data that only boot needed. */
export function freeInitmem(k: Kernel, start: number, end: number): void {
  for (let addr = start; addr < end; addr += PAGE_SIZE) {
    releaseReserved(k, addr / PAGE_SIZE, 0);
    count(k, "totalram_pages", 1);
    count(k, "reserved_pages", -1);
  }
  k.events?.push({ kind: "free-initmem", start, end });
}

function writePlan(k: Kernel, { boot, map, split, zones, early }: BootPlan): void {
  const w = k.memory.u32;
  setBoot(k, "e820_nr_map", map.length);
  for (const [index, { addr, size, type }] of map.entries()) {
    const at = (k.data + BOOT + bootData.offset.e820_map + index * e820Entry.size) >>> 2;
    w.set([addr >>> 0, Math.floor(addr / 2 ** 32), size >>> 0, Math.floor(size / 2 ** 32), type], at);
  }
  setBoot(k, "init_pg_tables_end", early.initPgTablesEnd);
  setBoot(k, "min_low_pfn", early.startPfn);
  setBoot(k, "max_low_pfn", split.maxLowPfn);
  setBoot(k, "max_pfn", split.maxPfn);
  setBoot(k, "highstart_pfn", split.maxLowPfn);
  setBoot(k, "highend_pfn", split.maxPfn);
  k.events?.push(
    { kind: "boot-map", bios: boot.map, map },
    { kind: "boot-early-tables", pg0: early.pg0, tables: early.tables },
    { kind: "boot-split", ...split, zones },
  );
}

/** Maps the first megabytes twice: where they are, and at PAGE_OFFSET. */
function buildEarlyTables(k: Kernel, { boot, early }: BootPlan): void {
  const directory = swapperFrame(boot.imageEnd) * PAGE_SIZE;
  for (let table = 0; table < early.tables; table++) {
    const addr = early.pg0 + table * PAGE_SIZE;
    writePhys(k, directory + table * 4, addr | TABLE_FLAGS);
    writePhys(k, directory + (768 + table) * 4, addr | TABLE_FLAGS);
    for (let entry = 0; entry < 1024; entry++)
      writePhys(k, addr + entry * 4, (((table * 1024 + entry) * PAGE_SIZE) | TABLE_FLAGS) >>> 0);
  }
}

function swapperFrame(imageEnd: number): number {
  return Math.max(HIGH_MEMORY / PAGE_SIZE, Math.ceil(imageEnd / PAGE_SIZE) - 2);
}

function setupMemory(k: Kernel, b: Bootmem, { boot, map, split, early }: BootPlan): void {
  const start = early.startPfn;
  const mapOrder = Math.max(0, Math.ceil(Math.log2(Math.ceil(split.maxLowPfn / 8 / PAGE_SIZE))));
  const bytes = initBootmem(b, frameAt(k, start, mapOrder), split.maxLowPfn);
  setBoot(k, "bootmap_size", bytes);
  k.events?.push({ kind: "bootmem-init", pfn: start, bytes });
  for (const [from, to] of ramPages(map, split.maxLowPfn)) {
    freeBootmem(b, from * PAGE_SIZE, (to - from) * PAGE_SIZE);
    k.events?.push({ kind: "bootmem-free", start: from, end: to });
  }
  logOwner(k, "kernel image", HIGH_MEMORY, early.pg0 - HIGH_MEMORY);
  logOwner(k, "early page tables", early.pg0, early.initPgTablesEnd - early.pg0);
  const bitmapEnd = start * PAGE_SIZE + bytes + PAGE_SIZE - 1;
  reserveBootmem(b, HIGH_MEMORY, bitmapEnd - HIGH_MEMORY);
  logOwner(k, "bootmem bitmap", start * PAGE_SIZE, Math.ceil(bitmapEnd / PAGE_SIZE) * PAGE_SIZE - start * PAGE_SIZE);
  k.events?.push({
    kind: "bootmem-reserve",
    owner: "kernel image",
    addr: HIGH_MEMORY,
    bytes: bitmapEnd - HIGH_MEMORY,
  });
  reserve(k, b, "page 0", 0, PAGE_SIZE);
  if (boot.ebda) reserve(k, b, "BIOS data", boot.ebda, PAGE_SIZE);
  if (boot.amd768) reserve(k, b, "AMD errata page", 0xa0000 - PAGE_SIZE, PAGE_SIZE);
  if (k.config.smp) reserve(k, b, "trampoline", PAGE_SIZE, PAGE_SIZE);
  const { initrd } = boot;
  if (initrd && initrd.start + initrd.bytes <= split.maxLowPfn * PAGE_SIZE)
    reserve(k, b, "initrd", initrd.start, initrd.bytes);
}

/** The kernel's page tables, then mem_map and the wait tables of the zones that have pages. */
function pagingInit(k: Kernel, b: Bootmem, { boot, zones }: BootPlan): void {
  const tablePage = () => alloc(k, b, "page tables", PAGE_SIZE, { align: PAGE_SIZE, goal: 0 }) / PAGE_SIZE;
  initPageTables(k, swapperFrame(boot.imageEnd), tablePage);
  const ordinary = { align: k.config.l1, goal: DMA_GOAL };
  alloc(k, b, "mem_map", (k.pages + 1) * pageStruct.size, ordinary);
  for (const [index, pages] of zones.entries()) {
    if (pages === 0) continue;
    const queues = waitTableSize(pages);
    const addr = alloc(k, b, waitTables[index]!, queues * WAIT_QUEUE_HEAD, ordinary);
    const { zone } = k.zones[index as 0 | 1 | 2];
    k.memory.u32[(zone + zoneStruct.offset.wait_table) >>> 2] = addr;
    k.memory.u32[(zone + zoneStruct.offset.wait_table_size) >>> 2] = queues;
  }
}

function memInit(k: Kernel, b: Bootmem, { map }: BootPlan): void {
  const released = freeAllBootmem(k, b);
  setBoot(k, "released", released);
  const reserved = countReservedRam(k, map);
  k.events?.push({ kind: "bootmem-retire", released, reserved });
  const high = freeHighmem(k, map);
  k.events?.push({ kind: "boot-highmem", released: high });
  count(k, "num_physpages", k.pages);
  count(k, "reserved_pages", reserved);
  count(k, "totalhigh_pages", high);
  count(k, "totalram_pages", released + high);
}

function reserve(k: Kernel, b: Bootmem, owner: BootOwner, addr: number, bytes: number): void {
  reserveBootmem(b, addr, bytes);
  logOwner(k, owner, addr, bytes);
  k.events?.push({ kind: "bootmem-reserve", owner, addr, bytes });
}

function alloc(
  k: Kernel,
  b: Bootmem,
  owner: BootOwner,
  bytes: number,
  { align, goal }: { align: number; goal: number },
): number {
  const addr = allocBootmem(b, bytes, align, goal);
  logOwner(k, owner, addr, bytes);
  const [lastPos, lastOffset] = [readBootmem(b, "last_pos"), readBootmem(b, "last_offset")];
  k.events?.push({ kind: "bootmem-alloc", owner, addr, bytes, lastPos, lastOffset });
  return addr;
}

function setBoot(k: Kernel, field: keyof typeof bootData.offset, value: number): void {
  k.memory.u32[(k.data + BOOT + bootData.offset[field]) >>> 2] = value;
}

function count(
  k: Kernel,
  field: "totalram_pages" | "totalhigh_pages" | "reserved_pages" | "num_physpages",
  by: number,
): void {
  k.memory.u32[(k.data + kernelData.offset.zones + zonesData.offset[field]) >>> 2]! += by;
}
