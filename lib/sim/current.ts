// Who runs and what time it is.
// Source:     Linux 2.6.11 asm-i386/current.h, linux/jiffies.h, kernel/timer.c (jiffies)
// Simplified: jiffies start at 0 and are moved by the driver of the machine alone.
import { HZ } from "./constants";
import type { Kernel } from "./kernel";
import { kernelData } from "./kernel-data";
import type { Addr } from "./machine";

/** The running task, 0 for the kernel itself. */
export function current(k: Kernel): Addr {
  return k.memory.u32[(k.data + kernelData.offset.current) >>> 2]!;
}

/** Ticks since boot. */
export function jiffies(k: Kernel): number {
  return k.memory.u32[(k.data + kernelData.offset.jiffies) >>> 2]!;
}

/** Whole seconds since boot. */
export function uptime(k: Kernel): number {
  return Math.floor(jiffies(k) / HZ);
}
