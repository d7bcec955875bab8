// Page walks and the TLB: what the processor does with an address, and what it remembers.
// Theory: two processes with their own tables, one processor with a small TLB. Each access is told as look-up, walk level by level,
//         bits, entry kept. Changing an entry without a flush shows what a stale copy does.
// Source: Linux 2.6.11 asm-i386/tlbflush.h; Intel IA-32 manual, volume 3; Gorman 3.1-3.9
import { recordEvents } from "@/lib/sim/create-kernel";
import type { SimEvent } from "@/lib/sim/events";
import type { Addr } from "@/lib/sim/machine";
import { flushTlbAll, flushTlbMm, flushTlbOne, flushTlbPage } from "@/lib/sim/mmu/flush";
import { faultCode, mmuAccess } from "@/lib/sim/mmu/mmu-access";
import { pteModify, ptePfn, readPte, takePte, writePte } from "@/lib/sim/mmu/pte";
import { tlbPolicies } from "@/lib/sim/mmu/tlb-structs";
import { FETCH, READ, WRITE } from "@/lib/sim/mmu/walk";
import type { Rng } from "@/lib/sim/rng";
import { hex } from "./hex";
import { fieldsOf } from "./read-config";
import { defineScenario, type Refusal, type Result } from "./scenario";
import {
  bootWalk,
  entryFor,
  givePage,
  kernelBase,
  lastAddress,
  ptepOf,
  runProcess,
  takePage,
  userEnd,
  type WalkMachine,
} from "./walk-machine";
import {
  type AccessKind,
  accessKinds,
  type Flush,
  processes,
  rightsNames,
  type WalkConfig,
  type WalkOp,
  type WalkState,
  walkModes,
} from "./walk-types";
import { observeWalkScene } from "./walk-view";

const kinds = { read: READ, write: WRITE, fetch: FETCH } as const;
const PAGE = 4096;
const mostMapped = 48;
const address = { kind: "number", least: 0, most: 2 ** 48 - 1, hex: true } as const;
const as = { kind: "choice", options: ["user", "kernel"], default: "user" } as const;
const flush = { kind: "choice", options: ["flush", "noflush"], default: "flush" } as const;
const small = { sets: 4, ways: 2, policy: "lru", asid: "off" } as const;

export const walkScenario = defineScenario<WalkConfig, WalkOp, WalkMachine, WalkState>({
  name: "walk",
  presets: [
    {
      name: "two",
      config: { mode: "two", ...small },
      ops: ["map 0x8048000 ro", "map 0xbffff000", "read 0x8048123", "read 0x8048456", "write 0xbfffffc8"],
    },
    { name: "pae", config: { mode: "pae", ...small }, ops: ["map 0x8048000", "read 0x8048123"] },
    { name: "four", config: { mode: "four", ...small }, ops: ["map 0x7f1234567000", "read 0x7f1234567abc"] },
    {
      name: "stale",
      config: { mode: "two", ...small },
      ops: [
        "map 0x8048000",
        "write 0x8048000",
        "unmap 0x8048000 noflush",
        "read 0x8048004",
        "invlpg 0x8048000",
        "read 0x8048004",
      ],
    },
    {
      name: "tagged",
      config: { ...small, mode: "two", asid: "on" },
      ops: [
        "map 0x8048000",
        "read 0x8048000",
        "switch b",
        "map 0x8048000",
        "read 0x8048000",
        "switch a",
        "read 0x8048000",
      ],
    },
    {
      name: "thrash",
      config: { ...small, mode: "two", sets: 1, ways: 4 },
      ops: [
        ...[1, 2, 3, 4, 5].flatMap((page) => [`map 0x${page}000`, `read 0x${page}000`]),
        "read 0x1000",
        "read 0x2000",
      ],
    },
  ],
  commands: {
    read: { address, as },
    write: { address, as },
    fetch: { address, as },
    map: { address, rights: { kind: "choice", options: rightsNames, default: "rw" } },
    protect: { address, rights: { kind: "choice", options: rightsNames }, flush },
    unmap: { address, flush },
    switch: { process: { kind: "choice", options: processes } },
    invlpg: { address },
    flush: { what: { kind: "choice", options: ["cr3", "all"], default: "cr3" } },
  },
  readConfig,
  boot: bootWalk,
  record: ({ k }, events) => recordEvents(k, events),
  refuse,
  apply,
  observe: observeWalkScene,
  endsMoment,
  suggest: (state, op, parameter) => {
    if (parameter !== "address") return [];
    const here = state.mapped.filter(({ process }) => process === state.process).map((page) => page.address);
    return op === "map" ? [...new Set([...here.map((each) => each + PAGE), 0x8048000, 0x40000000])] : here;
  },
  random,
});

function readConfig(data: unknown): WalkConfig | null {
  const { mode, sets, ways, policy, asid } = fieldsOf<WalkConfig>(data);
  const known = { mode: walkModes.find((each) => each === mode), policy: tlbPolicies.find((each) => each === policy) };
  if (!known.mode || !known.policy) return null;
  if (![1, 2, 4, 8].includes(sets as number) || ![1, 2, 4].includes(ways as number)) return null;
  return {
    mode: known.mode,
    sets: sets as number,
    ways: ways as number,
    policy: known.policy,
    asid: asid === "on" ? "on" : "off",
  };
}

function refuse(machine: WalkMachine, op: WalkOp): Refusal | null {
  if (!("address" in op)) return null;
  const { config, mapped } = machine;
  if (op.address > lastAddress(config)) return { key: "refuseAddress", args: { address: hex(op.address) } };
  if (op.op !== "map" && op.op !== "unmap" && op.op !== "protect") return null;
  const page = { address: hex(pageOf(op.address)), process: machine.process };
  if (op.op !== "map") return isMapped(machine, op.address) ? null : { key: "refuseUnmapped", args: page };
  if (op.address >= userEnd(config)) return { key: "refuseKernel", args: { ...page, end: hex(userEnd(config)) } };
  if (isMapped(machine, op.address)) return { key: "refuseMapped", args: page };
  return mapped.length >= mostMapped ? { key: "refuseFull", args: { most: mostMapped } } : null;
}

function apply(machine: WalkMachine, op: WalkOp): Result {
  const { k, mm, process } = machine;
  machine.outcome = null;
  switch (op.op) {
    case "read":
    case "write":
    case "fetch":
      return access(machine, op.op, op.address, op.as);
    case "map": {
      const ptep = ptepOf(machine, process, op.address, "make");
      const pfn = ptep === 0 ? -1 : takePage(k);
      if (pfn < 0) return null;
      writePte(k, ptep, entryFor(k, pfn, op.rights));
      machine.mapped.push({ process, address: pageOf(op.address) });
      return look(machine, op.address, pfn);
    }
    case "protect": {
      const ptep = ptepOf(machine, process, op.address, "stop");
      const pte = readPte(k, ptep);
      writePte(k, ptep, pteModify(pte, entryFor(k, 0, op.rights)));
      flushPage(machine, op.address, op.flush);
      return look(machine, op.address, ptePfn(k, pte));
    }
    case "unmap": {
      const pfn = ptePfn(k, takePte(k, ptepOf(machine, process, op.address, "stop")));
      machine.mapped = machine.mapped.filter((page) => page.process !== process || page.address !== pageOf(op.address));
      flushPage(machine, op.address, op.flush);
      givePage(k, pfn);
      return look(machine, op.address, pfn);
    }
    case "switch":
      runProcess(machine, op.process);
      return null;
    case "invlpg":
      flushTlbOne(k, op.address);
      return null;
    case "flush":
      if (op.what === "all") flushTlbAll(k);
      else flushTlbMm(k, mm[process]);
      return null;
  }
}

function access(machine: WalkMachine, kind: AccessKind, at: number, who: "user" | "kernel"): Result {
  machine.focus = { address: at, access: kind, as: who };
  const result = mmuAccess(machine.k, at, kinds[kind], who === "user" ? 3 : 0);
  machine.outcome = result < 0 ? { kind: "fault", error: faultCode(result) } : { kind: "done", paddr: result };
  return result < 0 ? `fault ${faultCode(result)}` : result;
}

/** The ladder shows the page that an operation was about. */
function look(machine: WalkMachine, at: number, pfn: number): Result {
  machine.focus = { address: at, access: null, as: "user" };
  return pfn;
}

function flushPage({ k, mm, process }: WalkMachine, at: number, how: Flush): void {
  if (how === "flush") flushTlbPage(k, mm[process] as Addr, at);
}

function isMapped({ process, mapped }: WalkMachine, at: number): boolean {
  return mapped.some((page) => page.process === process && page.address === pageOf(at));
}

function pageOf(at: number): number {
  return at - (at % PAGE);
}

function endsMoment(event: SimEvent): boolean {
  if (event.kind === "page-walk") return event.paddr !== null;
  return ["tlb-miss", "walk-level", "tlb-fill", "tlb-hit", "mmu-fault", "tlb-flush", "pte-page"].includes(event.kind);
}

function random(state: WalkState, rng: Rng): WalkOp {
  const here = state.mapped.filter(({ process }) => process === state.process);
  const roll = rng.below(100);
  const fresh = 0x8048000 + PAGE * rng.below(24);
  if ((here.length < 2 || (roll < 15 && here.length < 12)) && !here.some((page) => page.address === fresh))
    return { op: "map", address: fresh, rights: rng.pick(rightsNames) };
  if (here.length === 0) return { op: "read", address: fresh, as: "user" };
  const at = rng.pick(here).address;
  if (roll < 20) return { op: "switch", process: state.process === "a" ? "b" : "a" };
  if (roll < 25) return { op: "protect", address: at, rights: rng.pick(rightsNames), flush: "flush" };
  if (roll < 30) return { op: "unmap", address: at, flush: "flush" };
  if (roll < 35)
    return {
      op: rng.pick(accessKinds),
      address: kernelBase({ ...small, mode: state.mode }) + rng.below(64) * PAGE,
      as: "kernel",
    };
  return { op: rng.pick(accessKinds), address: at + 4 * rng.below(1024), as: "user" };
}
