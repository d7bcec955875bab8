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
import { hex } from "./hex";
import {
  diskPages,
  kernelOptions,
  type MachineConfig,
  machinePresets,
  mostPages,
  readMachineConfig,
} from "./machine-config";
import { endsMachineMoment, heardByMachine } from "./machine-events";
import { defineScenario, type Refusal, type Result } from "./scenario";

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
  /** Pages of the disk that neither files nor swap areas have; nothing is ever deleted. */
  disk: number;
  /** An operation is under way: its structures may be half done. */
  running: boolean;
  report: OpenReport;
}

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
  presets: machinePresets,
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
  readConfig: readMachineConfig,
  boot: (config) => ({
    k: bootMachine(kernelOptions(config)),
    load: newWorkload(createRng(0)),
    monitor: config.monitor,
    disk: diskPages,
    running: false,
    report: { name: "meminfo", pid: 1 },
  }),
  record: ({ k }, events) => recordEvents(k, events && heardByMachine(events)),
  refuse({ load, disk }, op): Refusal | null {
    switch (op.op) {
      case "file":
      case "swapon":
        return op.pages <= disk ? null : { key: "refuseDisk", args: { left: disk } };
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
    if ((op.op === "file" || op.op === "swapon") && result >= 0) machine.disk -= op.pages;
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
