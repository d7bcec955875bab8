// The whole machine at work: programs, files, swap, the kernel's own requests, and time.
// Theory: a reader sees many mechanisms act on each other here, so a step ends only where something large happens: kswapd is woken or
//         goes to sleep, a request frees pages itself, a task ends. The parts' own scenes show the small steps.
// Source: Linux 2.6.11 as a whole; Gorman 1
import { recordEvents } from "@/lib/sim/create-kernel";
import type { SimEvent } from "@/lib/sim/events";
import { getTask, taskList } from "@/lib/sim/fault/task";
import type { Kernel } from "@/lib/sim/kernel";
import { createRng, type Rng } from "@/lib/sim/rng";
import { bootMachine } from "@/lib/sim/whole/boot-machine";
import { checkMachine } from "@/lib/sim/whole/monitor";
import type { WholeState } from "@/lib/sim/whole/observe";
import { observeWhole } from "@/lib/sim/whole/observe-whole";
import { gfpNames, type MachineOp, protections } from "@/lib/sim/whole/op";
import { forgetDead, newWorkload, nextOp, step, type Workload } from "@/lib/sim/whole/workload";
import { defineScenario, type Refusal, type Result } from "./scenario";

export interface MachineConfig {
  /** Pages of DMA, Normal and HighMem. */
  readonly pages: readonly [number, number, number];
  /** Whether every invariant of every part is checked after each operation. */
  readonly monitor: "on" | "off";
}

export type MachineLive = Pick<Workload, "pids" | "mappings" | "files" | "objects" | "areas" | "blocks" | "swapAreas">;

export interface MachineState extends WholeState {
  /** What operations can name: processes and what they mapped, files, and what the kernel's own requests hold. */
  readonly live: MachineLive;
  /** Rules that do not hold, over all parts; empty in a sound machine. */
  readonly findings: readonly string[];
}

interface Machine {
  readonly k: Kernel;
  readonly load: Workload;
  readonly monitor: MachineConfig["monitor"];
  /** Names of the rules that did not hold after the last operation. */
  findings: readonly string[];
}

const mostPages = 8192;
const size = { mappingPages: 200, processes: 6, swapPages: 200 };
const comms = ["shell", "editor", "server", "hog"] as const;
const pid = { kind: "number", least: 1, most: 32767 } as const;
const address = { kind: "number", least: 0, most: 0xffffffff, hex: true } as const;
const pages = { kind: "number", least: 1, most: 4096 } as const;
const bytes = { kind: "number", least: 1, most: 1 << 20 } as const;
const comm = { kind: "choice", options: comms, default: "shell" } as const;
const ino = { kind: "number", least: 0, most: 100_000 } as const;

export const machineScenario = defineScenario<MachineConfig, MachineOp, Machine, MachineState>({
  name: "machine",
  presets: [
    {
      name: "work",
      config: { pages: [256, 1024, 512], monitor: "on" },
      ops: ["swapon 200", "file 60", "fread 2 0 60", "spawn editor", "spawn server"],
    },
    { name: "quiet", config: { pages: [256, 1024, 512], monitor: "on" }, ops: [] },
    {
      name: "pressure",
      config: { pages: [128, 512, 256], monitor: "on" },
      ops: ["swapon 150", "spawn hog", "mmap 2 200", "touch 2 0xb7f38000 200 write", "spawn hog", "mmap 3 200"],
    },
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
  },
  mostOps: 120,
  readConfig(data) {
    const zones = (data as { pages?: unknown } | null | undefined)?.pages;
    if (!Array.isArray(zones) || zones.length !== 3 || !zones.every((each) => Number.isInteger(each) && each >= 0))
      return null;
    const [dma, normal, highmem] = zones as [number, number, number];
    if (dma > 4096 || normal < 256 || dma + normal + highmem > mostPages) return null;
    return { pages: [dma, normal, highmem], monitor: (data as { monitor?: unknown }).monitor === "off" ? "off" : "on" };
  },
  boot: ({ pages: zones, monitor }) => ({
    k: bootMachine({ boot: { kind: "zones", pages: zones } }),
    load: newWorkload(createRng(0)),
    monitor,
    findings: [],
  }),
  record: ({ k }, events) => recordEvents(k, events),
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
    const { k, load } = machine;
    const result = step(k, load, op);
    const tasks = taskList(k).filter((task) => getTask(k.memory.u32, task, "mm") !== 0);
    forgetDead(load, new Set(tasks.map((task) => getTask(k.memory.u32, task, "pid"))));
    if (machine.monitor === "on") machine.findings = checkMachine(k).map(({ part, rule }) => `${part}: ${rule}`);
    return result;
  },
  observe: ({ k, load: { rng: _rng, ...live }, findings }) => ({
    ...observeWhole(k),
    live: structuredClone(live),
    findings,
  }),
  endsMoment,
  suggest,
  random: (state, rng) => nextOp({ ...structuredClone(state.live), rng }, size),
});

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

function endsMoment(event: SimEvent): boolean {
  switch (event.kind) {
    case "kswapd-wake":
      return event.slept;
    case "kswapd-sleep":
    case "direct-reclaim-done":
    case "oom-kill":
    case "task-exit":
      return true;
    default:
      return false;
  }
}

function suggest(
  { live, tasks, pages: frames }: MachineState,
  op: MachineOp["op"],
  parameter: string,
): readonly number[] {
  switch (parameter) {
    case "pid":
      return op === "wait" ? [1] : [...live.pids, ...tasks.map((task) => task.pid)].filter((each) => each > 1);
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
