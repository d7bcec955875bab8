// Brings the whole machine to life: memory, zones, then each part in the order of the kernel's start.
import { bootE820 } from "./boot/boot";
import { planBoot } from "./boot/plan";
import { referenceOps } from "./buddy-machine";
import { initCache } from "./cache/init-cache";
import { ENOMEM } from "./errno";
import type { SimEvent } from "./events";
import { anonVmaPrepare } from "./fault/anon-vma-prepare";
import { doExit } from "./fault/exit";
import { initFault } from "./fault/init-fault";
import { movePageTables } from "./fault/move";
import { makePagesPresent } from "./fault/present";
import { changeProtection } from "./fault/protect";
import { unmapRegion } from "./fault/zap";
import { aOpsIndex, type Kernel, type KernelConfig, type KernelOps, vmOpsIndex } from "./kernel";
import { kernelLayout } from "./kernel-layout";
import type { BuddyMachine } from "./machine";
import { createMemory, type Memory } from "./memory";
import { initCpu, newCpu } from "./mmu/cpu";
import { initGdt } from "./mmu/gdt";
import { p6Tlb } from "./mmu/tlb-structs";
import { initObjects } from "./objects";
import { initOom } from "./oom/overcommit";
import { freeHotColdPage18, pcpMarksFor } from "./pcp";
import { initReclaim } from "./reclaim/init-reclaim";
import { pageReferenced, tryToUnmap } from "./rmap";
import { initShmem } from "./shmem/shmem";
import { initSysv } from "./shmem/sysv";
import { initSlab } from "./slab/init-slab";
import { page as pageStruct, zone as zoneStruct } from "./structs";
import { file } from "./structs-mm";
import { initSwap } from "./swap/init";
import { initHighmem } from "./vmalloc/kmap";
import { freeWholeZones } from "./zones/boot-zones";
import { initZones } from "./zones/init-zones";
import { wakeupKswapd } from "./zones/kswapd-wake";
import { initPageAlloc } from "./zones/watermarks";
import { buildZonelists } from "./zones/zonelist";

export const defaultConfig: Omit<KernelConfig, "boot" | "contents"> = {
  smp: false,
  highmem: true,
  pae: false,
  pse: true,
  l1: 128,
  debugSlab: false,
  slab: "on",
  bufctl: 2,
  pagevec: false,
  io: "sync",
  swappiness: 60,
  overcommit: { mode: 0, ratio: 50 },
  pcp: true,
  profile: "2.6.11",
  addressSpace: "profile",
  tlb: p6Tlb,
};

export type KernelOptions = Partial<KernelConfig> & Pick<KernelConfig, "boot">;

/** @throws RangeError if the configuration is impossible or the memory too small. */
export function createKernel(options: KernelOptions, memory?: Memory, bootEvents: SimEvent[] | null = null): Kernel {
  const wanted = { ...defaultConfig, ...options };
  const plan = wanted.boot.kind === "e820" ? planBoot(wanted.boot, wanted) : null;
  const sizes = wanted.boot.kind === "zones" ? wanted.boot.pages : plan!.zones;
  const pages = sizes[0] + sizes[1] + sizes[2];
  const pse = wanted.pse && !plan?.disablePse;
  const config: KernelConfig = { contents: Math.min(2 * pages + 1024, 65536), ...wanted, pse };
  const layout = kernelLayout(pages, config.contents);
  const window = memory ?? createMemory(layout.bytes);
  if (window.byteLength < layout.bytes)
    throw new RangeError(`the machine needs ${layout.bytes} bytes, the memory has ${window.byteLength}`);
  if (memory) window.u8.fill(0, 0, layout.bytes);
  const ops = { ...referenceOps, ...(config.profile === "2.6.18" ? { freeHotColdPage: freeHotColdPage18 } : {}) };
  const zoneAt = (index: 0 | 1 | 2, startPfn: number): BuddyMachine => ({
    config: {
      pages: sizes[index],
      startPfn,
      init: "none",
      pcp: config.pcp ? pcpMarksFor(sizes[index], config.profile) : null,
    },
    memory: window,
    zone: layout.zones + index * zoneStruct.size,
    memMap: layout.memMap + startPfn * pageStruct.size,
    memMapBytes: sizes[index] * pageStruct.size,
    pages: sizes[index],
    startPfn,
    pageState: layout.pageState,
    ops,
    events: null,
    tainted: 0,
  });
  const k: Kernel = {
    config,
    memory: window,
    zonelists: buildZonelists(sizes),
    zones: [zoneAt(0, 0), zoneAt(1, sizes[0]), zoneAt(2, sizes[0] + sizes[1])],
    memMap: layout.memMap,
    pages,
    lowPages: sizes[0] + sizes[1],
    pageState: layout.pageState,
    data: layout.data,
    frameTable: layout.frameTable,
    contents: layout.contents,
    contentsOwner: layout.contentsOwner,
    cpu: newCpu(config, layout.data, () => k),
    ops: { ...referenceKernelOps },
    vmOps: Object.values(vmOpsIndex).map(() => ({ name: "none", open: null, close: null, nopage: null })),
    aOps: Object.values(aOpsIndex).map(() => ({ name: "none", readpage: null, writepage: null, setPageDirty: null })),
    shrinkers: [],
    ctors: [],
    events: null,
  };
  initZones(k);
  k.events = bootEvents;
  if (plan === null) freeWholeZones(k);
  else bootE820(k, plan);
  k.events = null;
  initPageAlloc(k);
  initCpu(k);
  initGdt(k);
  initHighmem(k);
  initFault(k);
  if (config.slab === "on") {
    initSlab(k);
    initObjects(k);
  }
  initCache(k);
  initReclaim(k);
  initSwap(k);
  initShmem(k);
  initSysv(k);
  initOom(k);
  return k;
}

/** Starts or stops recording what happens. */
export function recordEvents(k: Kernel, events: SimEvent[] | null): void {
  k.events = events;
  for (const zone of k.zones) zone.events = events;
}

const referenceKernelOps: KernelOps = {
  tryToFreePages: () => 0,
  wakeupKswapd,
  outOfMemory: () => {},
  condResched: () => {},
  congestionWait: () => {},
  vmEnoughMemory: () => 0,
  vmUnacctMemory: () => {},
  shmemZeroSetup: () => 0,
  fput: (k, at) => {
    k.memory.i32[(at + file.offset.f_count) >>> 2]! -= 1;
  },
  anonVmaPrepare: (k, vma) => (anonVmaPrepare(k, vma) ? 0 : -ENOMEM),
  pageReferenced: (k, page, isLocked = "locked") => pageReferenced(k, page, isLocked),
  tryToUnmap,
  addToSwap: () => 0,
  deleteFromSwapCache: () => {},
  shmemDeleteInode: () => {},
  unmapRegion,
  movePageTables,
  makePagesPresent,
  changeProtection,
  killTask: doExit,
};
