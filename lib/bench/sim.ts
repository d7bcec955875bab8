// How fast the simulator's buddy allocator is: nanoseconds per operation by zone size, against our own C solution of the same trace.
// Theory: both run one precomputed trace (geometric orders, about half of the zone in use, blocks freed in random order) and must
//         end with the same free lists. The fastest of several rounds counts, since other work only ever adds time.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bootBuddyMachine } from "@/lib/sim/buddy-machine";
import type { BuddyMachine } from "@/lib/sim/machine";
import { observeBuddy } from "@/lib/sim/observe-buddy";
import { createRng } from "@/lib/sim/rng";
import { buildFolder, compileNative } from "./compile";

export interface BuddySpeed {
  readonly pages: number;
  readonly simulatorNs: number;
  /** Null without a C compiler. */
  readonly nativeNs: number | null;
  readonly ratio: number | null;
}

export interface SimBench {
  /** The budget: the simulator takes at most this many times the time of the native program. */
  readonly budget: number;
  readonly sizes: readonly BuddySpeed[];
  /** The worst ratio, or null without a C compiler. */
  readonly worstRatio: number | null;
  /** Cost per operation in the largest zone over that in the smallest; cache misses alone make it exceed 1. */
  readonly growth: number;
}

const BUDGET = 3;
const OPERATIONS = 200_000;
const ROUNDS = 15;
const SIZES = [10, 12, 14, 16, 18, 20].map((log) => 2 ** log);

/** @throws Error if simulator and C program end with different free lists. */
export function benchSim(): SimBench {
  const program = compileNative("buddy");
  const sizes = SIZES.map((pages) => measure(pages, program));
  const ratios = sizes.map(({ ratio }) => ratio).filter((ratio) => ratio !== null);
  return {
    budget: BUDGET,
    sizes,
    worstRatio: ratios.length === 0 ? null : Math.max(...ratios),
    growth: sizes.at(-1)!.simulatorNs / sizes[0]!.simulatorNs,
  };
}

function measure(pages: number, program: string | null): BuddySpeed {
  const trace = makeTrace(pages);
  const simulator = runSimulator(trace, pages);
  if (program === null) return { pages, simulatorNs: simulator.ns, nativeNs: null, ratio: null };
  const native = runNative(program, trace, pages);
  if (native.checksum !== simulator.checksum)
    throw new Error(`zone of ${pages} pages: the native program ended with other free lists than the simulator`);
  return { pages, simulatorNs: simulator.ns, nativeNs: native.ns, ratio: simulator.ns / native.ns };
}

/** Pairs (order, slot) to allocate and (-1 - order, slot) to free; aims at a half-full zone. */
function makeTrace(pages: number): Int32Array {
  const rng = createRng(pages);
  const trace = new Int32Array(OPERATIONS * 2);
  const held: { slot: number; order: number }[] = [];
  let inUse = 0;
  for (let op = 0; op < OPERATIONS; op++) {
    const alloc = held.length === 0 || rng.chance(inUse < pages / 2 ? 60 : 40);
    if (alloc) {
      const order = Math.min(6, Math.clz32(rng.next() | 1));
      held.push({ slot: op, order });
      inUse += 2 ** order;
      trace.set([order, op], op * 2);
      continue;
    }
    const index = rng.below(held.length);
    const block = held[index]!;
    held[index] = held.at(-1)!;
    held.pop();
    inUse -= 2 ** block.order;
    trace.set([-1 - block.order, block.slot], op * 2);
  }
  return trace;
}

interface Measured {
  readonly ns: number;
  readonly checksum: number;
}

function runSimulator(trace: Int32Array, pages: number): Measured {
  const slots = new Int32Array(trace.length);
  let best = Number.POSITIVE_INFINITY;
  let machine: BuddyMachine | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    machine = bootBuddyMachine({ pages, init: "boot32" });
    const start = process.hrtime.bigint();
    runTrace(machine, trace, slots);
    best = Math.min(best, Number(process.hrtime.bigint() - start));
  }
  return { ns: best / (trace.length / 2), checksum: checksum(machine!) };
}

function runTrace(machine: BuddyMachine, trace: Int32Array, slots: Int32Array): void {
  const { zone } = machine;
  for (let at = 0; at < trace.length; at += 2) {
    const order = trace[at]!;
    const slot = trace[at + 1]!;
    if (order >= 0) slots[slot] = machine.ops.rmqueue(machine, zone, order);
    else if (slots[slot] !== 0) machine.ops.freePagesBulk(machine, zone, slots[slot]!, -1 - order);
  }
}

/** FNV-1a over orders and block indices, list by list: the same as in buddy.c. */
function checksum(machine: BuddyMachine): number {
  let sum = 2166136261;
  const add = (value: number) => {
    sum = Math.imul(sum ^ value, 16777619) >>> 0;
  };
  for (const [order, pfns] of observeBuddy(machine, []).freeLists.entries()) {
    add(order);
    for (const pfn of pfns) add(pfn);
  }
  return sum;
}

function runNative(program: string, trace: Int32Array, pages: number): Measured {
  const file = join(buildFolder(), "buddy-trace.bin");
  writeFileSync(file, trace);
  const output = execFileSync(program, [file, String(pages), String(ROUNDS)], { encoding: "utf8" });
  const [ns, sum] = output.trim().split(" ").map(Number);
  return { ns: ns!, checksum: sum! };
}
