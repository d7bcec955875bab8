// Copies of a whole machine: taken before a step, put back to undo it or to try something else.
// Theory:     everything that a machine knows lies in its memory, and contents of frames are handed out from a pointer that only rises.
//             So a snapshot is the bytes below that pointer: the zones, mem_map and variables, and the frames that were ever written.
//             Beside the memory stand only the counts of bad pages.
//
//     | zones, variables, mem_map, frame table | contents in use | never used |
//     |<----------------- a snapshot ------------------------->|
//
// Simplified: functions that were replaced, and events that were recorded, are the machine's owner's business.
import { PAGE_SIZE } from "./constants";
import type { Kernel } from "./kernel";
import { contentsData, kernelData } from "./kernel-data";

const USED = kernelData.offset.contents + contentsData.offset.used;

export interface Snapshot {
  readonly bytes: Uint8Array;
  /** Bad pages met, a zone each. */
  readonly tainted: readonly number[];
}

/** Bytes of memory that are in use. */
export function usedBytes(k: Kernel): number {
  return k.contents + k.memory.u32[(k.data + USED) >>> 2]! * PAGE_SIZE;
}

export function snapshot(k: Kernel): Snapshot {
  return {
    bytes: k.memory.u8.slice(0, usedBytes(k)),
    tainted: k.zones.map(({ tainted }) => tainted),
  };
}

/**
 * Makes the machine what it was. It must be the one the snapshot was taken of, or one of the same configuration.
 * @throws RangeError if the snapshot is larger than the machine.
 */
export function restore(k: Kernel, { bytes, tainted }: Snapshot): void {
  if (bytes.length > k.memory.byteLength)
    throw new RangeError(`the snapshot has ${bytes.length} bytes, the machine ${k.memory.byteLength}`);
  k.memory.u8.set(bytes);
  for (const [index, zone] of k.zones.entries()) zone.tainted = tainted[index]!;
}
