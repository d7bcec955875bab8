// Every invariant of every part at once: the monitor of the whole machine.
// Theory: each part judges its own structures from the bytes alone and never throws, so the monitor may run after every operation of
//         a workload, and in the middle of a lesson. It costs time linear in the machine.
import { checkBoot } from "../boot/check-boot";
import { checkCache } from "../cache/check-cache";
import { checkFault } from "../fault/check-fault";
import type { Finding } from "../finding";
import type { Kernel } from "../kernel";
import { checkMms } from "../mm/check-mm";
import { checkMmu } from "../mmu/check-mmu";
import { checkOom } from "../oom/check-oom";
import { checkLru } from "../reclaim/check-lru";
import { checkShmem } from "../shmem/check-shmem";
import { checkSlab } from "../slab/check-slab";
import { checkSwap } from "../swap/check-swap";
import { checkVmalloc } from "../vmalloc/check-vmalloc";
import { checkZones } from "../zones/check-zones";

export const monitors = {
  boot: checkBoot,
  zones: checkZones,
  slab: checkSlab,
  mmu: checkMmu,
  vmalloc: checkVmalloc,
  cache: checkCache,
  mm: checkMms,
  fault: checkFault,
  reclaim: checkLru,
  swap: checkSwap,
  shmem: checkShmem,
  oom: checkOom,
} as const satisfies Readonly<Record<string, (k: Kernel) => Finding[]>>;
export type MonitorName = keyof typeof monitors;

export interface MachineFinding extends Finding {
  readonly part: MonitorName;
}

/** What is wrong with the machine now; empty for a sound one. */
export function checkMachine(k: Kernel): MachineFinding[] {
  return (Object.keys(monitors) as MonitorName[]).flatMap((part) =>
    monitors[part](k).map((finding) => ({ part, ...finding })),
  );
}
