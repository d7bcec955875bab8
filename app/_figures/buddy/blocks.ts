// A zone cut into blocks: every page belongs to exactly one, also in a machine whose lists are wrong.
// Theory: a free block is what a free list names, a used one what the trace still holds; per-CPU lists park single
//         pages. In a broken machine two owners may claim a page (`clash`) or none (`lost`), and that is drawn as such.
import type { BuddyState } from "@/lib/sim/observe";

export const blockKinds = ["free", "used", "hot", "cold", "reserved", "lost", "clash", "held"] as const;
export type BlockKind = (typeof blockKinds)[number];

/** A state in the middle of an operation: `held` blocks have left their list and are in the allocator's hands. */
export type DrawnState = BuddyState & { readonly held?: readonly { readonly pfn: number; readonly order: number }[] };

export interface Block {
  readonly kind: BlockKind;
  /** Absolute number of the first page. */
  readonly pfn: number;
  readonly pages: number;
  /** Null for runs that are no block of the allocator: reserved, lost, clash. */
  readonly order: number | null;
}

/** Ascending, without gap or overlap; the pages sum to the zone. Linear in the zone's size. */
export function blocksOf(state: DrawnState): Block[] {
  const { pages, startPfn } = state;
  const kind = new Uint8Array(pages).fill(blockKinds.indexOf("lost"));
  const owner = new Int32Array(pages).fill(-1);
  const claim = (pfn: number, count: number, name: BlockKind) => {
    const from = Math.max(0, pfn - startPfn);
    const to = Math.min(pages, pfn - startPfn + count);
    for (let index = from; index < to; index++) {
      const claimed = owner[index] !== -1;
      kind[index] = blockKinds.indexOf(claimed ? "clash" : name);
      owner[index] = claimed ? -2 : pfn - startPfn;
    }
  };
  for (const pfn of state.reserved) claim(pfn, 1, "reserved");
  for (const block of state.held ?? []) claim(block.pfn, 2 ** block.order, "held");
  for (const block of state.allocated) claim(block.pfn, 2 ** block.order, "used");
  state.freeLists.forEach((list, order) => {
    for (const pfn of list) claim(pfn, 2 ** order, "free");
  });
  for (const pfn of state.pcp?.hot.list ?? []) claim(pfn, 1, "hot");
  for (const pfn of state.pcp?.cold.list ?? []) claim(pfn, 1, "cold");

  const blocks: Block[] = [];
  for (let first = 0; first < pages; ) {
    const name = blockKinds[kind[first]!]!;
    const single = name === "reserved" || name === "lost" || name === "clash";
    let end = first + 1;
    while (end < pages && kind[end] === kind[first] && (single || owner[end] === owner[first])) end++;
    const length = end - first;
    const order = single ? null : wholeOrder(length);
    blocks.push({ kind: name, pfn: first + startPfn, pages: length, order });
    first = end;
  }
  return blocks;
}

/** The order of a block of that many pages; null for what a clash has left of a block. */
function wholeOrder(pages: number): number | null {
  const order = Math.log2(pages);
  return Number.isInteger(order) ? order : null;
}

/** The largest order whose block fits in the zone. */
export function topOrder(state: BuddyState): number {
  return Math.max(0, Math.min(state.freeLists.length - 1, Math.floor(Math.log2(Math.max(1, state.pages)))));
}

/** First page of the buddy of a block. Buddies differ in one bit of the index counted from the zone's start. */
export function buddyPfn(state: BuddyState, pfn: number, order: number): number {
  return state.startPfn + ((pfn - state.startPfn) ^ (2 ** order));
}

export interface Run extends Block {
  /** Equal blocks side by side; 1 for a single block. */
  readonly count: number;
}

/** Above this many blocks, tables and keyboard mirror speak of runs of equal neighbours. */
const singlyUpTo = 128;

export function runsOf(state: DrawnState): Run[] {
  const blocks = blocksOf(state);
  const runs: Run[] = [];
  for (const block of blocks) {
    const last = runs.at(-1);
    if (blocks.length > singlyUpTo && last && last.kind === block.kind && last.order === block.order) {
      runs[runs.length - 1] = { ...last, pages: last.pages + block.pages, count: last.count + 1 };
    } else {
      runs.push({ ...block, count: 1 });
    }
  }
  return runs;
}

/** Blocks of `one` that `other` does not have in the same place, size and kind. */
export function differingBlocks(one: DrawnState, other: DrawnState): Block[] {
  const name = (block: Block) => `${block.kind}:${block.pfn}:${block.pages}`;
  const known = new Set(blocksOf(other).map(name));
  return blocksOf(one).filter((block) => !known.has(name(block)));
}
