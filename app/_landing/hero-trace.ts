// The workload of the figure on the landing page: a zone of one block is split, used, fragmented, and comes together again.
import type { BuddyConfig } from "@/lib/sim/machine";
import type { BuddyOp } from "@/lib/slots/buddy-trace";

export const heroConfig: BuddyConfig = { pages: 64, init: "one-block", pcp: null };

export const heroOps: readonly BuddyOp[] = [
  { op: "alloc", order: 3, id: "a" },
  { op: "alloc", order: 2, id: "b" },
  { op: "alloc", order: 0, id: "c" },
  { op: "alloc", order: 4, id: "d" },
  { op: "alloc", order: 1, id: "e" },
  { op: "free", id: "b" },
  { op: "alloc", order: 3, id: "f" },
  { op: "alloc", order: 0, id: "g" },
  { op: "free", id: "e" },
  { op: "alloc", order: 2, id: "h" },
  { op: "free", id: "a" },
  { op: "free", id: "c" },
  { op: "free", id: "h" },
  { op: "free", id: "d" },
  { op: "free", id: "g" },
  { op: "free", id: "f" },
];

/** Operations already done in the first picture: enough blocks of every size that it teaches something at once. */
export const heroStart = 10;
