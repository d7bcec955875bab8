// The buddy data sets: traces of the kernel's own zone functions, compiled in user space.
// Source: oracles/README.md section 2. The traces call __rmqueue and __free_pages_bulk (with per-CPU lists: buffered_rmqueue and
//         free_hot_cold_page) directly, so a part of a block may be freed by itself.
import { createHash } from "node:crypto";
import { bootBuddyMachine } from "@/lib/sim/buddy-machine";
import { checkZone } from "@/lib/sim/check-zone";
import type { Cold } from "@/lib/sim/constants";
import { KernelBug } from "@/lib/sim/kernel-bug";
import { type BuddyConfig, type BuddyMachine, type PcpMarks, pageToPfn, pfnToPage, zoneInits } from "@/lib/sim/machine";
import type { BuddyState } from "@/lib/sim/observe";
import { observeBuddy } from "@/lib/sim/observe-buddy";
import {
  BadData,
  type CaseOutcome,
  type Difference,
  integer,
  integers,
  type Json,
  list,
  record,
  sameJson,
  text,
} from "./data-set";

interface TraceOp {
  readonly kind: "a" | "f";
  readonly order: number;
  /** -1: the allocation failed. */
  readonly pfn: number;
  readonly cold: Cold;
  /** The lists that changed, whole. Absent in the long traces. */
  readonly delta: { [list: string]: Json } | null;
}

/** What the trace says the lists are: free lists by order, then hot and cold. */
type Lists = Map<string, Json>;

/** buddy_traces.json: free lists after each operation. */
export function* buddyTraces(data: Json): Iterable<CaseOutcome> {
  for (const [name, trace] of traces(data)) {
    const machine = boot(trace, name, null);
    yield { name, difference: runTrace(machine, trace, name, (op) => readOp(op, 3, false, name)) };
  }
}

/** buddy_pcp_2.6.11.json: free lists and per-CPU lists after each operation. */
export function* buddyPcp(data: Json): Iterable<CaseOutcome> {
  for (const [name, trace] of traces(data)) {
    const pcp = record(trace.pcp, `${name}.pcp`);
    const machine = boot(trace, name, {
      hot: marks(pcp.hot, `${name}.pcp.hot`),
      cold: marks(pcp.cold, `${name}.pcp.cold`),
    });
    yield { name, difference: runTrace(machine, trace, name, (op) => readOp(op, 4, true, name)) };
  }
}

/** buddy_long.json: the result of each operation, and counters and a hash of the lists at checkpoints. */
export function* buddyLong(data: Json): Iterable<CaseOutcome> {
  for (const [name, trace] of traces(data)) {
    const machine = boot(trace, name, null);
    yield { name, difference: runLong(machine, trace, name) };
  }
}

function* traces(data: Json): Iterable<[string, { [key: string]: Json }]> {
  for (const [index, item] of list(record(data, "file").traces, "traces").entries()) {
    const trace = record(item, `traces[${index}]`);
    const [pages, init, seed] = [trace.zone_pages ?? "?", trace.init ?? "?", trace.seed ?? "?"];
    yield [`trace ${index} (${pages} pages, ${init}, seed ${seed})`, trace];
  }
}

function boot(trace: { [key: string]: Json }, name: string, pcp: BuddyConfig["pcp"]): BuddyMachine {
  const init = zoneInits.find((known) => known === trace.init);
  if (init === undefined) throw new BadData(`${name}: unknown init ${JSON.stringify(trace.init)}`);
  const config = {
    pages: integer(trace.zone_pages, `${name}.zone_pages`),
    startPfn: integer(trace.zone_start_pfn, `${name}.zone_start_pfn`),
    init,
    pcp,
  };
  try {
    return bootBuddyMachine(config);
  } catch (cause) {
    if (cause instanceof RangeError) throw new BadData(`${name}: ${cause.message}`, { cause });
    throw cause;
  }
}

function marks(value: Json | undefined, where: string): PcpMarks {
  const { low, high, batch } = record(value, where);
  return {
    low: integer(low, `${where}.low`),
    high: integer(high, `${where}.high`),
    batch: integer(batch, `${where}.batch`),
  };
}

function readOp(value: Json, deltaAt: number, hasCold: boolean, name: string): TraceOp {
  const op = list(value, `${name}: operation`);
  const kind = op[0];
  if (kind !== "a" && kind !== "f") throw new BadData(`${name}: unknown operation ${JSON.stringify(kind)}`);
  const cold = hasCold ? integer(op[3], `${name}: cold`) : 0;
  if (cold !== 0 && cold !== 1) throw new BadData(`${name}: cold is ${cold}, not 0 or 1`);
  return {
    kind,
    order: integer(op[1], `${name}: order`),
    pfn: integer(op[2], `${name}: pfn`),
    cold,
    delta: deltaAt < 0 ? null : record(op[deltaAt], `${name}: lists`),
  };
}

function runTrace(
  machine: BuddyMachine,
  trace: { [key: string]: Json },
  name: string,
  read: (op: Json) => TraceOp,
): Difference | null {
  const lists: Lists = new Map(
    list(trace.initial_free, `${name}.initial_free`).map((pfns, order) => [String(order), pfns]),
  );
  lists.set("hot", []).set("cold", []);
  const start = compareLists(observeBuddy(machine, []), lists, "after boot");
  if (start) return start;
  for (const [index, raw] of list(trace.ops, `${name}.ops`).entries()) {
    const op = read(raw);
    const at = `op ${index} ${label(op)}`;
    const wrong = apply(machine, op, at);
    if (wrong) return wrong;
    for (const [key, pfns] of Object.entries(op.delta ?? {})) lists.set(key, pfns);
    const difference = compareLists(observeBuddy(machine, []), lists, at) ?? soundness(machine, at);
    if (difference) return difference;
  }
  return compareEnd(observeBuddy(machine, []), trace, name);
}

function runLong(machine: BuddyMachine, trace: { [key: string]: Json }, name: string): Difference | null {
  const checkpoints = new Map<number, { [key: string]: Json }>();
  for (const item of list(trace.checkpoints, `${name}.checkpoints`)) {
    const checkpoint = record(item, `${name}.checkpoints`);
    checkpoints.set(integer(checkpoint.after_op, `${name}.after_op`), checkpoint);
  }
  const lists: Lists = new Map(
    list(trace.initial_free, `${name}.initial_free`).map((pfns, order) => [String(order), pfns]),
  );
  const start = compareLists(observeBuddy(machine, []), lists, "after boot");
  if (start) return start;
  for (const [index, raw] of list(trace.ops, `${name}.ops`).entries()) {
    const op = readOp(raw, -1, false, name);
    const at = `op ${index} ${label(op)}`;
    const wrong = apply(machine, op, at) ?? compareCheckpoint(machine, checkpoints.get(index), at);
    if (wrong) return wrong;
  }
  const state = observeBuddy(machine, []);
  const hash = difference(
    "at the end: sha256 of the lists",
    text(trace.final_sha256, `${name}.final_sha256`),
    hashOf(state),
  );
  return hash ?? compareEnd(state, trace, name);
}

function compareCheckpoint(
  machine: BuddyMachine,
  checkpoint: { [key: string]: Json } | undefined,
  at: string,
): Difference | null {
  if (!checkpoint) return null;
  const state = observeBuddy(machine, []);
  return (
    difference(`${at}: nr_free`, integers(checkpoint.nr_free, "nr_free"), [...state.nrFree]) ??
    difference(`${at}: sha256 of the lists`, text(checkpoint.sha256, "sha256"), hashOf(state)) ??
    soundness(machine, at)
  );
}

function hashOf(state: BuddyState): string {
  return createHash("sha256").update(JSON.stringify(state.freeLists)).digest("hex");
}

/** Runs one operation; a difference in what it returned, or a BUG, ends the case. */
function apply(machine: BuddyMachine, op: TraceOp, at: string): Difference | null {
  try {
    if (op.kind === "f") {
      free(machine, op);
      return null;
    }
    const page = machine.ops.bufferedRmqueue(machine, machine.zone, op.order, op.cold);
    return difference(`${at}: pfn`, op.pfn, page === 0 ? -1 : pageToPfn(machine, page));
  } catch (error) {
    if (!(error instanceof KernelBug)) throw error;
    return { at, expected: "no BUG", actual: error.message };
  }
}

function free(machine: BuddyMachine, { pfn, order, cold }: TraceOp): void {
  const page = pfnToPage(machine, pfn);
  if (order === 0 && machine.config.pcp) machine.ops.freeHotColdPage(machine, machine.zone, page, cold);
  else machine.ops.freePagesBulk(machine, machine.zone, page, order);
}

function compareLists(state: BuddyState, lists: Lists, at: string): Difference | null {
  for (const [order, pfns] of state.freeLists.entries()) {
    const wrong = difference(`${at}: free list ${order}`, lists.get(String(order)) ?? [], [...pfns]);
    if (wrong) return wrong;
  }
  for (const name of state.pcp ? (["hot", "cold"] as const) : []) {
    const wrong = difference(`${at}: ${name} list`, lists.get(name) ?? [], [...(state.pcp?.[name].list ?? [])]);
    if (wrong) return wrong;
  }
  return null;
}

function compareEnd(state: BuddyState, trace: { [key: string]: Json }, name: string): Difference | null {
  const freeLists = state.freeLists.map((pfns) => [...pfns]);
  const wrong =
    difference("at the end: free lists", list(trace.final_free, `${name}.final_free`), freeLists) ??
    difference("at the end: free_pages", integer(trace.final_free_pages, `${name}.final_free_pages`), state.freePages);
  if (wrong || !state.pcp) return wrong;
  return (
    difference("at the end: hot list", integers(trace.final_hot, `${name}.final_hot`), [...state.pcp.hot.list]) ??
    difference("at the end: cold list", integers(trace.final_cold, `${name}.final_cold`), [...state.pcp.cold.list])
  );
}

/** Our own invariants on top of the data. */
function soundness(machine: BuddyMachine, at: string): Difference | null {
  const [first] = checkZone(machine);
  return first ? { at: `${at}: invariant ${first.rule}`, expected: "holds", actual: JSON.stringify(first.args) } : null;
}

function difference(at: string, expected: Json, actual: Json): Difference | null {
  return sameJson(expected, actual) ? null : { at, expected, actual };
}

function label({ kind, order, pfn }: TraceOp): string {
  return kind === "a" ? `alloc(order ${order})` : `free(${pfn}, order ${order})`;
}
