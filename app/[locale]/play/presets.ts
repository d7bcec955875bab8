// Machines worth looking at. A preset is a configuration and operations, like any shared link.
import { workload } from "@/app/_figures/buddy/session";
import type { Shared } from "@/app/_figures/buddy/share";
import type { BuddyConfig } from "@/lib/sim/machine";
import { type BuddyOp, blockName } from "@/lib/slots/buddy-trace";

export const presetNames = ["busy", "empty", "fragmented", "worst", "pcp", "parked", "holes", "large"] as const;
export type PresetName = (typeof presetNames)[number];

export function preset(name: PresetName): Shared {
  return presets[name]();
}

const small: BuddyConfig = { pages: 64, init: "one-block", pcp: null };

const presets: Readonly<Record<PresetName, () => Shared>> = {
  busy: () => ({ config: small, ops: workload(small, 22, 16) }),
  empty: () => ({ config: small, ops: [] }),
  fragmented: () => ({ config: small, ops: workload(small, 5, 90) }),
  // Every second page in use: half the memory is free, and no request for two pages can be served.
  worst: () => ({ config: small, ops: [...singles(64), ...frees(64, (at) => at % 2 === 1)] }),
  pcp: () => {
    const config: BuddyConfig = { ...small, pcp: { batch: 2 } };
    return { config, ops: [...singles(14), ...frees(14, () => true)] };
  },
  // Two buddies lie in the hot list: free in the eyes of a reader, not in those of the buddy lists.
  parked: () => {
    const config: BuddyConfig = {
      pages: 4,
      init: "one-block",
      pcp: { hot: { low: 0, high: 8, batch: 4 }, cold: { low: 0, high: 8, batch: 4 } },
    };
    return { config, ops: [...singles(4), ...frees(4, (at) => at < 2), { op: "alloc", order: 1, id: "z" }] };
  },
  holes: () => {
    const config: BuddyConfig = { pages: 256, init: "holes", pcp: null };
    return { config, ops: workload(config, 3, 24) };
  },
  large: () => {
    const config: BuddyConfig = { pages: 8192, init: "boot32", pcp: { batch: 8 } };
    return { config, ops: workload(config, 11, 300) };
  },
};

function singles(count: number): BuddyOp[] {
  return Array.from({ length: count }, (_, at) => ({ op: "alloc", order: 0, id: blockName(at) }));
}

function frees(count: number, which: (at: number) => boolean): BuddyOp[] {
  return Array.from({ length: count }, (_, at) => at)
    .filter(which)
    .map((at) => ({ op: "free", id: blockName(at) }));
}
