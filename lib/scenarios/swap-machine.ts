// The machine of the swap scene, and what reclaim does to pages that the reader chooses.
// Source: Linux 2.6.11 mm/vmscan.c (shrink_cache, shrink_list)
import { PAGE_SIZE } from "@/lib/sim/constants";
import { createKernel } from "@/lib/sim/create-kernel";
import { giveAddressSpace } from "@/lib/sim/fault/exec";
import { getTask, newTask, switchTo } from "@/lib/sim/fault/task";
import { pfnToPage } from "@/lib/sim/frames";
import type { Kernel } from "@/lib/sim/kernel";
import type { Addr } from "@/lib/sim/machine";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "@/lib/sim/mm/flags";
import { doMmap } from "@/lib/sim/mm/mmap";
import { getPage, testPageFlag } from "@/lib/sim/page-fields";
import { putBack } from "@/lib/sim/reclaim/isolate";
import { lruCacheDel, putPage } from "@/lib/sim/reclaim/lru";
import { scanControl } from "@/lib/sim/reclaim/scan-control";
import { shrinkList } from "@/lib/sim/reclaim/shrink-list";
import { swapon } from "@/lib/sim/swap/area";
import { createDevice, deviceAt } from "@/lib/sim/swap/device";
import { mkswap } from "@/lib/sim/swap/header";
import { setPageCluster, setSwapCluster } from "@/lib/sim/swap/init";
import { zoneOf } from "@/lib/sim/zones/alloc-pages";
import { GFP_KERNEL } from "@/lib/sim/zones/gfp";
import type { SwapConfig } from "./swap-types";
import { firstAddress, type SwapMachine, viewSwap } from "./swap-view";

export function bootSwap({ devices, cluster, window, pages }: SwapConfig): SwapMachine {
  const k = createKernel({ boot: { kind: "zones", pages: [0, 512, 0] }, pcp: false });
  const parent = newTask(k, "program", newTask(k, "init"));
  giveAddressSpace(k, parent);
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  const request = {
    addr: firstAddress,
    len: pages * PAGE_SIZE,
    prot: PROT_READ | PROT_WRITE,
    flags,
    file: 0,
    pgoff: 0,
  };
  doMmap(k, getTask(k.memory.u32, parent, "mm"), request);
  switchTo(k, 0);
  setSwapCluster(k, cluster);
  setPageCluster(k, window);
  const types: number[] = [];
  const disks = devices.map(({ pages: size, prio, bad }) => {
    const disk = createDevice(k, size);
    const header = deviceAt(k, disk, 0);
    mkswap(k.memory.u8.subarray(header, header + PAGE_SIZE), size, bad);
    types.push(swapon(k, disk, prio === null ? {} : { prio }));
    return disk;
  });
  return { k, parent, child: 0, devices: disks, types, pages };
}

/** Pages from `first` on leave their LRU list as unused ones, and shrink_list decides. @returns how many were freed. */
export function pushOut(machine: SwapMachine, first: number, count: number): number {
  const { k } = machine;
  const state = viewSwap(machine);
  const frames = new Set<number>();
  for (let index = first; index < Math.min(first + count, machine.pages); index++) {
    for (const view of [state.parent.pages[index], state.child?.pages[index]]) {
      const pfn =
        view?.place === "zero" ? null : (view?.pfn ?? state.cache.find(({ slot }) => slot === view?.slot)?.pfn);
      if (pfn !== null && pfn !== undefined) frames.add(pfn);
    }
  }
  const pages = [...frames].map((pfn) => pfnToPage(k, pfn)).filter((each) => testPageFlag(k, each, "PG_lru"));
  for (const each of pages) {
    lruCacheDel(k, each);
    getPage(k, each);
    k.ops.pageReferenced(k, each);
  }
  const { kept, reclaimed } = shrinkList(k, pages, scanControl(k, GFP_KERNEL));
  for (const each of kept) giveBack(k, each);
  return reclaimed;
}

function giveBack(k: Kernel, page: Addr): void {
  putBack(k, zoneOf(k, page), testPageFlag(k, page, "PG_active") ? "active" : "inactive", page);
  putPage(k, page);
}
