// What a predict figure asks, and the answer, read off the two states around the operation.
import type { BuddyState } from "@/lib/sim/observe";
import type { Replay } from "@/lib/slots/buddy-replay";
import type { BuddyOp } from "@/lib/slots/buddy-trace";
import type { FigureWords } from "../words";
import type { Question } from "./props";
import type { BlockRef } from "./scene";

/** Page numbers that answer the question about the last operation; empty where nothing is returned, taken or listed. */
export function answerOf(question: Question, run: Replay): number[] {
  const before = run.states.at(-2)!;
  const after = run.states.at(-1)!;
  switch (question.ask) {
    case "page": {
      const pfn = run.results.at(-1);
      return pfn === null || pfn === undefined ? [] : [pfn];
    }
    case "taken":
      return goneFrom(before, after)
        .slice(0, 1)
        .map((block) => block.pfn);
    case "merged":
      return goneFrom(after, before)
        .slice(-1)
        .map((block) => block.pfn);
    case "list":
      return [...(after.freeLists[question.order] ?? [])];
  }
}

/** Blocks on the answer, to be ringed. */
export function answerBlocks(question: Question, run: Replay): BlockRef[] {
  const [pfn] = answerOf(question, run);
  const before = run.states.at(-2)!;
  const after = run.states.at(-1)!;
  switch (question.ask) {
    case "page":
      return after.allocated.filter((block) => block.pfn === pfn);
    case "taken":
      return goneFrom(before, after).filter((block) => block.pfn === pfn);
    case "merged":
      return goneFrom(after, before).filter((block) => block.pfn === pfn);
    case "list":
      return answerOf(question, run).map((each) => ({ pfn: each, order: question.order }));
  }
}

/** Free blocks of one state that the other has not, smallest order first. */
function goneFrom(state: BuddyState, other: BuddyState): BlockRef[] {
  return state.freeLists.flatMap((list, order) => {
    const there = new Set(other.freeLists[order]);
    return list.filter((pfn) => !there.has(pfn)).map((pfn) => ({ pfn, order }));
  });
}

/** The label of the last operation; a free also says which page that is, which its name alone does not. */
export function labelOfLast(run: Replay, ops: readonly BuddyOp[], words: FigureWords): string {
  const label = run.labels.at(-1)!;
  const last = ops.at(-1);
  if (last?.op !== "free") return label;
  const made = ops.findLastIndex((op) => op.op === "alloc" && op.id === last.id);
  const pfn = run.results[made];
  return pfn === null || pfn === undefined ? label : words("labelFreed", { label, pfn: String(pfn) });
}

export function askIn(question: Question, label: string, words: FigureWords): string {
  switch (question.ask) {
    case "page":
      return words("predictPage", { label });
    case "taken":
      return words("predictTaken", { label });
    case "merged":
      return words("predictMerged", { label });
    case "list":
      return words("predictList", { label, order: question.order });
  }
}
