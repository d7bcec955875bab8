// The whole machine at work: programs, files, swap, the kernel's own requests, and time.
// Theory: a reader sees many mechanisms act on each other here, so a step ends only where something large happens: kswapd is woken or
//         goes to sleep, a request frees pages itself, a task ends. The parts' own scenes show the small steps.
// Source: Linux 2.6.11 as a whole; Gorman 1
import { recordEvents } from "@/lib/sim/create-kernel";
import { ENOENT } from "@/lib/sim/errno";
import { getTask, taskList } from "@/lib/sim/fault/task";
import type { Kernel } from "@/lib/sim/kernel";
import { createRng, type Rng } from "@/lib/sim/rng";
import { bootMachine } from "@/lib/sim/whole/boot-machine";
import { checkMachine } from "@/lib/sim/whole/monitor";
import type { WholeState } from "@/lib/sim/whole/observe";
import { observeWhole } from "@/lib/sim/whole/observe-whole";
import { gfpNames, type MachineOp, protections } from "@/lib/sim/whole/op";
import { type ReportName, reportLines, reportNames } from "@/lib/sim/whole/report-files";
import { forgetDead, newWorkload, nextOp, step, type Workload } from "@/lib/sim/whole/workload";
import { endsMachineMoment, heardOnly } from "./machine-events";
import { defineScenario, type Refusal, type Result } from "./scenario";

export interface MachineConfig {
  /** Pages of DMA, Normal and HighMem. */
  readonly pages: readonly [number, number, number];
  /** Whether every invariant of every part is checked after each operation. */
  readonly monitor: "on" | "off";
  /** How willingly reclaim takes pages of processes: /proc/sys/vm/swappiness. */
  readonly swappiness: number;
  /** What may be promised: 0 what seems possible, 1 anything, 2 half of memory and swap. */
  readonly overcommit: 0 | 1 | 2;
}

/** `cat` opens a report of /proc; it stays open, and every later state shows what it says then. `pid` is for `maps` alone. */
export type MachineSceneOp = MachineOp | { readonly op: "cat"; readonly report: ReportName; readonly pid: number };

export type MachineLive = Pick<Workload, "pids" | "mappings" | "files" | "objects" | "areas" | "blocks" | "swapAreas">;

export interface OpenReport {
  readonly name: ReportName;
  readonly pid: number;
}

export interface MachineState extends WholeState {
  /** What operations can name: processes and what they mapped, files, and what the kernel's own requests hold. */
  readonly live: MachineLive;
  /** Rules that do not hold, as "part: rule"; empty in a sound machine, null in the middle of an operation or without a monitor. */
  readonly findings: readonly string[] | null;
  readonly report: OpenReport & { readonly lines: readonly string[] };
}

interface Machine {
  readonly k: Kernel;
  readonly load: Workload;
  readonly monitor: MachineConfig["monitor"];
  /** An operation is under way: its structures may be half done. */
  running: boolean;
  report: OpenReport;
}

const mostPages = 8192;
/** 3 MiB: a few programs fill it. */
const small: MachineConfig = { pages: [128, 384, 256], monitor: "on", swappiness: 60, overcommit: 0 };
const size = { mappingPages: 200, processes: 6, swapPages: 200 };
const comms = ["shell", "editor", "server", "hog"] as const;
const pid = { kind: "number", least: 1, most: 32767 } as const;
const address = { kind: "number", least: 0, most: 0xffffffff, hex: true } as const;
const pages = { kind: "number", least: 1, most: 4096 } as const;
const bytes = { kind: "number", least: 1, most: 1 << 20 } as const;
const comm = { kind: "choice", options: comms, default: "shell" } as const;
const ino = { kind: "number", least: 0, most: 100_000 } as const;

export const machineScenario = defineScenario<MachineConfig, MachineSceneOp, Machine, MachineState>({
  name: "machine",
  presets: [
    {
      name: "work",
      config: small,
      ops: [
        "swapon 150",
        "file 120",
        "fread 2 0 120",
        "spawn editor",
        "mmap 2 150",
        "touch 2 0xb7f6a000 150",
        "spawn server",
        "mmap 3 100 rw private 2",
        "touch 3 0xb7f9c000 100 read",
        "fork 3",
      ],
    },
    {
      name: "pressure",
      config: small,
      ops: [
        "swapon 300",
        "file 100",
        "fread 2 0 100",
        "spawn hog",
        "mmap 2 300",
        "touch 2 0xb7ed4000 300",
        "spawn hog",
        "mmap 3 300",
        "touch 3 0xb7ed4000 300",
        "spawn hog",
        "mmap 4 200",
        "touch 4 0xb7f38000 200",
        "touch 2 0xb7ed4000 300 read",
      ],
    },
    {
      name: "oom",
      config: { ...small, overcommit: 1 },
      ops: [
        "spawn editor",
        "mmap 2 200",
        "touch 2 0xb7f38000 200",
        "spawn hog",
        "mmap 3 600",
        "touch 3 0xb7da8000 600",
      ],
    },
    {
      name: "writeback",
      config: small,
      ops: ["file 80", "fwrite 2 0 60", "tick 10000", "tick 25000", "fwrite 2 20 60"],
    },
    { name: "quiet", config: small, ops: [] },
  ],
  commands: {
    spawn: { comm },
    fork: { pid },
    exec: { pid, comm },
    exit: { pid },
    wait: { pid: { ...pid, default: 1 } },
    mmap: {
      pid,
      pages,
      prot: { kind: "choice", options: protections, default: "rw" },
      share: { kind: "choice", options: ["private", "shared"], default: "private" },
      ino: { ...ino, default: 0 },
    },
    munmap: { pid, address, pages },
    mprotect: { pid, address, pages, prot: { kind: "choice", options: protections } },
    brk: { pid, address },
    touch: { pid, address, pages, how: { kind: "choice", options: ["read", "write"], default: "write" } },
    write: { pid, address, value: { kind: "number", least: 0, most: 0xffffffff, hex: true } },
    read: { pid, address },
    file: { pages },
    fread: {
      ino,
      page: { kind: "number", least: 0, most: 4095, default: 0 },
      pages: { ...pages, most: 256, default: 1 },
    },
    fwrite: {
      ino,
      page: { kind: "number", least: 0, most: 4095, default: 0 },
      pages: { ...pages, most: 256, default: 1 },
    },
    kmalloc: { bytes: { ...bytes, most: 131_072 } },
    kfree: { address },
    vmalloc: { bytes },
    vfree: { address },
    alloc: {
      gfp: { kind: "choice", options: gfpNames },
      order: { kind: "number", least: 0, most: 10, default: 0 },
    },
    free: {
      pfn: { kind: "number", least: 0, most: mostPages - 1 },
      order: { kind: "number", least: 0, most: 10, default: 0 },
    },
    swapon: { pages: { kind: "number", least: 10, most: 2048 } },
    swapoff: { area: { kind: "number", least: 0, most: 31 } },
    tick: { ms: { kind: "number", least: 1, most: 60_000, default: 1000 } },
    cat: { report: { kind: "choice", options: reportNames }, pid: { ...pid, default: 1 } },
  },
  mostOps: 120,
  readConfig,
  boot: ({ pages: zones, monitor, swappiness, overcommit }) => ({
    k: bootMachine({ boot: { kind: "zones", pages: zones }, swappiness, overcommit: { mode: overcommit, ratio: 50 } }),
    load: newWorkload(createRng(0)),
    monitor,
    running: false,
    report: { name: "meminfo", pid: 1 },
  }),
  record: ({ k }, events) => recordEvents(k, events && heardOnly(events)),
  refuse({ load }, op): Refusal | null {
    switch (op.op) {
      case "exit":
        return op.pid === 1 ? { key: "refuseInit", args: {} } : null;
      case "kfree":
        return load.objects.includes(op.address) ? null : { key: "refuseNotHeld", args: { address: hex(op.address) } };
      case "vfree":
        return load.areas.includes(op.address) ? null : { key: "refuseNotHeld", args: { address: hex(op.address) } };
      case "free": {
        const held = load.blocks.some(({ pfn, order }) => pfn === op.pfn && order === op.order);
        return held ? null : { key: "refuseNotInUse", args: { pfn: op.pfn, order: op.order } };
      }
      default:
        return null;
    }
  },
  apply(machine, op): Result {
    if (op.op === "cat") return openReport(machine, op);
    const { k, load } = machine;
    machine.running = true;
    const result = step(k, load, op);
    machine.running = false;
    const tasks = taskList(k).filter((task) => getTask(k.memory.u32, task, "mm") !== 0);
    forgetDead(load, new Set(tasks.map((task) => getTask(k.memory.u32, task, "pid"))));
    return result;
  },
  observe: ({ k, load: { rng: _rng, ...live }, monitor, running, report }) => ({
    ...observeWhole(k),
    live: structuredClone(live),
    findings: running || monitor === "off" ? null : brokenRules(k),
    report: { ...report, lines: reportLines(k, report.name, report.pid) },
  }),
  endsMoment: endsMachineMoment,
  suggest,
  random,
});

function readConfig(data: unknown): MachineConfig | null {
  if (typeof data !== "object" || data === null) return null;
  const { pages: zones, monitor, swappiness = 60, overcommit = 0 } = data as Readonly<Record<string, unknown>>;
  if (!Array.isArray(zones) || zones.length !== 3 || !zones.every((each) => Number.isInteger(each) && each >= 0))
    return null;
  const [dma, normal, highmem] = zones as [number, number, number];
  if (dma > 4096 || normal < 256 || dma + normal + highmem > mostPages) return null;
  if (typeof swappiness !== "number" || !(swappiness >= 0 && swappiness <= 100)) return null;
  if (overcommit !== 0 && overcommit !== 1 && overcommit !== 2) return null;
  return {
    pages: [dma, normal, highmem],
    monitor: monitor === "off" ? "off" : "on",
    swappiness: Math.floor(swappiness),
    overcommit,
  };
}

/** Names each broken rule once. */
function brokenRules(k: Kernel): readonly string[] {
  return [...new Set(checkMachine(k).map(({ part, rule }) => `${part}: ${rule}`))].slice(0, 12);
}

/** @returns its lines, or -ENOENT. */
function openReport(machine: Machine, { report: name, pid }: Extract<MachineSceneOp, { op: "cat" }>): number {
  machine.report = { name, pid };
  return reportLines(machine.k, name, pid).length || -ENOENT;
}

/** While there is room, programs ask for more and use it, so memory becomes short; then everything happens at once. */
function random({ live, zones, pages: all }: MachineState, rng: Rng): MachineOp {
  const roomy = zones.reduce((sum, zone) => sum + zone.free, 0) > all / 5;
  if (roomy && live.pids.length > 0 && rng.chance(15)) {
    const fresh = { pages: 80 + rng.below(120), prot: "rw", share: "private", ino: 0 } as const;
    return { op: "mmap", pid: rng.pick(live.pids), ...fresh };
  }
  if (live.mappings.length > 0 && rng.chance(25)) {
    const { pid: user, address: at, pages: count, writable } = roomy ? live.mappings.at(-1)! : rng.pick(live.mappings);
    return { op: "touch", pid: user, address: at, pages: count, how: writable ? "write" : "read" };
  }
  const op = nextOp({ ...structuredClone(live), rng }, size);
  return op.op === "spawn" || op.op === "exec" ? { ...op, comm: rng.pick(comms) } : op;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

function suggest(
  { live, tasks, pages: frames }: MachineState,
  op: MachineSceneOp["op"],
  parameter: string,
): readonly number[] {
  switch (parameter) {
    case "pid":
      if (op === "wait") return [1];
      if (op === "cat") return tasks.map((task) => task.pid);
      return [...live.pids, ...tasks.map((task) => task.pid)].filter((each) => each > 1);
    case "address":
      if (op === "kfree") return live.objects;
      if (op === "vfree") return live.areas;
      return live.mappings.map((mapping) => mapping.address);
    case "pages":
      if (op === "touch" || op === "munmap" || op === "mprotect") return live.mappings.map((mapping) => mapping.pages);
      return op === "mmap" ? [Math.min(200, Math.floor(frames / 8))] : [];
    case "ino":
      return live.files.map((file) => file.ino);
    case "pfn":
      return live.blocks.map((block) => block.pfn);
    case "area":
      return live.swapAreas;
    default:
      return [];
  }
}
