// The kernel's global variables, one struct a part, in one place of the machine's memory.
import { bootData } from "./boot/structs";
import { cacheData } from "./cache/structs";
import { faultData } from "./fault/structs";
import { arrayOf, struct } from "./layout";
import { mmuData } from "./mmu/structs";
import { oomData } from "./oom/structs";
import { reclaimData } from "./reclaim/structs";
import { shmemData } from "./shmem/structs";
import { slabData } from "./slab/structs";
import { MAX_ORDER } from "./structs";
import { swapData } from "./swap/structs";
import { highmemData, vmallocData } from "./vmalloc/structs";
import { zonesData } from "./zones/structs";

/** Which frames of contents are handed out (frames.ts): a bump pointer and free runs by order. */
export const contentsData = struct("contents", { used: "u32", held: "u32", free: arrayOf("addr", MAX_ORDER) });

export const kernelData = struct("kernel_data", {
  /** Ticks since boot, HZ = 1000; moved by the driver of the machine, never by a clock. */
  jiffies: "u32",
  /** The running task_struct, 0 before there is one (then the code acts as the kernel itself). */
  current: "addr",
  contents: contentsData,
  boot: bootData,
  zones: zonesData,
  /** The slab cache of each kind of object (objects.ts). */
  objects: arrayOf("addr", 32),
  fault: faultData,
  mmu: mmuData,
  reclaim: reclaimData,
  cache: cacheData,
  swap: swapData,
  oom: oomData,
  shmem: shmemData,
  slab: slabData,
  vmalloc: vmallocData,
  highmem: highmemData,
});
