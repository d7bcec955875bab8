// Traces as a person writes them, one operation a line:
//
//     a = alloc 1        a block of order 1, called a
//     b = alloc 0 cold   a single page from the cold list
//     free a             # words after a hash are a comment
//     free b cold

import type { BuddyConfig } from "@/lib/sim/machine";
import { legalBuddyOps } from "./buddy-machine";
import type { BuddyOp } from "./buddy-trace";
import type { Message } from "./slot";

export type ParsedTrace =
  | {
      readonly ok: true;
      readonly ops: readonly BuddyOp[] /** 1-based, one for each operation. */;
      readonly lines: readonly number[];
    }
  | { readonly ok: false; readonly line: number; readonly column: number; readonly message: Message };

/** More than anybody writes by hand. */
export const maxTextOps = 200;

const allocPattern = /^([a-z][a-z0-9]{0,7})\s*=\s*alloc\s+(\d{1,3})(\s+cold)?$/;
const freePattern = /^free\s+([a-z][a-z0-9]{0,7})(\s+cold)?$/;

export function parseTrace(text: string): ParsedTrace {
  const ops: BuddyOp[] = [];
  const lines: number[] = [];
  for (const [i, whole] of text.split(/\r?\n/).entries()) {
    const content = whole.replace(/#.*$/, "").trim();
    if (content === "") continue;
    const refuse = (key: string, args: Message["args"]): ParsedTrace => ({
      ok: false,
      line: i + 1,
      column: whole.length - whole.trimStart().length + 1,
      message: { key, args },
    });
    if (ops.length === maxTextOps) return refuse("trace.tooLong", { most: maxTextOps });
    const op = parseOperation(content);
    if (!op) return refuse("trace.notAnOperation", { text: content.slice(0, 60) });
    if (op.op === "alloc" && op.order > 10) return refuse("trace.orderTooLarge", { order: op.order });
    ops.push(op);
    lines.push(i + 1);
  }
  if (ops.length === 0) return { ok: false, line: 1, column: 1, message: { key: "trace.empty", args: {} } };
  return { ok: true, ops, lines };
}

function parseOperation(text: string): BuddyOp | null {
  const alloc = allocPattern.exec(text);
  if (alloc) return { op: "alloc", id: alloc[1]!, order: Number(alloc[2]), ...(alloc[3] ? { cold: true } : {}) };
  const free = freePattern.exec(text);
  return free ? { op: "free", id: free[1]!, ...(free[2] ? { cold: true } : {}) } : null;
}

export function printTrace(ops: readonly BuddyOp[]): string {
  const line = (op: BuddyOp) => {
    const cold = op.cold ? " cold" : "";
    return op.op === "alloc" ? `${op.id} = alloc ${op.order}${cold}\n` : `free ${op.id}${cold}\n`;
  };
  return ops.map(line).join("");
}

/** The first operation that the machine cannot execute, or null: a name in use again, a block freed that nobody holds. */
export function firstIllegal(config: BuddyConfig, ops: readonly BuddyOp[]): { index: number; message: Message } | null {
  const legal = legalBuddyOps(config, ops);
  const index = ops.findIndex((op, i) => legal[i] !== op);
  if (index < 0) return null;
  const { op, id } = ops[index]!;
  return { index, message: { key: op === "alloc" ? "trace.nameInUse" : "trace.notInUse", args: { id } } };
}
