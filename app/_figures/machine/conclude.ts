// What a step of the whole machine came to: its small events added up, then the result of the operation.
import type { MachineSceneOp, MachineState } from "@/lib/scenarios/machine";
import type { Moment } from "@/lib/scenarios/run";
import type { SimEvent } from "@/lib/sim/events";
import type { FaultKind } from "@/lib/sim/fault/events";
import { errorName } from "../error-name";
import type { WordsOf } from "../words";
import { hex } from "./hex";

type Words = WordsOf<"figure-machine">;
type Key = Parameters<Words>[0];

const faultKeys: Readonly<Record<FaultKind, Key>> = {
  "anon-read": "faultAnonRead",
  "anon-write": "faultAnonWrite",
  "file-map": "faultFile",
  "early-cow": "faultEarlyCow",
  "swap-in": "faultSwapIn",
  "cow-reuse": "faultReuse",
  "cow-copy": "faultCopy",
  spurious: "faultSpurious",
  "non-linear": "faultNonLinear",
};

export function concludeMachine(moment: Moment<MachineState>, words: Words): string[] {
  const sums = sumsOf(moment.events, words);
  if (!moment.last || moment.op === null || typeof moment.result !== "number") return sums;
  const said = outcome(moment.op as MachineSceneOp, moment.result, words);
  const verdict = moment.state.findings;
  return [
    ...sums,
    ...(said === null ? [] : [said]),
    ...(verdict !== null && verdict.length > 0 ? [words("doneBroken", { rules: verdict.join(", ") })] : []),
  ];
}

function sumsOf(events: readonly SimEvent[], words: Words): string[] {
  const count = (kind: SimEvent["kind"]) => events.reduce((sum, event) => sum + Number(event.kind === kind), 0);
  const [swapIn, swapOut] = [count("swap-read"), count("swap-write")];
  // Swap is on a device as well: what is not swap is files.
  const sums = [
    ["sumSwapOut", swapOut],
    ["sumSwapIn", swapIn],
    ["sumReclaimed", count("shrink-page")],
    ["sumFileRead", count("io-read") - swapIn],
    ["sumFileWrite", count("io-write") - swapOut],
    ["sumSlabGrow", count("slab-grow")],
    ["sumSlabShrink", count("slab-destroy")],
  ] as const satisfies readonly (readonly [Key, number])[];
  return [
    ...faults(events, words),
    ...sums.filter(([, number]) => number > 0).map(([key, number]) => words(key, { count: number })),
  ];
}

function faults(events: readonly SimEvent[], words: Words): string[] {
  const counts = new Map<FaultKind, number>();
  for (const event of events)
    if (event.kind === "fault-handled") counts.set(event.how, (counts.get(event.how) ?? 0) + 1);
  if (counts.size === 0) return [];
  const parts = [...counts].map(([how, count]) => words(faultKeys[how], { count }));
  return [words("sumFaults", { parts: parts.join(words("comma")) })];
}

/** Null where an event has said it. */
function outcome(op: MachineSceneOp, result: number, words: Words): string | null {
  if (result < 0) return words("doneError", { error: errorName(result) });
  switch (op.op) {
    case "spawn":
      return words("doneSpawn", { pid: result, comm: op.comm });
    case "fork":
      return words("doneFork", { pid: result, parent: op.pid });
    case "exec":
      return words("doneExec", { pid: op.pid, comm: op.comm });
    case "exit":
    case "swapon":
    case "swapoff":
      return null;
    case "wait":
      return result === 0 ? words("doneWaitNone", { pid: op.pid }) : words("doneWait", { child: result });
    case "mmap":
      return words("doneMmap", { count: op.pages, address: hex(result) });
    case "munmap":
      return words("doneMunmap", { count: op.pages, address: hex(op.address) });
    case "mprotect":
      return words("doneMprotect", { address: hex(op.address), prot: op.prot });
    case "brk":
      return words("doneBrk", { address: hex(result) });
    case "touch":
      return words("doneTouch", { faults: result, count: op.pages });
    case "write":
      return words("doneWrite", { address: hex(op.address), value: hex(op.value) });
    case "read":
      return words("doneRead", { address: hex(op.address), value: hex(result) });
    case "file":
      return words("doneFile", { ino: result, count: op.pages });
    case "fread":
      return words("doneFread", { bytes: result, ino: op.ino });
    case "fwrite":
      return words("doneFwrite", { bytes: result, ino: op.ino });
    case "kmalloc":
      return words("doneKmalloc", { bytes: op.bytes, address: hex(result) });
    case "vmalloc":
      return words("doneVmalloc", { bytes: op.bytes, address: hex(result) });
    case "kfree":
    case "vfree":
      return words("doneKfree", { address: hex(op.address) });
    case "alloc":
      return words("doneAlloc", { order: op.order, pfn: result });
    case "free":
      return words("doneFree", { pfn: op.pfn });
    case "tick":
      return words("doneTick", { ms: op.ms });
    case "cat":
      return words("doneCat", { file: op.report, lines: result });
  }
}

/** For the log. */
export function resultOfMachine(op: { readonly op: string }, result: unknown, words: Words): string {
  if (typeof result !== "number") return words("resultDone");
  if (result < 0) return errorName(result);
  switch ((op as MachineSceneOp).op) {
    case "spawn":
    case "fork":
    case "wait":
      return words("resultPid", { pid: result });
    case "mmap":
    case "brk":
    case "kmalloc":
    case "vmalloc":
    case "read":
      return hex(result);
    case "touch":
      return words("resultFaults", { count: result });
    case "file":
      return words("resultFile", { ino: result });
    case "fread":
    case "fwrite":
      return words("resultBytes", { bytes: result });
    case "alloc":
      return words("resultPage", { pfn: result });
    case "cat":
      return words("resultLines", { count: result });
    default:
      return words("resultDone");
  }
}
