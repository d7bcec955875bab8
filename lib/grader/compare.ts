// Where two observable states differ, field by field, in the kernel's names.

import type { BuddyState, PcpListState } from "@/lib/sim/observe";
import type { Observation, Value } from "@/lib/slots/slot";

export interface FieldDifference {
  readonly path: string;
  readonly expected: Value;
  readonly actual: Value;
}

/** More than a page shows helps nobody; the first ones name the place. */
const maxFields = 20;

/** At most 20 differences in the order of the observation; empty if the states agree in all that is compared. */
export function compare(expected: Observation, actual: Observation): FieldDifference[] {
  if (expected.kind !== "buddy" || actual.kind !== "buddy") return [];
  const found: FieldDifference[] = [];
  const add = (path: string, a: Value, b: Value) => {
    if (!sameValue(a, b)) found.push({ path, expected: a, actual: b });
  };
  add("zone.freePages", expected.freePages, actual.freePages);
  for (const [order, list] of expected.freeLists.entries()) {
    add(`zone.freeArea[${order}].nrFree`, expected.nrFree[order] ?? null, actual.nrFree[order] ?? null);
    add(`zone.freeArea[${order}].freeList`, [...list], [...(actual.freeLists[order] ?? [])]);
  }
  comparePcp(add, expected, actual);
  compareMarks(add, expected, actual);
  return found.slice(0, maxFields);
}

type Add = (path: string, expected: Value, actual: Value) => void;

function comparePcp(add: Add, expected: BuddyState, actual: BuddyState): void {
  if (!expected.pcp || !actual.pcp) return;
  for (const temperature of ["hot", "cold"] as const) {
    const a = expected.pcp[temperature];
    const b = actual.pcp[temperature];
    const path = `zone.pageset.${temperature}`;
    for (const field of ["count", "low", "high", "batch"] as const satisfies (keyof PcpListState)[])
      add(`${path}.${field}`, a[field], b[field]);
    add(`${path}.list`, [...a.list], [...b.list]);
  }
}

/** PG_private and `private` belong together: a marked page claims to head a free block of that order. */
function compareMarks(add: Add, expected: BuddyState, actual: BuddyState): void {
  const marks = (state: BuddyState) => new Map(state.marks.map((mark) => [mark.pfn, mark.order]));
  const [a, b] = [marks(expected), marks(actual)];
  for (const pfn of [...new Set([...a.keys(), ...b.keys()])].sort((x, y) => x - y)) {
    const [orderA, orderB] = [a.get(pfn), b.get(pfn)];
    if (orderA === undefined || orderB === undefined)
      add(`page[${pfn}].flags`, orderA === undefined ? "" : "PG_private", orderB === undefined ? "" : "PG_private");
    else add(`page[${pfn}].private`, orderA, orderB);
  }
}

/** Equal as JSON values; fractions within rounding of each other, because a percentage may be computed in more than one way. */
export function sameValue(a: Value, b: Value): boolean {
  if (typeof a === "number" && typeof b === "number") {
    const exact = Number.isInteger(a) && Number.isInteger(b);
    return a === b || (!exact && Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b)));
  }
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i]!));
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object" || Array.isArray(b)) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && sameValue(a[key]!, b[key]!));
}
