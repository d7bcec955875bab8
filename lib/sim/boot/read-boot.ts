// Reads what boot wrote down in the machine's memory. Counts are clipped to what the structs hold.
import type { E820Entry, Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import { BOOT_LOG_ENTRIES, type BootOwner, bootData, bootLogEntry, bootOwners, E820MAX, e820Entry } from "./structs";

const BOOT = kernelData.offset.boot;

export function readBoot(k: Kernel, field: keyof typeof bootData.offset): number {
  return k.memory.u32[(k.data + BOOT + bootData.offset[field]) >>> 2] ?? 0;
}

export function readMap(k: Kernel): E820Entry[] {
  const entries = Math.min(E820MAX, readBoot(k, "e820_nr_map"));
  return Array.from({ length: entries }, (_, index) => {
    const at = (k.data + BOOT + bootData.offset.e820_map + index * e820Entry.size) >>> 2;
    const wide = (low: number) => k.memory.i32[low + 1]! * 2 ** 32 + k.memory.u32[low]!;
    return { addr: wide(at), size: wide(at + 2), type: k.memory.u32[at + 4]! };
  });
}

export interface OwnedRange {
  readonly owner: BootOwner;
  /** Physical. */
  readonly start: number;
  readonly bytes: number;
}

export function readLog(k: Kernel): OwnedRange[] {
  const entries = Math.min(BOOT_LOG_ENTRIES, readBoot(k, "log_entries"));
  return Array.from({ length: entries }, (_, index) => {
    const at = (k.data + BOOT + bootData.offset.log + index * bootLogEntry.size) >>> 2;
    const [start, bytes, owner] = k.memory.u32.subarray(at, at + 3);
    return { owner: bootOwners[owner!] ?? bootOwners[0], start: start!, bytes: bytes! };
  });
}
