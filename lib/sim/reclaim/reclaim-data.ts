// Addresses of reclaim's global variables.
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { reclaimData } from "./structs";

/** Machine address of a variable. */
export function reclaimVar(k: Kernel, name: keyof typeof reclaimData.offset): Addr {
  return k.data + kernelData.offset.reclaim + reclaimData.offset[name];
}

/** current_is_kswapd. */
export function currentIsKswapd(k: Kernel): boolean {
  return k.memory.u32[reclaimVar(k, "kswapd_runs") >>> 2] === 1;
}
