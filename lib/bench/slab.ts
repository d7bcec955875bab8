// How fast the simulator's slab allocator is: nanoseconds per operation by object size, against our own C solution of the same trace.
// Theory: both run one precomputed trace (bursts of allocations and frees around a level, objects freed in random order) on one cache
//         and must end with the same lists, chains and array. The fastest of several rounds counts.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createKernel } from "@/lib/sim/create-kernel";
import type { Kernel } from "@/lib/sim/kernel";
import type { Addr } from "@/lib/sim/machine";
import { createRng } from "@/lib/sim/rng";
import { kmemCacheAlloc } from "@/lib/sim/slab/alloc";
import { kmemCacheCreate } from "@/lib/sim/slab/create";
import { kmemCacheFree } from "@/lib/sim/slab/free";
import type { CacheState } from "@/lib/sim/slab/observe";
import { observeSlab } from "@/lib/sim/slab/observe-slab";
import { GFP_KERNEL } from "@/lib/sim/zones/gfp";
import { buildFolder, compileNative } from "./compile";

export interface SlabSpeed {
  readonly objsize: number;
  readonly simulatorNs: number;
  /** Null without a C compiler. */
  readonly nativeNs: number | null;
}

export interface SlabBench {
  readonly sizes: readonly SlabSpeed[];
  /** Null without a C compiler. */
  readonly worstRatio: number | null;
}

const OPERATIONS = 400_000;
const ROUNDS = 9;
const PAGES = 4096;
const LEVEL = 3000;
/** Bytes; all lie beside their descriptor and leave no room for colours. */
const SIZES = [32, 128, 248];

/** @throws Error if simulator and C program end with different slabs. */
export function benchSlab(): SlabBench {
  const program = compileNative("slab");
  const sizes = SIZES.map((size) => measure(size, program));
  const ratios = sizes.flatMap(({ simulatorNs, nativeNs }) => (nativeNs === null ? [] : [simulatorNs / nativeNs]));
  return { sizes, worstRatio: ratios.length === 0 ? null : Math.max(...ratios) };
}

function measure(size: number, program: string | null): SlabSpeed {
  const trace = makeTrace(size);
  const { ns, state, numbers } = runSimulator(trace, size);
  if (program === null) return { objsize: size, simulatorNs: ns, nativeNs: null };
  const file = join(buildFolder(), "slab-trace.bin");
  writeFileSync(file, trace);
  const { objsize, num, slabSize, limit, batchcount, freeLimit } = state;
  const args = [objsize, num, slabSize, limit, batchcount, freeLimit, PAGES, ROUNDS].map(String);
  const [nativeNs, sum] = execFileSync(program, [file, ...args], { encoding: "utf8" })
    .trim()
    .split(" ")
    .map(Number);
  if (sum !== checksum(state, numbers))
    throw new Error(`objects of ${size} bytes: the native program ended with other slabs than the simulator`);
  return { objsize, simulatorNs: ns, nativeNs: nativeNs! };
}

/** A slot >= 0 to allocate, -1 - slot to free. */
function makeTrace(seed: number): Int32Array {
  const rng = createRng(seed);
  const trace = new Int32Array(OPERATIONS);
  const held: number[] = [];
  let burst = 0;
  let alloc = true;
  for (let op = 0; op < OPERATIONS; op++) {
    if (burst === 0) {
      burst = 1 + rng.below(200);
      alloc = rng.chance(held.length < LEVEL ? 60 : 40);
    }
    burst--;
    if (alloc || held.length === 0) {
      trace[op] = op;
      held.push(op);
      continue;
    }
    // Mostly what was taken lately, as a kernel does.
    const index = rng.chance(70) ? Math.max(0, held.length - 1 - rng.below(16)) : rng.below(held.length);
    trace[op] = -1 - held[index]!;
    held[index] = held.at(-1)!;
    held.pop();
  }
  return trace;
}

interface Measured {
  readonly ns: number;
  readonly state: CacheState;
  /** In order of creation, by pfn. */
  readonly numbers: ReadonlyMap<number, number>;
}

function runSimulator(trace: Int32Array, size: number): Measured {
  const slots = new Int32Array(trace.length);
  let best = Number.POSITIVE_INFINITY;
  let k: Kernel | null = null;
  let cache: Addr = 0;
  for (let round = 0; round < ROUNDS; round++) {
    [k, cache] = bootMachine(size);
    const start = process.hrtime.bigint();
    runTrace(k, cache, trace, slots);
    best = Math.min(best, Number(process.hrtime.bigint() - start));
  }
  return { ns: best / trace.length, state: observeSlab(k!, cache), numbers: numberSlabs(trace, size) };
}

function bootMachine(size: number): [Kernel, Addr] {
  const k = createKernel({ boot: { kind: "zones", pages: [0, PAGES + 1024, 0] }, l1: 128 });
  return [k, kmemCacheCreate(k, { name: "measured", size })];
}

function runTrace(k: Kernel, cache: Addr, trace: Int32Array, slots: Int32Array): void {
  for (let at = 0; at < trace.length; at++) {
    const slot = trace[at]!;
    if (slot >= 0) slots[slot] = kmemCacheAlloc(k, cache, GFP_KERNEL);
    else kmemCacheFree(k, cache, slots[-1 - slot]!);
  }
}

/** Runs the trace once more, looking at what grew. */
function numberSlabs(trace: Int32Array, size: number): ReadonlyMap<number, number> {
  const [k, cache] = bootMachine(size);
  const slots = new Int32Array(trace.length);
  const numbers = new Map<number, number>();
  let created = 0;
  for (let at = 0; at < trace.length; at++) {
    const slot = trace[at]!;
    if (slot < 0) {
      kmemCacheFree(k, cache, slots[-1 - slot]!);
      continue;
    }
    k.events = [];
    slots[slot] = kmemCacheAlloc(k, cache, GFP_KERNEL);
    for (const event of k.events) if (event.kind === "slab-grow") numbers.set(event.slab, created++);
    k.events = null;
  }
  return numbers;
}

/** FNV-1a over the lists with their chains, then the array: the same as in slab.c. */
function checksum(state: CacheState, numbers: ReadonlyMap<number, number>): number {
  let sum = 2166136261;
  const add = (value: number) => {
    sum = Math.imul(sum ^ value, 16777619) >>> 0;
  };
  for (const [index, list] of (["partial", "full", "free"] as const).entries()) {
    add(index);
    for (const slab of state.slabs[list]) {
      add(numbers.get(slab.pfn) ?? -1);
      for (const object of slab.chain) add(object);
    }
  }
  for (const object of state.cpu.objects) {
    add(numbers.get(object?.slab ?? -1) ?? -1);
    add(object?.index ?? -1);
  }
  return sum;
}
