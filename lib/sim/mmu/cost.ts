// What memory accesses cost: constants to argue with, and the effective access time.
// Theory:     a hit costs the look-up and the access; a miss adds one memory reference for each level of the tables. With hit ratio h
//             the average is  h (t + m) + (1 - h) (t + (L + 1) m).
// Source:     domain 6.6; Silberschatz, Operating System Concepts, "Effective memory-access time"
// Simplified: the constants are invented for teaching; a processor of the time would differ by small factors.

/** Cycles. */
export interface CostModel {
  readonly tlbHit: number;
  /** One page table entry read by a walk. */
  readonly walkReference: number;
  readonly dataAccess: number;
  readonly minorFault: number;
  readonly cowCopy: number;
  /** 5 ms at 1 GHz. */
  readonly majorFault: number;
  readonly invlpg: number;
  /** Without the misses that follow. */
  readonly fullFlush: number;
  readonly ipi: number;
}

const faults = {
  minorFault: 2000,
  cowCopy: 4000,
  majorFault: 5_000_000,
  invlpg: 100,
  fullFlush: 200,
  ipi: 3000,
} as const;

export const costModels = {
  /** Page tables and data come from memory. */
  memory: { tlbHit: 1, walkReference: 100, dataAccess: 100, ...faults },
  /** Page tables and data are in the processor's caches. */
  cache: { tlbHit: 1, walkReference: 10, dataAccess: 10, ...faults },
} as const satisfies Readonly<Record<string, CostModel>>;

/** Average cycles an access. @param hitRatio 0..1; @param levels entries a walk reads. */
export function effectiveAccessTime(cost: CostModel, hitRatio: number, levels: number): number {
  const hit = cost.tlbHit + cost.dataAccess;
  return hitRatio * hit + (1 - hitRatio) * (hit + levels * cost.walkReference);
}
