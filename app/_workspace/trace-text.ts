// A buddy trace as a learner types it: one operation a line, in the spelling in which traces are shown everywhere.
//   a = alloc(order 1)      a = alloc 1      free(a)      free a      # a comment
// `cold` after the order or the name asks for (or gives back) a cache-cold page.
import { type BuddyOp, labelOf } from "@/lib/slots/buddy-trace";

export interface TraceProblem {
  /** 1-based. */
  readonly line: number;
  /** A key of the words' namespace `workspace`, under `trace`. */
  readonly key: "syntax" | "order" | "twice" | "unknown" | "empty" | "tooLong";
  readonly args: Readonly<Record<string, string | number>>;
}

export const traceLimit = 200;
export const maxOrder = 10;

const allocLine = /^([a-z][a-z0-9]{0,7})\s*=\s*alloc(?:\(\s*(?:order\s+)?(\d+)\s*(,\s*cold)?\s*\)|\s+(?:order\s+)?(\d+)(\s+cold)?)$/;
const freeLine = /^free(?:\(\s*([a-z][a-z0-9]{0,7})\s*(,\s*cold)?\s*\)|\s+([a-z][a-z0-9]{0,7})(\s+cold)?)$/;

/** Every line that can be read, and what is wrong with the others. Names are checked in order, as the machine would meet them. */
export function parseTrace(text: string): { readonly ops: readonly BuddyOp[]; readonly problems: readonly TraceProblem[] } {
  const ops: BuddyOp[] = [];
  const problems: TraceProblem[] = [];
  const inUse = new Set<string>();
  text.split("\n").forEach((raw, index) => {
    const words = raw.replace(/(#|\/\/).*$/, "").replace(/;\s*$/, "").trim();
    if (words === "") return;
    const line = index + 1;
    const problem = (key: TraceProblem["key"], args: TraceProblem["args"]) => void problems.push({ line, key, args });
    const alloc = allocLine.exec(words);
    const free = freeLine.exec(words);
    if (alloc) {
      const id = alloc[1]!;
      const order = Number(alloc[2] ?? alloc[4]);
      if (order > maxOrder) return problem("order", { order, max: maxOrder });
      if (inUse.has(id)) return problem("twice", { name: id });
      inUse.add(id);
      ops.push({ op: "alloc", order, id, ...(alloc[3] || alloc[5] ? { cold: true } : {}) });
    } else if (free) {
      const id = (free[1] ?? free[3])!;
      if (!inUse.delete(id)) return problem("unknown", { name: id });
      ops.push({ op: "free", id, ...(free[2] || free[4] ? { cold: true } : {}) });
    } else problem("syntax", { text: words.slice(0, 40) });
  });
  if (ops.length > traceLimit) problems.push({ line: 1, key: "tooLong", args: { count: ops.length, max: traceLimit } });
  if (ops.length === 0 && problems.length === 0) problems.push({ line: 1, key: "empty", args: {} });
  return { ops, problems };
}

export const formatTrace = (ops: readonly BuddyOp[]): string => ops.map(labelOf).join("\n");
