// Who got what at boot, in the machine's memory: there is no other record of it, the bitmap only knows "taken".
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import { BOOT_LOG_ENTRIES, type BootOwner, bootData, bootLogEntry, bootOwners } from "./structs";

const BOOT = kernelData.offset.boot;
const ENTRIES = BOOT + bootData.offset.log_entries;
const LOG = BOOT + bootData.offset.log;

/** Writes a range down; one that goes on where the last one of the same owner ended makes that longer. A full log stays as it is. */
export function logOwner(k: Kernel, owner: BootOwner, start: number, bytes: number): void {
  const w = k.memory.u32;
  const entries = w[(k.data + ENTRIES) >>> 2]!;
  const number = bootOwners.indexOf(owner);
  if (entries > 0) {
    const last = (k.data + LOG + (entries - 1) * bootLogEntry.size) >>> 2;
    if (w[last + 2] === number && w[last]! + w[last + 1]! === start) {
      w[last + 1]! += bytes;
      return;
    }
  }
  if (entries === BOOT_LOG_ENTRIES) return;
  w.set([start, bytes, number], (k.data + LOG + entries * bootLogEntry.size) >>> 2);
  w[(k.data + ENTRIES) >>> 2] = entries + 1;
}
