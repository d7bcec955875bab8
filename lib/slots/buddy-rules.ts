// Which rule of the allocator a difference breaks: a table, most telling rule first.
// Theory: each rule looks at the two states after the first operation that differs and gives its arguments, or null if it
//         does not apply. The sentence (fact, rule, next step) stands in lib/words, namespace `verdict`, under `rule.<name>`.
import type { BuddyState, PcpListState } from "@/lib/sim/observe";
import { MAX_ORDER } from "@/lib/sim/structs";
import type { BuddyOp } from "./buddy-trace";
import type { Message, Observation, Value } from "./slot";

export interface BuddyDifference {
  readonly op: BuddyOp;
  readonly expected: BuddyState;
  readonly actual: BuddyState;
  readonly expectedReturn: Value;
  readonly actualReturn: Value;
}
type Args = Message["args"];
type Rule = (difference: BuddyDifference) => Args | null;

interface FreeBlock {
  readonly pfn: number;
  readonly order: number;
}

const buddyRules: Readonly<Record<string, Rule>> = {
  kernelBug: ({ actualReturn }) => (actualReturn === "KernelBug" ? {} : null),

  allocationMustFail: ({ op, expectedReturn, actualReturn }) =>
    op.op === "alloc" && expectedReturn === null && typeof actualReturn === "number"
      ? { order: op.order, actual: actualReturn }
      : null,

  allocationMustSucceed: ({ op, expectedReturn, actualReturn }) =>
    op.op === "alloc" && typeof expectedReturn === "number" && actualReturn === null
      ? { order: op.order, expected: expectedReturn }
      : null,

  otherList: ({ op, expected, actual }) => {
    const [list, other] = op.cold ? (["cold", "hot"] as const) : (["hot", "cold"] as const);
    const [want, have] = [expected.pcp?.[other], actual.pcp?.[other]];
    return want && have && !sameList(want.list, have.list) ? { list, other } : null;
  },

  refillMissing: pcpRule((op, want, have) => (op.op === "alloc" && have.count < want.count ? marksOf(want) : null)),

  refillTooMuch: pcpRule((op, want, have) => (op.op === "alloc" && have.count > want.count ? marksOf(want) : null)),

  drainMissing: pcpRule((op, want, have) => (op.op === "free" && have.count > want.count ? marksOf(want) : null)),

  drainTooMuch: pcpRule((op, want, have) => (op.op === "free" && have.count < want.count ? marksOf(want) : null)),

  pcpCount: pcpRule((_op, want, have) =>
    have.count !== have.list.length && sameList(have.list, want.list)
      ? { count: have.count, length: have.list.length }
      : null,
  ),

  pcpPages: pcpRule((op, want, have) => (op.op === "free" && !sameSet(have.list, want.list) ? marksOf(want) : null)),

  pcpOrder: pcpRule((_op, want, have) =>
    !sameList(have.list, want.list) ? { expected: spell(want.list), actual: spell(have.list) } : null,
  ),

  upperHalf: ({ op, expectedReturn, actualReturn }) => {
    if (op.op !== "alloc" || typeof expectedReturn !== "number" || typeof actualReturn !== "number") return null;
    const distance = actualReturn - expectedReturn;
    const isHalf = distance >= 2 ** op.order && Number.isInteger(Math.log2(distance));
    return isHalf ? { expected: expectedReturn, actual: actualReturn, order: op.order } : null;
  },

  wrongPage: ({ op, expectedReturn, actualReturn }) =>
    op.op === "alloc" &&
    typeof expectedReturn === "number" &&
    typeof actualReturn === "number" &&
    actualReturn !== expectedReturn
      ? { expected: expectedReturn, actual: actualReturn }
      : null,

  badPage: ({ expected, actual, actualReturn }) =>
    isTainted(actual) && !isTainted(expected) ? { pfn: typeof actualReturn === "number" ? actualReturn : -1 } : null,

  mergedPastMaxOrder: ({ actual }) => {
    const mark = actual.marks.find(({ order }) => order >= MAX_ORDER);
    return mark ? { pfn: mark.pfn, order: mark.order, most: MAX_ORDER - 1 } : null;
  },

  misaligned: ({ actual }) => {
    const block = freeBlocks(actual).find(({ pfn, order }) => (pfn - actual.startPfn) % 2 ** order !== 0);
    return block ? { ...block, index: block.pfn - actual.startPfn, size: 2 ** block.order } : null;
  },

  beyondZone: ({ actual }) => {
    const end = actual.startPfn + actual.pages;
    const block = freeBlocks(actual).find(({ pfn, order }) => pfn + 2 ** order > end);
    return block ? { ...block, last: end - 1, blockLast: block.pfn + 2 ** block.order - 1 } : null;
  },

  coversUsed: ({ actual }) => {
    for (const block of freeBlocks(actual)) {
      const used = actual.allocated.find((other) => overlap(block, other));
      if (used) return { ...block, used: used.pfn, usedOrder: used.order };
    }
    return null;
  },

  blocksOverlap: ({ actual }) => {
    const blocks = freeBlocks(actual).sort((a, b) => a.pfn - b.pfn);
    for (const [i, block] of blocks.entries()) {
      const next = blocks[i + 1];
      if (next && overlap(block, next)) return { ...block, other: next.pfn, otherOrder: next.order };
    }
    return null;
  },

  missingMerge: ({ expected, actual }) => {
    for (const { pfn, order } of freeBlocks(actual)) {
      const index = pfn - actual.startPfn;
      const buddyIndex = index + 2 ** order;
      if (order >= MAX_ORDER - 1 || index % 2 ** (order + 1) !== 0) continue;
      const has = (state: BuddyState, at: number) => state.freeLists[order]!.includes(at + state.startPfn);
      if (has(actual, buddyIndex) && !(has(expected, index) && has(expected, buddyIndex)))
        return {
          a: pfn,
          b: buddyIndex + actual.startPfn,
          index,
          buddyIndex,
          size: 2 ** order,
          order,
          parentOrder: order + 1,
        };
    }
    return null;
  },

  notMarked: ({ expected, actual }) => {
    const missing = expected.marks.find(
      ({ pfn, order }) => !markAt(actual, pfn) && actual.freeLists[order]?.includes(pfn),
    );
    return missing ? { pfn: missing.pfn, order: missing.order } : null;
  },

  wrongMark: ({ expected, actual }) => {
    for (const { pfn, order } of expected.marks) {
      const mark = markAt(actual, pfn);
      if (mark && mark.order !== order) return { pfn, expected: order, actual: mark.order };
    }
    return null;
  },

  wrongList: ({ expected, actual }) => {
    for (const { pfn, order } of freeBlocks(expected)) {
      const other = actual.freeLists.findIndex((list, k) => k !== order && list.includes(pfn));
      if (other >= 0 && !actual.freeLists[order]!.includes(pfn)) return { pfn, expected: order, actual: other };
    }
    return null;
  },

  lostBlock: ({ expected, actual }) => {
    const lost = freeBlocks(expected).find(({ pfn, order }) => !actual.freeLists[order]!.includes(pfn));
    return lost ? { ...lost, last: lost.pfn + 2 ** lost.order - 1 } : null;
  },

  extraBlock: ({ expected, actual }) => {
    const extra = freeBlocks(actual).find(({ pfn, order }) => !expected.freeLists[order]!.includes(pfn));
    return extra ? { ...extra, last: extra.pfn + 2 ** extra.order - 1 } : null;
  },

  staleMark: ({ expected, actual }) => {
    const stale = actual.marks.find(({ pfn }) => !markAt(expected, pfn));
    return stale ? { pfn: stale.pfn, order: stale.order } : null;
  },

  tailInsteadOfHead: ({ expected, actual }) => {
    for (const [order, want] of expected.freeLists.entries()) {
      const have = actual.freeLists[order]!;
      if (want.length > 1 && sameList(have, [...want.slice(1), want[0]!])) return { pfn: want[0]!, order };
    }
    return null;
  },

  listOrder: ({ expected, actual }) => {
    const order = expected.freeLists.findIndex((want, k) => !sameList(want, actual.freeLists[k]!));
    return order < 0
      ? null
      : { order, expected: spell(expected.freeLists[order]!), actual: spell(actual.freeLists[order]!) };
  },

  nrFree: ({ expected, actual }) => {
    const order = expected.nrFree.findIndex((count, k) => count !== actual.nrFree[k]);
    return order < 0 ? null : { order, expected: expected.nrFree[order]!, actual: actual.nrFree[order]! };
  },

  freePages: ({ expected, actual }) =>
    expected.freePages === actual.freePages
      ? null
      : {
          expected: expected.freePages,
          actual: actual.freePages,
          difference: Math.abs(expected.freePages - actual.freePages),
        },
};

/** Names of all rules; each has a sentence in every language. */
export const buddyRuleNames: readonly string[] = Object.keys(buddyRules);

export function explainBuddy(difference: {
  op: BuddyOp;
  expected: Observation;
  actual: Observation;
  expectedReturn: Value;
  actualReturn: Value;
}): Message | null {
  const { expected, actual } = difference;
  if (expected.kind !== "buddy" || actual.kind !== "buddy") return null;
  for (const [name, rule] of Object.entries(buddyRules)) {
    const args = rule({ ...difference, expected, actual });
    if (args) return { key: `rule.${name}`, args };
  }
  return null;
}

/** A rule about the per-CPU list that the operation used; `list` names it. */
function pcpRule(test: (op: BuddyOp, want: PcpListState, have: PcpListState) => Args | null): Rule {
  return ({ op, expected, actual }) => {
    const list = op.cold ? "cold" : "hot";
    const [want, have] = [expected.pcp?.[list], actual.pcp?.[list]];
    const args = want && have ? test(op, want, have) : null;
    return args && { list, ...args };
  };
}

const marksOf = ({ low, high, batch }: PcpListState): Args => ({ low, high, batch });
const spell = (list: readonly number[]) => (list.length === 0 ? "∅" : list.join(" "));
const sameList = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((pfn, i) => pfn === b[i]);
const sameSet = (a: readonly number[], b: readonly number[]) =>
  sameList([...a].sort(ascending), [...b].sort(ascending));
const isTainted = (state: BuddyState) => state.findings.some(({ rule }) => rule === "tainted");
const ascending = (a: number, b: number) => a - b;
const markAt = (state: BuddyState, pfn: number) => state.marks.find((mark) => mark.pfn === pfn);
const overlap = (a: FreeBlock, b: FreeBlock) => a.pfn < b.pfn + 2 ** b.order && b.pfn < a.pfn + 2 ** a.order;

function freeBlocks(state: BuddyState): FreeBlock[] {
  return state.freeLists.flatMap((list, order) => list.map((pfn) => ({ pfn, order })));
}
