// Puts the steps of a request for pages on record.
import { type Kernel, type ZoneIndex, zoneNames } from "../kernel";
import type { Order } from "../machine";
import { zone as zoneStruct } from "../structs";
import type { AllocFailure, Pass } from "./events";
import { __GFP_NOWARN } from "./gfp";

export const PASS_LOW = 0;
export const PASS_MIN = 1;
export const PASS_NOMARK = 2;
export const PASS_HIGH = 3;
export type PassNumber = typeof PASS_LOW | typeof PASS_MIN | typeof PASS_NOMARK | typeof PASS_HIGH;
const passes = ["low", "min", "nomark", "high"] as const satisfies readonly Pass[];

export interface Try {
  readonly index: ZoneIndex;
  readonly classzone: ZoneIndex;
  readonly order: Order;
  readonly pass: PassNumber;
  /** Relaxed already. */
  readonly mark: number;
  readonly ok: boolean;
}

export function recordTry(k: Kernel, { index, classzone, order, pass, mark, ok }: Try): void {
  const { zone } = k.zones[index];
  k.events?.push({
    kind: "zone-try",
    pass: passes[pass],
    zone: zoneNames[index],
    order,
    free: k.memory.i32[(zone + zoneStruct.offset.free_pages) >>> 2]!,
    mark,
    reserve: k.memory.u32[(zone + zoneStruct.offset.lowmem_reserve + 4 * classzone) >>> 2]!,
    ok,
  });
}

/** @returns 0, the page of a failed request. */
export function recordFailure(k: Kernel, gfp: number, order: Order, why: AllocFailure): 0 {
  k.events?.push({ kind: "alloc-fail", order, gfp, why, warned: (gfp & __GFP_NOWARN) === 0 && why !== "order" });
  k.events?.push({ kind: "alloc", order, pfn: null });
  return 0;
}
