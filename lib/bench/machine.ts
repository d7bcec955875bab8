// How long the whole machine takes to boot, and to be copied and put back.
// Theory: the best of several rounds counts, since other work only ever adds time. A first round warms the code up.
import { createKernel } from "@/lib/sim/create-kernel";
import type { Kernel } from "@/lib/sim/kernel";
import { restore, snapshot } from "@/lib/sim/snapshot";
import { allocPages, freePages } from "@/lib/sim/zones/alloc-pages";
import { GFP_HIGHUSER } from "@/lib/sim/zones/gfp";

export interface MachineBench {
  /** Boot of a machine of 2^20 frames from its memory map. */
  readonly bootMs: number;
  /** Snapshot and restore together, of a machine of 1 GiB. */
  readonly snapshotMs: number;
  readonly snapshotBytes: number;
  /** A page taken and given back through zonelist, watermark and per-CPU list: nanoseconds an operation. */
  readonly pageNs: number;
}

const MIB = 2 ** 20;
const IMAGE_END = 0x3a0000;
const ROUNDS = 5;
const PAGES = 100_000;

export function benchMachine(): MachineBench {
  const bootMs = best(() => void boot(4096 * MIB));
  const k = boot(1024 * MIB);
  const { bytes } = snapshot(k);
  const snapshotMs = best(() => restore(k, snapshot(k)));
  const pageNs = (best(() => takeAndGive(k)) * 1e6) / (2 * PAGES);
  return { bootMs, snapshotMs, snapshotBytes: bytes.length, pageNs };
}

function boot(top: number): Kernel {
  const map = [
    { addr: 0, size: 0x9fc00, type: 1 },
    { addr: 0x9fc00, size: 0x400, type: 2 },
    { addr: 0x100000, size: top - 0x100000, type: 1 },
  ];
  return createKernel({ boot: { kind: "e820", map, imageEnd: IMAGE_END } });
}

function takeAndGive(k: Kernel): void {
  for (let round = 0; round < PAGES; round++) freePages(k, allocPages(k, GFP_HIGHUSER, 0), 0);
}

function best(run: () => void): number {
  run();
  let fastest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    run();
    fastest = Math.min(fastest, performance.now() - start);
  }
  return fastest;
}
