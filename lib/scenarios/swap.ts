// A process whose pages leave for swap and come back: slots, their counters, the swap cache.
// Theory: reclaim chooses pages by how long nobody used them. Here the reader chooses: `out` takes the accessed bits away first, then
//         lets shrink_list decide about the page as in the kernel.
// Source: Linux 2.6.11 mm/vmscan.c (shrink_list), mm/swapfile.c, mm/swap_state.c; Gorman 11
import { PAGE_SIZE } from "@/lib/sim/constants";
import { recordEvents } from "@/lib/sim/create-kernel";
import { EINVAL } from "@/lib/sim/errno";
import type { SimEvent } from "@/lib/sim/events";
import { access } from "@/lib/sim/fault/access";
import { doExit, doWait } from "@/lib/sim/fault/exit";
import { doFork } from "@/lib/sim/fault/fork";
import { madviseDontneed } from "@/lib/sim/fault/madvise";
import { getTask, switchTo } from "@/lib/sim/fault/task";
import { swapoff, swapon } from "@/lib/sim/swap/area";
import { fieldsOf, isWithin } from "./read-config";
import { defineScenario, type Refusal, type Result } from "./scenario";
import { bootSwap, pushOut } from "./swap-machine";
import { randomSwapOp, reclaimable, suggestForSwap } from "./swap-random";
import { areaNames, type DeviceConfig, type SwapConfig, type SwapOp, type SwapSceneState } from "./swap-types";
import { firstAddress, type SwapMachine, typeOf, viewSwap } from "./swap-view";
import { whoParameter } from "./who";

const mostPages = 32;
const page = { kind: "number", least: 0, most: mostPages - 1 } as const;
const count = { kind: "number", least: 1, most: mostPages, default: 1 } as const;
const area = { kind: "choice", options: areaNames } as const;
/** Stands for "as the kernel gives them": -1, -2 and so on. */
const automatic = -1;

export const swapScenario = defineScenario<SwapConfig, SwapOp, SwapMachine, SwapSceneState>({
  name: "swap",
  presets: [
    {
      name: "small",
      config: { devices: [device(20), device(12)], cluster: 4, window: 2, pages: 16 },
      ops: ["write 0", "write 1", "write 2", "write 3", "write 4", "out 0 3"],
    },
    {
      name: "fork",
      config: { devices: [device(20)], cluster: 4, window: 0, pages: 8 },
      ops: ["write 0", "fork", "out 0", "read 0", "read 0 child", "write 0 child"],
    },
    {
      name: "turns",
      config: { devices: [device(16, 5), device(16, 5), device(16, 1)], cluster: 4, window: 2, pages: 24 },
      ops: ["write 0", "write 1", "write 2", "write 3", "out 0 4"],
    },
    {
      name: "bad",
      config: { devices: [{ pages: 32, prio: null, bad: [3, 9, 10] }], cluster: 8, window: 3, pages: 24 },
      ops: ["write 0", "write 1", "write 2", "out 0 3"],
    },
  ],
  commands: {
    write: { page, who: whoParameter },
    read: { page, who: whoParameter },
    out: { page, count },
    forget: { page, count },
    fork: {},
    exit: {},
    swapon: { area, prio: { kind: "number", least: automatic, most: 32767, default: automatic } },
    swapoff: { area },
  },
  mostOps: 150,
  readConfig,
  boot: bootSwap,
  record: ({ k }, events) => recordEvents(k, events),
  refuse(machine, op): Refusal | null {
    const { pages, child, devices } = machine;
    if ("page" in op && op.page >= pages) return { key: "refusePage", args: { page: op.page, last: pages - 1 } };
    if ("area" in op && devices[areaNames.indexOf(op.area)] === undefined)
      return { key: "refuseArea", args: { area: op.area } };
    if ((op.op === "exit" || ("who" in op && op.who === "child")) && child === 0)
      return { key: "refuseNoChild", args: {} };
    if (op.op === "fork" && child !== 0) return { key: "refuseSecondChild", args: {} };
    if (op.op !== "out") return null;
    const there = reclaimable(viewSwap(machine)).some((each) => each >= op.page && each < op.page + op.count);
    return there ? null : { key: "refuseNotThere", args: { page: op.page } };
  },
  apply,
  observe: viewSwap,
  endsMoment,
  suggest: suggestForSwap,
  random: randomSwapOp,
});

function device(pages: number, prio: number | null = null): DeviceConfig {
  return { pages, prio, bad: [] };
}

function readConfig(data: unknown): SwapConfig | null {
  const { devices, cluster, window, pages } = fieldsOf<SwapConfig>(data);
  if (!isWithin(cluster, 1, 256) || !isWithin(window, 0, 4) || !isWithin(pages, 4, mostPages)) return null;
  if (!Array.isArray(devices) || devices.length < 1 || devices.length > areaNames.length) return null;
  const known: DeviceConfig[] = [];
  for (const each of devices as unknown[]) {
    const { pages: size, prio, bad } = fieldsOf<DeviceConfig>(each);
    if (!isWithin(size, 4, 64) || !(prio === null || isWithin(prio, 0, 32767)) || !Array.isArray(bad)) return null;
    const slots = (bad as unknown[]).filter((slot): slot is number => isWithin(slot, 1, size - 2));
    if (slots.length !== bad.length || new Set(slots).size !== slots.length || slots.length >= size - 2) return null;
    known.push({ pages: size, prio, bad: slots });
  }
  return { devices: known, cluster, window, pages };
}

function apply(machine: SwapMachine, op: SwapOp): Result {
  const { k, parent } = machine;
  // The kernel itself, unless a program does something: it may do everything.
  switchTo(k, 0);
  switch (op.op) {
    case "write":
    case "read": {
      const task = op.who === "child" ? machine.child : parent;
      const pid = getTask(k.memory.u32, task, "pid");
      const { end, value, signal } = access(k, task, firstAddress + op.page * PAGE_SIZE, op.op, pid);
      return end === "done" ? value : `signal ${signal}`;
    }
    case "out":
      return pushOut(machine, op.page, op.count);
    case "forget": {
      const pages = Math.min(op.count, machine.pages - op.page) * PAGE_SIZE;
      return madviseDontneed(k, getTask(k.memory.u32, parent, "mm"), firstAddress + op.page * PAGE_SIZE, pages);
    }
    case "fork": {
      const child = doFork(k, parent, 0);
      if (child < 0) return child;
      machine.child = child;
      return getTask(k.memory.u32, child, "pid");
    }
    case "exit":
      doExit(k, machine.child, 0);
      machine.child = 0;
      return doWait(k, parent);
    case "swapon": {
      const index = areaNames.indexOf(op.area);
      const type = swapon(k, machine.devices[index]!, op.prio === automatic ? {} : { prio: op.prio });
      if (type < 0) return type;
      machine.types[index] = type;
      return 0;
    }
    case "swapoff": {
      const type = typeOf(k, machine.devices[areaNames.indexOf(op.area)]!);
      return type < 0 ? -EINVAL : swapoff(k, type);
    }
  }
}

function endsMoment(event: SimEvent): boolean {
  switch (event.kind) {
    case "swap-cache-add":
    case "unmap-one":
    case "swap-write":
    case "swap-write-needless":
    case "shrink-page":
    case "swap-readahead":
    case "swap-read":
    case "fault-handled":
    case "fork-area":
    case "zap":
    case "swap-on":
    case "swap-off-start":
    case "swap-unuse":
    case "swap-unuse-pte":
    case "swap-off":
    case "swap-refused":
      return true;
    default:
      return false;
  }
}
