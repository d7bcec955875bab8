// The fields in which two observed machines differ, each with both values: the chips beside the picture.
import type { BuddyState } from "@/lib/sim/observe";
import type { FigureWords } from "../words";

export function differingFields(expected: BuddyState, actual: BuddyState, words: FigureWords): string[] {
  const chips: string[] = [];
  const list = (pfns: readonly number[]) => (pfns.length === 0 ? "∅" : shorten(pfns));
  const orders = Math.max(expected.freeLists.length, actual.freeLists.length);
  for (let order = orders - 1; order >= 0; order--) {
    const one = expected.freeLists[order] ?? [];
    const other = actual.freeLists[order] ?? [];
    if (!same(one, other)) chips.push(words("fieldFreeList", { order, expected: list(one), actual: list(other) }));
  }
  for (let order = orders - 1; order >= 0; order--) {
    const one = expected.nrFree[order] ?? 0;
    const other = actual.nrFree[order] ?? 0;
    if (one !== other) chips.push(words("fieldNrFree", { order, expected: one, actual: other }));
  }
  if (expected.freePages !== actual.freePages) {
    chips.push(words("fieldFreePages", { expected: expected.freePages, actual: actual.freePages }));
  }
  for (const name of ["hot", "cold"] as const) {
    const one = expected.pcp?.[name];
    const other = actual.pcp?.[name];
    if (!one || !other) continue;
    const values = { list: name };
    if (!same(one.list, other.list)) {
      chips.push(words("fieldPcpList", { ...values, expected: list(one.list), actual: list(other.list) }));
    }
    if (one.count !== other.count) {
      chips.push(words("fieldPcpCount", { ...values, expected: one.count, actual: other.count }));
    }
  }
  chips.push(...differingMarks(expected, actual, words));
  return chips;
}

/** Keys of the lists that are not the same, as the layout names them. */
export function differingLists(one: BuddyState, other: BuddyState): string[] {
  const free = one.freeLists.flatMap((list, order) => {
    const count = one.nrFree[order] === other.nrFree[order];
    return count && same(list, other.freeLists[order] ?? []) ? [] : [`list:${order}`];
  });
  const parked = (["hot", "cold"] as const).filter((name) => {
    const [mine, theirs] = [one.pcp?.[name], other.pcp?.[name]];
    return mine && theirs && !(mine.count === theirs.count && same(mine.list, theirs.list));
  });
  return [...free, ...parked.map((name) => `pcp:${name}`)];
}

function differingMarks(expected: BuddyState, actual: BuddyState, words: FigureWords): string[] {
  const one = new Map(expected.marks.map((mark) => [mark.pfn, mark.order]));
  const other = new Map(actual.marks.map((mark) => [mark.pfn, mark.order]));
  const pfns = [...new Set([...one.keys(), ...other.keys()])].sort((a, b) => a - b);
  const name = (order: number | undefined) => (order === undefined ? words("unmarked") : String(order));
  return pfns
    .filter((pfn) => one.get(pfn) !== other.get(pfn))
    .map((pfn) => words("fieldMark", { pfn: String(pfn), expected: name(one.get(pfn)), actual: name(other.get(pfn)) }));
}

const longestList = 8;

function shorten(pfns: readonly number[]): string {
  const shown = pfns.slice(0, longestList).join(" → ");
  return pfns.length > longestList ? `${shown} … (+${pfns.length - longestList})` : shown;
}

function same(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((pfn, at) => pfn === other[at]);
}
