// What the running task may have: its resource limits and capabilities.
// Source: Linux 2.6.11 linux/resource.h, asm-i386/resource.h (INIT_RLIMITS), linux/mm.h (can_do_mlock)
//
// Before there is a task the kernel acts for itself: the limits of the first task, and every capability.
import { CAP_IPC_LOCK } from "../capabilities";
import { PAGE_SHIFT, PAGE_SIZE } from "../constants";
import { current } from "../current";
import type { Kernel } from "../kernel";
import { rlimits, taskStruct } from "../structs-mm";

export const RLIM_INFINITY = 0xffffffff;
export type Rlimit = keyof typeof rlimits;

/** Soft limits of the first task, in bytes; its children inherit them. */
export const initRlimits: Readonly<Record<Rlimit, number>> = {
  RLIMIT_DATA: RLIM_INFINITY,
  RLIMIT_STACK: 8 * 1024 * 1024,
  RLIMIT_MEMLOCK: 32 * 1024,
  RLIMIT_AS: RLIM_INFINITY,
};

/** The running task's soft limit in bytes. */
export function rlimit(k: Kernel, which: Rlimit): number {
  const task = current(k);
  return task === 0 ? initRlimits[which] : k.memory.u32[(task + taskStruct.offset.rlim + rlimits[which] * 4) >>> 2]!;
}

export function capable(k: Kernel, capability: number): boolean {
  const task = current(k);
  return task === 0 || ((k.memory.u32[(task + taskStruct.offset.cap_effective) >>> 2]! >>> capability) & 1) === 1;
}

/** Whether the task may lock memory at all. */
export function canDoMlock(k: Kernel): boolean {
  return capable(k, CAP_IPC_LOCK) || rlimit(k, "RLIMIT_MEMLOCK") !== 0;
}

/** True, and an event, if `wanted` bytes are above the limit. */
export function above(k: Kernel, limit: Rlimit, wanted: number): boolean {
  const allowed = rlimit(k, limit);
  if (wanted <= allowed) return false;
  k.events?.push({ kind: "limit-reached", limit, wanted, allowed });
  return true;
}

/** As `above`, compared in whole pages. */
export function abovePages(k: Kernel, limit: Rlimit, pages: number): boolean {
  const allowed = rlimit(k, limit);
  if (pages <= allowed >>> PAGE_SHIFT) return false;
  k.events?.push({ kind: "limit-reached", limit, wanted: pages * PAGE_SIZE, allowed });
  return true;
}
