// Swapping comes to life: no area yet, an empty swap cache.
// Source: Linux 2.6.11 mm/swap.c (swap_setup), mm/swapfile.c, mm/swap_state.c (swapper_space)
import { aOpsIndex, type Kernel } from "../kernel";
import { listInit } from "../list";
import { addressSpace } from "../structs-mm";
import { SWAPFILE_CLUSTER, swapList } from "./structs";
import { swapperSpace, swapVar } from "./swap-data";
import { addToSwap, deleteFromSwapCache } from "./swap-state";
import { swapAops } from "./writepage";

/** Below 16 MiB of memory four slots are read at a time, else eight. */
const SMALL_MACHINE_PAGES = 4096;

export function initSwap(k: Kernel): void {
  const { i32, u32 } = k.memory;
  const list = swapVar(k, "swap_list");
  i32[(list + swapList.offset.head) >>> 2] = -1;
  i32[(list + swapList.offset.next) >>> 2] = -1;
  u32[swapVar(k, "page_cluster") >>> 2] = k.pages < SMALL_MACHINE_PAGES ? 2 : 3;
  u32[swapVar(k, "cluster") >>> 2] = SWAPFILE_CLUSTER;
  const space = swapperSpace(k);
  listInit(u32, space + addressSpace.offset.i_mmap);
  u32[(space + addressSpace.offset.a_ops) >>> 2] = aOpsIndex.swap;
  k.aOps[aOpsIndex.swap] = swapAops;
  k.ops.addToSwap = addToSwap;
  k.ops.deleteFromSwapCache = deleteFromSwapCache;
}

/** How many slots are handed out in a row before a new place is looked for; the kernel's constant is 256. */
export function setSwapCluster(k: Kernel, slots: number): void {
  k.memory.u32[swapVar(k, "cluster") >>> 2] = slots;
}

/** vm.page-cluster: 2^pageCluster slots are read at a time, 0 switches read-ahead off. */
export function setPageCluster(k: Kernel, pageCluster: number): void {
  k.memory.u32[swapVar(k, "page_cluster") >>> 2] = pageCluster;
}
