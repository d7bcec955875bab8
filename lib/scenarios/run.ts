// A machine under a list of operations: what each returned, the moments inside it, the state at each moment.
// Theory: states are observed while the operation runs, at the events that end a moment. So a step needs no second model of what an
//         event changes, and any position is drawn from its own state, however the reader got there.
import type { SimEvent } from "@/lib/sim/events";
import { KernelBug } from "@/lib/sim/kernel-bug";
import { createRng } from "@/lib/sim/rng";
import { lineOf } from "./command";
import type { AnyOp, Refusal, Result, Scenario } from "./scenario";

/** One narratable step. */
export interface Moment<State> {
  /** Index of the operation; -1 for the machine before the first. */
  readonly at: number;
  /** The operation and its command line; null before the first. */
  readonly op: AnyOp | null;
  readonly line: string | null;
  /** The events of this step alone. */
  readonly events: readonly SimEvent[];
  readonly state: State;
  /** The operation is complete; its result is known. */
  readonly last: boolean;
  readonly result: Result;
}

export interface Session<Config, Op extends AnyOp, State> {
  readonly config: Config;
  readonly ops: readonly Op[];
  /** `moments[0]` is the start alone, `moments[i + 1]` those of operation i, at least one. */
  readonly moments: readonly (readonly Moment<State>[])[];
  /** Operations in effect; those behind it can be redone. */
  readonly at: number;
  /** Ascending counts of operations at which a command of the reader was complete: where undo and redo stop. */
  readonly stops: readonly number[];
}

/** Nothing was done: the scenario's own refusal, or one of these that every part has. */
export type Refused =
  | { readonly by: "part"; readonly refusal: Refusal }
  | { readonly by: "bug"; readonly refusal: Refusal }
  | {
      readonly by: "session";
      readonly refusal: { readonly key: "refuseFull"; readonly args: { readonly most: number } };
    };

/** An operation with more steps is cut here; its last step holds the rest. */
const mostMoments = 60;
const defaultMostOps = 300;

export function openSession<C, O extends AnyOp, M, S>(
  scenario: Scenario<C, O, M, S>,
  config: C,
  ops: readonly O[],
): Session<C, O, S> {
  const start = scenario.observe(scenario.boot(config));
  const first = { at: -1, op: null, line: null, events: [], state: start, last: true, result: null } as const;
  const empty: Session<C, O, S> = { config, ops: [], moments: [[first]], at: 0, stops: [0] };
  // What may not be executed is left out: a stranger's link may free what is not in use.
  const grown = appendAll(scenario, empty, (_, done) => ops[done] ?? null, "skip");
  return "by" in grown ? empty : grown;
}

export function stateOf<S>(session: Session<unknown, AnyOp, S>): S {
  return session.moments[session.at]!.at(-1)!.state;
}

/** The steps of the operation at the cursor. */
export function lastMoments<S>(session: Session<unknown, AnyOp, S>): readonly Moment<S>[] {
  return session.moments[session.at]!;
}

/** One operation as often as asked; stops early where it is refused. What had been undone is dropped. */
export function append<C, O extends AnyOp, M, S>(
  scenario: Scenario<C, O, M, S>,
  session: Session<C, O, S>,
  op: O,
  times = 1,
): Session<C, O, S> | Refused {
  return appendAll(scenario, session, (_, done) => (done < times ? op : null), "stop");
}

/** A random workload, from the state as it is. Same state, seed and length: same operations. */
export function appendRandom<C, O extends AnyOp, M, S>(
  scenario: Scenario<C, O, M, S>,
  session: Session<C, O, S>,
  length: number,
  seed: number,
): Session<C, O, S> | Refused {
  const rng = createRng(seed);
  return appendAll(scenario, session, (state, done) => (done < length ? scenario.random(state, rng) : null), "skip");
}

function appendAll<C, O extends AnyOp, M, S>(
  scenario: Scenario<C, O, M, S>,
  session: Session<C, O, S>,
  next: (state: S, asked: number) => O | null,
  refused: "stop" | "skip",
): Session<C, O, S> | Refused {
  const most = scenario.mostOps ?? defaultMostOps;
  const { at, config } = session;
  if (at >= most) return { by: "session", refusal: { key: "refuseFull", args: { most } } };
  const ops = session.ops.slice(0, at);
  const moments = session.moments.slice(0, at + 1);
  let machine = rebuild(scenario, config, ops);
  for (let asked = 0; ops.length < most; asked++) {
    const op = next(moments.at(-1)!.at(-1)!.state, asked);
    if (op === null) break;
    const refusal = refuse(scenario, machine, op);
    const done = refusal ?? execute(scenario, machine, op, ops.length);
    if ("by" in done) {
      // After a bug the memory may be half changed.
      if (done.by === "bug") machine = rebuild(scenario, config, ops);
      if (refused === "skip") continue;
      if (ops.length === at) return done;
      break;
    }
    ops.push(op);
    moments.push(done);
  }
  if (ops.length === at) return session;
  const stops = [...session.stops.filter((stop) => stop <= at), ops.length];
  return { config, ops, moments, at: ops.length, stops };
}

function rebuild<C, O extends AnyOp, M, S>(scenario: Scenario<C, O, M, S>, config: C, ops: readonly O[]): M {
  const machine = scenario.boot(config);
  for (const op of ops) scenario.apply(machine, op);
  return machine;
}

function refuse<C, O extends AnyOp, M, S>(scenario: Scenario<C, O, M, S>, machine: M, op: O): Refused | null {
  const refusal = scenario.refuse(machine, op);
  return refusal && { by: "part", refusal };
}

function execute<C, O extends AnyOp, M, S>(
  scenario: Scenario<C, O, M, S>,
  machine: M,
  op: O,
  at: number,
): readonly Moment<S>[] | Refused {
  const line = lineOf(scenario.commands, op);
  const moments: Moment<S>[] = [];
  let since: SimEvent[] = [];
  const cut = (last: boolean, result: Result) => {
    moments.push({ at, op, line, events: since, state: scenario.observe(machine), last, result });
    since = [];
  };
  const recorder: SimEvent[] = [];
  // The simulator appends with push and never reads: each event passes here at the moment when it happens.
  recorder.push = (...events) => {
    since.push(...events);
    if (moments.length < mostMoments && events.some((event) => scenario.endsMoment(event, op))) cut(false, null);
    return 0;
  };
  scenario.record(machine, recorder);
  try {
    const result = scenario.apply(machine, op);
    scenario.record(machine, null);
    finish(result);
    return moments;
  } catch (error) {
    scenario.record(machine, null);
    if (!(error instanceof KernelBug)) throw error;
    return { by: "bug", refusal: { key: error.code, args: error.args } };
  }

  /** What merely follows the last step joins it: a step without an event of its own would say nothing. */
  function finish(result: Result): void {
    const before = moments.pop();
    since = [...(before?.events ?? []), ...since];
    cut(true, result);
  }
}

export function undo<C, O extends AnyOp, S>(session: Session<C, O, S>): Session<C, O, S> {
  return { ...session, at: session.stops.findLast((stop) => stop < session.at) ?? 0 };
}

export function redo<C, O extends AnyOp, S>(session: Session<C, O, S>): Session<C, O, S> {
  return { ...session, at: session.stops.find((stop) => stop > session.at) ?? session.ops.length };
}

export function goTo<C, O extends AnyOp, S>(session: Session<C, O, S>, at: number): Session<C, O, S> {
  return { ...session, at: Math.max(0, Math.min(session.ops.length, at)) };
}
