// A machine that somebody operates: a trace that grows by one operation at a time, with undo as a mere cursor.
// Theory: the operations are the truth, the states follow from them. A refused operation leaves everything as it was and says
//         why, which the kernel itself would often only do by corrupting its lists.
import type { SimEvent } from "@/lib/sim/events";
import type { BuddyConfig } from "@/lib/sim/machine";
import type { BuddyState } from "@/lib/sim/observe";
import { createRng } from "@/lib/sim/rng";
import { generateMix } from "@/lib/slots/buddy-generate";
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
  /** Ascending counts of operations at which a command of the reader was complete: where undo and redo stop. */
  readonly stops: readonly number[];
}

/** More would make links unwieldy, and every state is kept. */
export const mostOps = 1000;

export type Refusal =
  | { readonly key: "refuseOrder"; readonly args: { readonly order: number; readonly most: number } }
  | {
      readonly key: "refuseOutside";
      readonly args: { readonly pfn: number; readonly first: number; readonly last: number };
    }
  | { readonly key: "refuseDoubleFree"; readonly args: { readonly pfn: number } }
  | { readonly key: "refuseParked"; readonly args: { readonly pfn: number } }
  | { readonly key: "refuseReserved"; readonly args: { readonly pfn: number } }
  | {
      readonly key: "refuseInside";
      readonly args: { readonly pfn: number; readonly head: number; readonly order: number };
    }
  | { readonly key: "refuseNothing"; readonly args: Readonly<Record<string, never>> }
  | { readonly key: "refuseFull"; readonly args: { readonly most: number } };

export function openSession(config: BuddyConfig, ops: readonly BuddyOp[]): Session {
  return { config, ops, run: replay(config, ops), at: ops.length, stops: [0, ops.length] };
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
  const id = namesInUse(session).get(pfn)!;
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

/**
 * More operations as one command; what had been undone is dropped. Earlier states are kept, not computed again.
 * `next` is asked until it has nothing more, each time with the result of the operation before.
 */
function appendWhile(
  session: Session,
  next: (result: number | null | undefined, count: number) => BuddyOp | null,
): Session | Refusal {
  const { config, at, run } = session;
  if (at >= mostOps) return { key: "refuseFull", args: { most: mostOps } };
  const ops = session.ops.slice(0, at);
  const traced = openBuddy(config);
  for (const earlier of ops) traced.apply(earlier);
  const states = run.states.slice(0, at + 1);
  const labels = run.labels.slice(0, at);
  const events = run.events.slice(0, at);
  const results = run.results.slice(0, at);
  let result: number | null | undefined;
  while (ops.length < mostOps) {
    const op = next(result, ops.length - at);
    if (op === null) break;
    const happened: SimEvent[] = [];
    traced.machine.events = happened;
    result = traced.apply(op);
    ops.push(op);
    states.push(traced.observe());
    labels.push(labelOf(op));
    events.push(happened);
    results.push(result);
  }
  const stops = [...session.stops.filter((stop) => stop <= at), ops.length];
  return { config, ops, at: ops.length, stops, run: { states, labels, events, results } };
}

function append(session: Session, op: BuddyOp): Session | Refusal {
  return appendWhile(session, (_, count) => (count === 0 ? op : null));
}

/** Allocates blocks of one order until a request fails. */
export function fill(session: Session, order: number): Session | Refusal {
  const most = stateOf(session).freeLists.length - 1;
  if (!Number.isInteger(order) || order < 0 || order > most) return { key: "refuseOrder", args: { order, most } };
  const named = session.ops.slice(0, session.at).filter((op) => op.op === "alloc").length;
  return appendWhile(session, (result, count) =>
    result === null ? null : { op: "alloc", order, id: blockName(named + count) },
  );
}

/** Frees blocks in use, in address order: all of them, or every second one. */
export function empty(session: Session, which: "all" | "every-second"): Session | Refusal {
  const names = [...namesInUse(session)].sort(([one], [other]) => one - other).map(([, name]) => name);
  const chosen = which === "all" ? names : names.filter((_, at) => at % 2 === 1);
  if (chosen.length === 0) return { key: "refuseNothing", args: {} };
  return appendWhile(session, (_, count) => {
    const id = chosen[count];
    return id === undefined ? null : { op: "free", id };
  });
}

/** A random workload on the machine as it stands now would need its blocks' names; so it begins anew. */
export function workload(config: BuddyConfig, seed: number, length: number): BuddyOp[] {
  const coldPercent = config.pcp ? 20 : 0;
  return generateMix(
    createRng(seed),
    config,
    { maxOrder: Math.min(4, Math.floor(Math.log2(config.pages))), coldPercent },
    length,
  );
}

export function undo(session: Session): Session {
  return { ...session, at: session.stops.findLast((stop) => stop < session.at) ?? 0 };
}

export function redo(session: Session): Session {
  return { ...session, at: session.stops.find((stop) => stop > session.at) ?? session.ops.length };
}
