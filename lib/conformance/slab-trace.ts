// slab_traces_2.6.11.json: caches of the kernel's own allocator, operation by operation.
// Source: oracles/README.md section 3. Slabs are numbered in order of creation; which pages they lie on does not matter.

import { recordEvents } from "@/lib/sim/create-kernel";
import type { SimEvent } from "@/lib/sim/events";
import type { Finding } from "@/lib/sim/finding";
import type { Kernel } from "@/lib/sim/kernel";
import { KernelBug } from "@/lib/sim/kernel-bug";
import { kernelData } from "@/lib/sim/kernel-data";
import type { Addr } from "@/lib/sim/machine";
import { kmemCacheAlloc } from "@/lib/sim/slab/alloc";
import { checkCache } from "@/lib/sim/slab/check-slab";
import { kmemCacheCreate, kmemCacheShrink } from "@/lib/sim/slab/create";
import { kmemCacheFree } from "@/lib/sim/slab/free";
import type { CacheState, ObjectRef, SlabState } from "@/lib/sim/slab/observe";
import { observeSlab } from "@/lib/sim/slab/observe-slab";
import { cacheReap } from "@/lib/sim/slab/reap";
import { doTuneCpucache } from "@/lib/sim/slab/tune";
import { objectAt } from "@/lib/sim/slab/walk-slab";
import { GFP_KERNEL } from "@/lib/sim/zones/gfp";
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
import { slabMachine } from "./slab-tables";

const NAME = "traced";
const lists = ["partial", "full", "free"] as const;
/** Longer than any cache waits before it looks at its free slabs: 4 s, and up to 4 s more after its creation. */
const REAP_JIFFIES = 8001;

type Trace = { [key: string]: Json };

interface Run {
  readonly k: Kernel;
  readonly cache: Addr;
  /** Number of the slab that lies at this pfn now. */
  readonly ids: Map<number, number>;
  /** Addresses of objects in use, by "slab,index". */
  readonly held: Map<string, Addr>;
  /** What the trace says the state is. */
  readonly expected: {
    partial: Json;
    full: Json;
    free: Json;
    ac: Json[];
    free_objects: number;
    inuse: Map<number, number>;
  };
  created: number;
}

export function* slabTraces(data: Json): Iterable<CaseOutcome> {
  for (const [index, item] of list(record(data, "file").traces, "traces").entries()) {
    const where = `traces[${index}]`;
    const trace = record(item, where);
    const name = `trace ${index} (size ${trace.size ?? "?"}, limit ${trace.limit ?? "?"}, seed ${trace.seed ?? "?"})`;
    const difference = runTrace(trace, where);
    yield { name, difference };
  }
}

function runTrace(trace: Trace, where: string): Difference | null {
  const number = (field: string) => integer(trace[field], `${where}.${field}`);
  const k = slabMachine(32, "hi", where);
  const flags = integer(Number(text(trace.flags, `${where}.flags`)), `${where}.flags`);
  const ops = list(trace.ops, `${where}.ops`).map((op, index) => list(op, `${where}.ops[${index}]`));
  if (number("limit") < 1 || number("batchcount") < 1 || number("batchcount") > number("limit"))
    throw new BadData(`${where}: batchcount must be 1 to limit`);
  try {
    const cache = kmemCacheCreate(k, { name: NAME, size: number("size"), align: number("align"), flags });
    if (cache === 0) return { at: "creation", expected: "a cache", actual: "none" };
    doTuneCpucache(k, cache, number("limit"), number("batchcount"), 0);
    const wrong = compareCache(observeSlab(k, cache), trace, number);
    if (wrong) return wrong;
    const run: Run = {
      k,
      cache,
      ids: new Map(),
      held: new Map(),
      expected: { partial: [], full: [], free: [], ac: [], free_objects: 0, inuse: new Map() },
      created: 0,
    };
    for (const [index, op] of ops.entries()) {
      const at = `op ${index} ${op[0]}(${JSON.stringify(op[1] ?? null)})`;
      const difference = runOp(run, op, at, `${where}.ops[${index}]`);
      if (difference) return difference;
    }
    return compareEnd(run, record(trace.final, `${where}.final`), `${where}.final`);
  } catch (error) {
    if (!(error instanceof KernelBug)) throw error;
    return { at: "an operation", expected: "no BUG", actual: error.message };
  }
}

function compareCache(state: CacheState, trace: Trace, number: (field: string) => number): Difference | null {
  const fields = {
    objsize: state.objsize,
    num: state.num,
    gfporder: state.order,
    off_slab: state.offSlab ? 1 : 0,
    colour: state.colour,
    colour_off: state.colourOff,
    slab_size: state.slabSize,
    limit: state.limit,
    batchcount: state.batchcount,
    free_limit: state.freeLimit,
  };
  for (const [field, actual] of Object.entries(fields))
    if (number(field) !== actual) return { at: field, expected: trace[field] ?? null, actual };
  return null;
}

function runOp(run: Run, op: Json[], at: string, where: string): Difference | null {
  const { k, cache, expected } = run;
  const [kind, target, avail, rawDelta] = op;
  const delta = record(rawDelta, where);
  const events: SimEvent[] = [];
  recordEvents(k, events);
  let wrong: Difference | null = null;
  if (kind === "a") wrong = alloc(run, integers(target, where), events, at);
  else if (kind === "f") free(run, integers(target, where), where);
  else if (kind === "reap") {
    k.memory.u32[(k.data + kernelData.offset.jiffies) >>> 2]! += REAP_JIFFIES;
    cacheReap(k);
  } else if (kind === "shrink") kmemCacheShrink(k, cache);
  else throw new BadData(`${where}: unknown operation ${JSON.stringify(kind)}`);
  recordEvents(k, null);
  if (wrong) return wrong;
  if (kind !== "a") follow(run, events);
  applyDelta(expected, delta, kind, target, where);
  return (
    compareChanges(run, delta, events, at, where) ?? compareState(run, integer(avail, where), at) ?? soundness(run, at)
  );
}

function alloc(run: Run, [slab, index]: number[], events: readonly SimEvent[], at: string): Difference | null {
  const object = kmemCacheAlloc(run.k, run.cache, GFP_KERNEL);
  follow(run, events);
  const found = object === 0 ? null : objectAt(run.k, run.cache, object);
  const actual = found && [run.ids.get(found.slab) ?? -1, found.index];
  if (!sameJson([slab!, index!], actual)) return { at, expected: [slab!, index!], actual };
  run.held.set(`${slab},${index}`, object);
  return null;
}

function free(run: Run, [slab, index]: number[], where: string): void {
  const key = `${slab},${index}`;
  const object = run.held.get(key);
  if (object === undefined) throw new BadData(`${where}: object ${key} is freed but was not allocated`);
  run.held.delete(key);
  kmemCacheFree(run.k, run.cache, object);
}

/** Numbers the slabs that were grown. */
function follow(run: Run, events: readonly SimEvent[]): void {
  for (const event of events)
    if (event.kind === "slab-grow" && event.cache === NAME) run.ids.set(event.slab, run.created++);
}

function applyDelta(
  expected: Run["expected"],
  delta: Trace,
  kind: Json,
  target: Json | undefined,
  where: string,
): void {
  for (const name of lists) if (delta[name] !== undefined) expected[name] = list(delta[name], where);
  if (delta.free_objects !== undefined) expected.free_objects = integer(delta.free_objects, where);
  for (const [id, inuse] of Object.entries(delta.inuse === undefined ? {} : record(delta.inuse, where)))
    expected.inuse.set(Number(id), integer(inuse, where));
  if (delta.ac !== undefined) expected.ac = [...list(delta.ac, where)];
  else if (kind === "a") expected.ac.pop();
  else if (kind === "f") expected.ac.push(target ?? null);
}

/** Slabs that this operation grew, with their offsets, and those that it gave up, in order. */
function compareChanges(
  run: Run,
  delta: Trace,
  events: readonly SimEvent[],
  at: string,
  where: string,
): Difference | null {
  const own = events.filter((event) => "cache" in event && event.cache === NAME);
  const state = observeSlab(run.k, run.cache);
  const offsets = new Map(
    lists.flatMap((name) => state.slabs[name]).map((slab) => [run.ids.get(slab.pfn), slab.offset]),
  );
  const grown = own.flatMap((event) => (event.kind === "slab-grow" ? [run.ids.get(event.slab) ?? -1] : []));
  const fresh = (delta.new === undefined ? [] : list(delta.new, where)).map((each) => record(each, where));
  const destroyed = own.flatMap((event) => (event.kind === "slab-destroy" ? [run.ids.get(event.slab) ?? -1] : []));
  return (
    differ(
      `${at}: new slabs`,
      fresh.map((each) => each.id ?? null),
      grown,
    ) ??
    differ(
      `${at}: s_mem_off`,
      fresh.map((each) => each.s_mem_off ?? null),
      grown.map((id) => offsets.get(id) ?? -1),
    ) ??
    differ(`${at}: destroyed`, delta.destroyed === undefined ? [] : list(delta.destroyed, where), destroyed)
  );
}

function compareState(run: Run, avail: number, at: string): Difference | null {
  const { expected } = run;
  const state = observeSlab(run.k, run.cache);
  for (const name of lists) {
    const wrong = differ(`${at}: ${name}`, expected[name], idsOf(run, state.slabs[name]));
    if (wrong) return wrong;
  }
  for (const slab of lists.flatMap((name) => state.slabs[name])) {
    const id = run.ids.get(slab.pfn) ?? -1;
    const wrong = differ(`${at}: inuse of slab ${id}`, expected.inuse.get(id) ?? 0, slab.inuse);
    if (wrong) return wrong;
  }
  return (
    differ(`${at}: free_objects`, expected.free_objects, state.freeObjects) ??
    differ(`${at}: avail`, avail, state.cpu.avail) ??
    differ(`${at}: ac`, expected.ac, refsOf(run, state.cpu.objects))
  );
}

function compareEnd(run: Run, final: Trace, where: string): Difference | null {
  const state = observeSlab(run.k, run.cache);
  for (const name of lists) {
    const wrong = differ(`at the end: ${name}`, list(final[name], where), idsOf(run, state.slabs[name]));
    if (wrong) return wrong;
  }
  const slabs = lists
    .flatMap((name) => state.slabs[name])
    .map((slab) => ({
      id: run.ids.get(slab.pfn) ?? -1,
      inuse: slab.inuse,
      s_mem_off: slab.offset,
      free_chain: [...slab.chain],
    }))
    .sort((a, b) => a.id - b.id);
  const wanted = list(final.slabs, where).map((each) => {
    const { id, inuse, s_mem_off, free_chain } = record(each, where);
    return {
      id: integer(id, where),
      inuse: inuse ?? null,
      s_mem_off: s_mem_off ?? null,
      free_chain: free_chain ?? null,
    };
  });
  return (
    differ("at the end: ac", list(final.ac, where), refsOf(run, state.cpu.objects)) ??
    differ(
      "at the end: slabs",
      wanted.sort((a, b) => a.id - b.id),
      slabs,
    )
  );
}

/** Our own invariants on top of the data. */
function soundness(run: Run, at: string): Difference | null {
  const findings: Finding[] = [];
  checkCache(run.k, run.cache, findings);
  const [first] = findings;
  return first ? { at: `${at}: invariant ${first.rule}`, expected: "holds", actual: JSON.stringify(first.args) } : null;
}

function idsOf(run: Run, slabs: readonly SlabState[]): number[] {
  return slabs.map((slab) => run.ids.get(slab.pfn) ?? -1);
}

function refsOf(run: Run, objects: readonly (ObjectRef | null)[]): Json[] {
  return objects.map((object) => object && [run.ids.get(object.slab) ?? -1, object.index]);
}

function differ(at: string, expected: Json, actual: Json): Difference | null {
  return sameJson(expected, actual) ? null : { at, expected, actual };
}
