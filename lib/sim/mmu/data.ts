// Where the MMU's variables lie in the machine's memory.
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { mmuData } from "./structs";

const MMU = kernelData.offset.mmu;

/** Machine address of a variable of `mmu_data`. */
export function mmuAddr(k: Kernel, field: keyof typeof mmuData.offset): Addr {
  return k.data + MMU + mmuData.offset[field];
}
