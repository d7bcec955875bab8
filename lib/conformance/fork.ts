// fork_cow.json: processes of a running Linux 6.18 that fork, read, write, drop pages and exit; which frames they saw.
// Source: oracles/README.md section 7. Run on the whole simulated machine: real page tables, TLB, faults; only the rules of copy on
//         write and of fork's copy are those of 6.18 (lib/sim/fault/rules.ts). Frames are numbered by first appearance, as there.
import { createKernel } from "@/lib/sim/create-kernel";
import { access } from "@/lib/sim/fault/access";
import { checkFault } from "@/lib/sim/fault/check-fault";
import { giveAddressSpace } from "@/lib/sim/fault/exec";
import { doExit, doWait } from "@/lib/sim/fault/exit";
import { doFork } from "@/lib/sim/fault/fork";
import { madviseDontneed } from "@/lib/sim/fault/madvise";
import { smaps } from "@/lib/sim/fault/smaps";
import { getTask, newTask } from "@/lib/sim/fault/task";
import { peekZeroPfn } from "@/lib/sim/fault/zero-page";
import type { Kernel } from "@/lib/sim/kernel";
import { KernelBug } from "@/lib/sim/kernel-bug";
import type { Addr } from "@/lib/sim/machine";
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "@/lib/sim/mm/flags";
import { doMmap } from "@/lib/sim/mm/mmap";
import { getMm } from "@/lib/sim/mm/vma";
import { pteLookup } from "@/lib/sim/mmu/pgtable";
import { ptePfn, ptePresent, readPte } from "@/lib/sim/mmu/pte";
import {
  BadData,
  type CaseOutcome,
  type Difference,
  integer,
  type Json,
  list,
  record,
  sameJson,
  text,
} from "./data-set";

const BASE = 0x40000000;
const PAGE = 4096;
/** More than any trace of the format can use: 16 processes of 1024 pages with their tables. */
const MACHINE_PAGES = 24576;
const MOST_PAGES = 1024;
const MOST_PROCS = 16;

/** Processes by their number in the trace, and the logical numbers of frames. */
interface World {
  readonly k: Kernel;
  readonly pages: number;
  readonly procs: Map<number, { readonly task: Addr; readonly parent: number }>;
  /** Logical number of the frame behind each pfn that is mapped now. */
  readonly numbers: Map<number, number>;
  next: number;
}

export function* forkCow(data: Json): Iterable<CaseOutcome> {
  for (const [index, item] of list(record(data, "file").traces, "traces").entries()) {
    const where = `traces[${index}]`;
    const trace = record(item, where);
    const name = `trace ${index} (${JSON.stringify(trace.pages ?? null)} pages, seed ${JSON.stringify(trace.seed ?? null)})`;
    yield { name, difference: runTrace(trace, where) };
  }
}

function runTrace(trace: { [key: string]: Json }, where: string): Difference | null {
  const world = boot(integer(trace.pages, `${where}.pages`), where);
  for (const [index, raw] of list(trace.ops, `${where}.ops`).entries()) {
    const op = list(raw, `${where}.ops[${index}]`);
    const at = `op ${index} ${JSON.stringify(op)}`;
    try {
      const wrong = step(world, op, at);
      if (wrong) return wrong;
    } catch (error) {
      if (!(error instanceof KernelBug)) throw error;
      return { at, expected: "no BUG", actual: error.message };
    }
    const [finding] = checkFault(world.k);
    if (finding) return { at: `${at}: invariant ${finding.rule}`, expected: "holds", actual: { ...finding.args } };
  }
  return compareEnd(world, list(trace.final, `${where}.final`), where);
}

function boot(pages: number, where: string): World {
  if (pages < 1 || pages > MOST_PAGES) throw new BadData(`${where}: ${pages} pages, not 1..${MOST_PAGES}`);
  const k = createKernel({
    boot: { kind: "zones", pages: [0, MACHINE_PAGES, 0] },
    addressSpace: "6.18",
    overcommit: { mode: 1, ratio: 50 },
  });
  const task = newTask(k, "fork_cow");
  giveAddressSpace(k, task);
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  const request = { addr: BASE, len: pages * PAGE, prot: PROT_READ | PROT_WRITE, flags, file: 0, pgoff: 0 };
  doMmap(k, getTask(k.memory.u32, task, "mm"), request);
  return { k, pages, procs: new Map([[0, { task, parent: -1 }]]), numbers: new Map(), next: 0 };
}

function step(world: World, op: Json[], at: string): Difference | null {
  const kind = text(op[0], `${at}: kind`);
  const argument = (index: number) => integer(op[index], `${at}: argument ${index}`);
  if (kind === "r" || kind === "w") return touch(world, kind, argument(1), argument(2), op, at);
  if (kind === "fork") return fork(world, argument(1), argument(2), at);
  if (kind === "exit") return exit(world, argument(1), at);
  if (kind !== "dontneed") throw new BadData(`${at}: unknown operation`);
  const { task } = proc(world, argument(1), at);
  const start = page(world, argument(2), at);
  const mm = getTask(world.k.memory.u32, task, "mm");
  return difference(at, 0, madviseDontneed(world.k, mm, BASE + start * PAGE, argument(3) * PAGE));
}

function touch(world: World, kind: "r" | "w", number: number, pageNumber: number, op: Json[], at: string) {
  const { k } = world;
  const { task } = proc(world, number, at);
  const address = BASE + page(world, pageNumber, at) * PAGE;
  const before = getTask(k.memory.u32, task, "min_flt");
  const shown = frameAt(k, task, address);
  const { end } = access(k, task, address, kind === "w" ? "write" : "read", number + 1);
  if (end !== "done") return { at, expected: "done", actual: end };
  const faults = getTask(k.memory.u32, task, "min_flt") - before;
  const pfn = frameAt(k, task, address);
  // A copy or a first write. (A frame that was freed may come back: it is another one then.)
  if (pfn !== null && pfn !== shown && pfn !== peekZeroPfn(k)) world.numbers.set(pfn, world.next++);
  return (
    difference(`${at}: faults`, op[3] ?? null, faults) ??
    difference(`${at}: frame`, op[4] ?? null, logical(world, task, address))
  );
}

function fork(world: World, parent: number, child: number, at: string): Difference | null {
  if (world.procs.has(child) || child < 0 || child >= MOST_PROCS) throw new BadData(`${at}: process ${child}`);
  const task = doFork(world.k, proc(world, parent, at).task, 0);
  if (task < 0) return { at, expected: 0, actual: task };
  world.procs.set(child, { task, parent });
  return null;
}

function exit(world: World, number: number, at: string): null {
  const { task, parent } = proc(world, number, at);
  doExit(world.k, task, 0);
  const reaper = world.procs.get(parent);
  if (reaper) doWait(world.k, reaper.task);
  world.procs.delete(number);
  return null;
}

function compareEnd(world: World, final: Json[], where: string): Difference | null {
  for (const [index, item] of final.entries()) {
    const expected = record(item, `${where}.final[${index}]`);
    const number = integer(expected.proc, `${where}.final[${index}].proc`);
    const { task } = proc(world, number, `${where}.final[${index}]`);
    const sums = smaps(world.k, getTask(world.k.memory.u32, task, "mm"));
    const actual: { [key: string]: Json } = {
      proc: number,
      rss_kb: sums.rss,
      pss_kb: sums.pss,
      shared_clean_kb: sums.sharedClean,
      shared_dirty_kb: sums.sharedDirty,
      private_clean_kb: sums.privateClean,
      private_dirty_kb: sums.privateDirty,
      anonymous_kb: sums.anonymous,
      frames: Array.from({ length: world.pages }, (_, each) => logical(world, task, BASE + each * PAGE)),
    };
    for (const [key, value] of Object.entries(expected)) {
      if (!(key in actual)) throw new BadData(`${where}.final[${index}]: unknown field ${key}`);
      const wrong = difference(`at the end: process ${number}, ${key}`, value, actual[key]!);
      if (wrong) return wrong;
    }
  }
  return final.length === world.procs.size
    ? null
    : { at: "at the end: live processes", expected: final.length, actual: world.procs.size };
}

function proc(world: World, number: number, at: string) {
  const found = world.procs.get(number);
  if (!found) throw new BadData(`${at}: process ${number} does not live`);
  return found;
}

function page(world: World, number: number, at: string): number {
  if (number < 0 || number >= world.pages) throw new BadData(`${at}: page ${number} of ${world.pages}`);
  return number;
}

/** The frame that the process sees at an address now, null if none. */
function frameAt(k: Kernel, task: Addr, address: number): number | null {
  const ptep = pteLookup(k, getMm(k.memory.u32, getTask(k.memory.u32, task, "mm"), "pgd"), address);
  const pte = ptep === 0 ? 0 : readPte(k, ptep);
  return ptePresent(pte) ? ptePfn(k, pte) : null;
}

function logical(world: World, task: Addr, address: number): Json {
  const pfn = frameAt(world.k, task, address);
  if (pfn === null) return null;
  return pfn === peekZeroPfn(world.k) ? "Z" : (world.numbers.get(pfn) ?? `frame ${pfn}`);
}

function difference(at: string, expected: Json, actual: Json): Difference | null {
  return sameJson(expected, actual) ? null : { at, expected, actual };
}
