// A machine that somebody operates: a trace that grows by one operation at a time, with undo as a mere cursor.
// Theory: the operations are the truth, the states follow from them. A refused operation leaves everything as it was and says
//         why, which the kernel itself would often only do by corrupting its lists.
import type { SimEvent } from "@/lib/sim/events";
import type { BuddyConfig } from "@/lib/sim/machine";
import type { BuddyState } from "@/lib/sim/observe";
import { openBuddy } from "@/lib/slots/buddy-machine";
import { type Replay, replay } from "@/lib/slots/buddy-replay";
import { type BuddyOp, blockName, labelOf } from "@/lib/slots/buddy-trace";
import { blocksOf } from "./blocks";

export interface Session {
  readonly config: BuddyConfig;
  readonly ops: readonly BuddyOp[];
  readonly run: Replay;
  /** Operations in effect; those behind it can be redone. */
  readonly at: number;
}

/** More would make links and undo unwieldy. */
export const mostOps = 2000;

export type Refusal =
  | { readonly key: "refuseOrder"; readonly args: { readonly order: number; readonly most: number } }
  | { readonly key: "refuseOutside"; readonly args: { readonly pfn: number; readonly first: number; readonly last: number } }
  | { readonly key: "refuseDoubleFree"; readonly args: { readonly pfn: number } }
  | { readonly key: "refuseParked"; readonly args: { readonly pfn: number } }
  | { readonly key: "refuseReserved"; readonly args: { readonly pfn: number } }
  | { readonly key: "refuseInside"; readonly args: { readonly pfn: number; readonly head: number; readonly order: number } }
  | { readonly key: "refuseBooted"; readonly args: { readonly pfn: number } }
  | { readonly key: "refuseFull"; readonly args: { readonly most: number } };

export function openSession(config: BuddyConfig, ops: readonly BuddyOp[]): Session {
  return { config, ops, run: replay(config, ops), at: ops.length };
}

export function stateOf(session: Session): BuddyState {
  return session.run.states[session.at]!;
}

/** What one more allocation is called; never the name of an earlier one, so that undo and redo stay unambiguous. */
function nextName(ops: readonly BuddyOp[]): string {
  return blockName(ops.filter((op) => op.op === "alloc").length);
}

export function alloc(session: Session, order: number, cold: "hot" | "cold"): Session | Refusal {
  const most = stateOf(session).freeLists.length - 1;
  if (!Number.isInteger(order) || order < 0 || order > most) return { key: "refuseOrder", args: { order, most } };
  const done = session.ops.slice(0, session.at);
  return append(session, { op: "alloc", order, id: nextName(done), ...(cold === "cold" ? { cold: true } : {}) });
}

export function freePage(session: Session, pfn: number, cold: "hot" | "cold"): Session | Refusal {
  const state = stateOf(session);
  const first = state.startPfn;
  const last = first + state.pages - 1;
  if (!Number.isInteger(pfn) || pfn < first || pfn > last) return { key: "refuseOutside", args: { pfn, first, last } };
  const block = blocksOf(state).findLast((each) => each.pfn <= pfn)!;
  if (block.kind === "reserved") return { key: "refuseReserved", args: { pfn } };
  if (block.kind === "hot" || block.kind === "cold") return { key: "refuseParked", args: { pfn } };
  if (block.kind !== "used") return { key: "refuseDoubleFree", args: { pfn } };
  if (block.pfn !== pfn) return { key: "refuseInside", args: { pfn, head: block.pfn, order: block.order ?? 0 } };
  const id = namesInUse(session).get(pfn);
  // A page that was never free after boot belongs to nobody whom the trace could name.
  if (id === undefined) return { key: "refuseBooted", args: { pfn } };
  return append(session, { op: "free", id, ...(cold === "cold" ? { cold: true } : {}) });
}

/** First page of every block in use, with the name under which the trace knows it. */
export function namesInUse(session: Session): Map<number, string> {
  const pfns = new Map<string, number>();
  session.ops.slice(0, session.at).forEach((op, index) => {
    const pfn = session.run.results[index];
    if (op.op === "free") pfns.delete(op.id);
    else if (pfn !== null && pfn !== undefined) pfns.set(op.id, pfn);
  });
  return new Map([...pfns].map(([id, pfn]) => [pfn, id]));
}

/** One more operation; what had been undone is dropped. Earlier states are kept, not computed again. */
function append(session: Session, op: BuddyOp): Session | Refusal {
  if (session.at >= mostOps) return { key: "refuseFull", args: { most: mostOps } };
  const { config, at, run } = session;
  const ops = session.ops.slice(0, at);
  const traced = openBuddy(config);
  for (const earlier of ops) traced.apply(earlier);
  const events: SimEvent[] = [];
  traced.machine.events = events;
  const result = traced.apply(op);
  return {
    config,
    ops: [...ops, op],
    at: at + 1,
    run: {
      states: [...run.states.slice(0, at + 1), traced.observe()],
      labels: [...run.labels.slice(0, at), labelOf(op)],
      events: [...run.events.slice(0, at), events],
      results: [...run.results.slice(0, at), result],
    },
  };
}

export function undo(session: Session): Session {
  return { ...session, at: Math.max(0, session.at - 1) };
}

export function redo(session: Session): Session {
  return { ...session, at: Math.min(session.ops.length, session.at + 1) };
}
