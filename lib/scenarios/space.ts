// A process's address space under system calls: where mappings go, what merges, what is split, which pages are there.
// Source: Linux 2.6.11 mm/mmap.c, mm/mprotect.c, mm/mremap.c, arch/i386/mm/mmap.c; Gorman 4.4
import { createFile, openFile } from "@/lib/sim/cache/file";
import { PAGE_SIZE } from "@/lib/sim/constants";
import { createKernel, recordEvents } from "@/lib/sim/create-kernel";
import { accessWord } from "@/lib/sim/fault/access";
import { doExec, giveAddressSpace } from "@/lib/sim/fault/exec";
import { doExit, doWait } from "@/lib/sim/fault/exit";
import { doFork } from "@/lib/sim/fault/fork";
import { getTask, newTask, setTask, switchTo } from "@/lib/sim/fault/task";
import type { Kernel } from "@/lib/sim/kernel";
import type { Addr } from "@/lib/sim/machine";
import { sysBrk } from "@/lib/sim/mm/brk";
import { findVma } from "@/lib/sim/mm/find-vma";
import {
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  MAP_SHARED,
  MREMAP_MAYMOVE,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
  TASK_SIZE,
  VM_GROWSDOWN,
} from "@/lib/sim/mm/flags";
import { pickMmapLayout } from "@/lib/sim/mm/layout";
import { mlock, munlock } from "@/lib/sim/mm/mlock";
import { doMmap } from "@/lib/sim/mm/mmap";
import { mprotect } from "@/lib/sim/mm/mprotect";
import { mremap } from "@/lib/sim/mm/mremap";
import { doMunmap } from "@/lib/sim/mm/munmap";
import { getVma } from "@/lib/sim/mm/vma";
import { fieldsOf } from "./read-config";
import { defineScenario, type Refusal, type Result } from "./scenario";
import { endsSpaceMoment, heardBySpace } from "./space-events";
import { randomSpaceOp, suggestForSpace } from "./space-random";
import { type SpaceConfig, type SpaceOp, type SpaceState, sources } from "./space-types";
import { viewProcess } from "./space-view";
import { whoParameter } from "./who";

interface SpaceMachine {
  readonly k: Kernel;
  readonly parent: Addr;
  child: Addr;
  readonly dataFile: Addr;
}

const prots = ["none", "r", "rw", "rx", "rwx"] as const;
const layouts = ["down", "up"] as const;
const programs = ["small", "none"] as const;
const at = { kind: "number", least: 0, most: 0xffffffff, hex: true } as const;
const pages = { kind: "number", least: 0, most: TASK_SIZE / PAGE_SIZE } as const;
const prot = { kind: "choice", options: prots } as const;
const from = { kind: "choice", options: sources, default: "anon" } as const;
const start = 0x08048000;

export const spaceScenario = defineScenario<SpaceConfig, SpaceOp, SpaceMachine, SpaceState>({
  name: "space",
  presets: [
    {
      name: "program",
      config: { layout: "down", program: "small" },
      ops: ["brk 0x8053000", "mmap 6 rx file", "mmap 3 rw", "write 0x804f000", "read 0xb7ffa000", "push 30"],
    },
    {
      name: "empty",
      config: { layout: "down", program: "none" },
      ops: ["mmap 1 rw", "mmap 3 rw", "mmap 2 r", "munmap 0xb7ffd000 1", "mmap 1 rw"],
    },
    {
      name: "up",
      config: { layout: "up", program: "none" },
      ops: ["mmap 3 rw", "mmap 1 rw", "munmap 0x40001000 1", "mmap 2 rw", "mmap 1 rw"],
    },
    {
      name: "cases",
      config: { layout: "up", program: "none" },
      ops: [
        "fixed 0x10000000 6 rw",
        "mprotect 0x10002000 2 r",
        "mprotect 0x10002000 2 rw",
        "mprotect 0x10000000 2 r",
        "mprotect 0x10001000 1 rw",
      ],
    },
    {
      name: "fork",
      config: { layout: "down", program: "none" },
      ops: [
        "fixed 0x10000000 8 rw",
        "write 0x10000000",
        "write 0x10001000",
        "write 0x10002000",
        "fork",
        "write 0x10001000",
        "write 0x10002000 child",
      ],
    },
  ],
  commands: {
    mmap: { pages, prot, from, hint: { ...at, default: 0 } },
    fixed: { at, pages, prot, from, offset: { ...pages, default: 0 } },
    munmap: { at, pages },
    mprotect: { at, pages, prot },
    brk: { at },
    mremap: { at, pages, to: pages },
    mlock: { at, pages },
    munlock: { at, pages },
    find: { at },
    read: { at, who: whoParameter },
    write: { at, who: whoParameter },
    push: { pages: { kind: "number", least: 1, most: 4096 } },
    fork: {},
    exit: {},
  },
  mostOps: 120,
  readConfig(data) {
    const { layout, program } = fieldsOf<SpaceConfig>(data);
    const known = layouts.find((each) => each === layout);
    const loaded = programs.find((each) => each === program);
    return known && loaded ? { layout: known, program: loaded } : null;
  },
  boot,
  record: ({ k }, events) => recordEvents(k, events && heardBySpace(events)),
  refuse({ k, parent, child }, op): Refusal | null {
    const childAlive = child !== 0 && getTask(k.memory.u32, child, "mm") !== 0;
    if (op.op === "exit" || ("who" in op && op.who === "child"))
      return childAlive ? null : { key: "refuseNoChild", args: {} };
    if (getTask(k.memory.u32, parent, "mm") === 0) return { key: "refuseDead", args: {} };
    return op.op === "fork" && childAlive ? { key: "refuseSecondChild", args: {} } : null;
  },
  apply,
  observe({ k, parent, child }) {
    const mmOf = (task: Addr) => (task === 0 ? 0 : getTask(k.memory.u32, task, "mm"));
    const view = (task: Addr, other: Addr) =>
      mmOf(task) === 0 ? null : viewProcess(k, getTask(k.memory.u32, task, "pid"), mmOf(task), mmOf(other));
    return { parent: view(parent, child), child: view(child, parent) };
  },
  endsMoment: endsSpaceMoment,
  suggest: suggestForSpace,
  random: randomSpaceOp,
});

function boot({ layout, program }: SpaceConfig): SpaceMachine {
  const k = createKernel({ boot: { kind: "zones", pages: [0, 768, 0] }, pcp: false });
  const init = newTask(k, "init");
  const parent = newTask(k, "program", init);
  const dataFile = openFile(k, createFile(k, { pages: 4096 }));
  if (program === "none") {
    giveAddressSpace(k, parent);
  } else {
    const file = openFile(k, createFile(k, { pages: 4 }));
    const segments = [
      { vaddr: start, offset: 0, fileBytes: 0x2800, memoryBytes: 0x2800, prot: PROT_READ | PROT_EXEC },
      { vaddr: start + 0x3800, offset: 0x2800, fileBytes: 0x400, memoryBytes: 0x2400, prot: PROT_READ | PROT_WRITE },
    ];
    doExec(k, parent, { file, segments, dynamic: false, argBytes: 400 }, "program");
  }
  switchTo(k, parent);
  if (layout === "up") pickMmapLayout(k, getTask(k.memory.u32, parent, "mm"), "legacy");
  return { k, parent, child: 0, dataFile };
}

function apply(machine: SpaceMachine, op: SpaceOp): Result {
  const { k, parent } = machine;
  const mm = getTask(k.memory.u32, parent, "mm");
  switchTo(k, parent);
  const bytes = (count: number) => Math.min(count * PAGE_SIZE, 0xffffffff);
  switch (op.op) {
    case "mmap":
    case "fixed":
      return mapping(machine, mm, op);
    case "munmap":
      return doMunmap(k, mm, op.at, bytes(op.pages));
    case "mprotect":
      return mprotect(k, mm, op.at, bytes(op.pages), bitsOf(op.prot));
    case "brk":
      return sysBrk(k, mm, op.at);
    case "mremap": {
      const newLen = bytes(op.to);
      return mremap(k, mm, { addr: op.at, oldLen: bytes(op.pages), newLen, flags: MREMAP_MAYMOVE, newAddr: 0 });
    }
    case "mlock":
      return mlock(k, mm, op.at, bytes(op.pages));
    case "munlock":
      return munlock(k, mm, op.at, bytes(op.pages));
    case "find": {
      const vma = findVma(k, mm, op.at);
      return vma === 0 ? null : getVma(k.memory.u32, vma, "vm_start");
    }
    case "read":
    case "write":
      return touch(machine, op.op, op.who === "child" ? machine.child : parent, op.at);
    case "push":
      return push(machine, mm, op.pages);
    case "fork": {
      const child = doFork(k, parent, 0);
      if (child < 0) return child;
      machine.child = child;
      return getTask(k.memory.u32, child, "pid");
    }
    case "exit": {
      const pid = getTask(k.memory.u32, machine.child, "pid");
      doExit(k, machine.child, 0);
      forgetChild(machine);
      return pid;
    }
  }
}

/** The child has ended: the parent, if it still runs, asks why. */
function forgetChild(machine: SpaceMachine): void {
  machine.child = 0;
  if (getTask(machine.k.memory.u32, machine.parent, "mm") !== 0) doWait(machine.k, machine.parent);
}

function bitsOf(text: string): number {
  const bit = (letter: string, value: number) => (text !== "none" && text.includes(letter) ? value : 0);
  return bit("r", PROT_READ) | bit("w", PROT_WRITE) | bit("x", PROT_EXEC);
}

function mapping({ k, dataFile }: SpaceMachine, mm: Addr, op: Extract<SpaceOp, { op: "mmap" | "fixed" }>): Result {
  const file = op.from === "anon" ? 0 : dataFile;
  const flags =
    (op.from === "shared" ? MAP_SHARED : MAP_PRIVATE) |
    (file === 0 ? MAP_ANONYMOUS : 0) |
    (op.op === "fixed" ? MAP_FIXED : 0);
  const [addr, pgoff] = op.op === "fixed" ? [op.at, op.offset] : [op.hint, 0];
  return doMmap(k, mm, { addr, len: op.pages * PAGE_SIZE, prot: bitsOf(op.prot), flags, file, pgoff });
}

/** @returns the value read or written, or the signal that ended the process. */
function touch(machine: SpaceMachine, how: "read" | "write", task: Addr, address: number): Result {
  const { k } = machine;
  const { end, signal, value } = accessWord(k, task, address, how, getTask(k.memory.u32, task, "pid"));
  if (end === "killed" && task === machine.child) forgetChild(machine);
  if (end === "again") return "wait";
  return end === "killed" ? `signal ${signal}` : value;
}

/** The program's stack pointer moves that many pages below the start of the stack, and something is pushed. */
function push(machine: SpaceMachine, mm: Addr, count: number): Result {
  const { k, parent } = machine;
  const stack = findVma(k, mm, TASK_SIZE - PAGE_SIZE);
  const grows = stack !== 0 && (getVma(k.memory.u32, stack, "vm_flags") & VM_GROWSDOWN) !== 0;
  const top = grows ? getVma(k.memory.u32, stack, "vm_start") : TASK_SIZE;
  const esp = top - count * PAGE_SIZE + 16;
  setTask(k.memory.u32, parent, "esp", esp);
  return touch(machine, "write", parent, esp - 4 > 0 ? (esp - 4) & ~3 : 0);
}
