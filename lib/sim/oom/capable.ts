// What a task is allowed to do.
// Source:     Linux 2.6.11 linux/capability.h, security/commoncap.c (cap_capable)
// Simplified: while no task is current the kernel itself acts, and may do everything.
import type { Kernel } from "../kernel";
import { kernelData } from "../kernel-data";
import type { Addr } from "../machine";
import { taskStruct } from "../structs-mm";

/** Bit numbers of `cap_effective`. */
export const CAP_IPC_LOCK = 14;
export const CAP_SYS_RAWIO = 17;
export const CAP_SYS_ADMIN = 21;

/** Address of the running task, 0 while the kernel itself acts. */
export function currentTask(k: Kernel): Addr {
  return k.memory.u32[(k.data + kernelData.offset.current) >>> 2]!;
}

export function capable(k: Kernel, capability: number): boolean {
  const task = currentTask(k);
  return task === 0 || (k.memory.u32[(task + taskStruct.offset.cap_effective) >>> 2]! & (1 << capability)) !== 0;
}
