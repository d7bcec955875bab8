// Addresses of the page cache's global variables.
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { cacheData } from "./structs";

/** Machine address of a variable. */
export function cacheVar(k: Kernel, name: keyof typeof cacheData.offset): Addr {
  return k.data + kernelData.offset.cache + cacheData.offset[name];
}

export function readCache(k: Kernel, name: keyof typeof cacheData.offset): number {
  return k.memory.u32[cacheVar(k, name) >>> 2]!;
}

export function writeCache(k: Kernel, name: keyof typeof cacheData.offset, value: number): void {
  k.memory.u32[cacheVar(k, name) >>> 2] = value;
}
