// What every slot in the buddy machine shares; a slot file adds its functions and how they enter the machine's ops table.
import { z } from "zod";
import { buddyMachineBytes } from "@/lib/sim/buddy-machine";
import { checkZone } from "@/lib/sim/check-zone";
import {
  type Addr,
  type BuddyConfig,
  type BuddyMachine,
  type Order,
  type PageAllocOps,
  zoneInits,
} from "@/lib/sim/machine";
import { sameBuddy } from "@/lib/sim/observe-buddy";
import { generateMix } from "./buddy-generate";
import { legalBuddyOps, openBuddy, type TracedMachine } from "./buddy-machine";
import { explainBuddy } from "./buddy-rules";
import { type BuddyOp, labelOf } from "./buddy-trace";
import { buddyOpSchema } from "./buddy-trace-schema";
import type { FunctionContract, HostFunctions, Implementation, Run, RunEnvironment, Slot, Value } from "./slot";

/** How one of the learner's functions stands in the ops table. */
export type Installer = (machine: BuddyMachine, call: Implementation["call"]) => Partial<PageAllocOps>;

export interface BuddySlotFacts {
  readonly id: string;
  readonly functions: readonly FunctionContract[];
  /** By function name. */
  readonly install: Readonly<Record<string, Installer>>;
  /** Steps of the machine that the learner's code may call. */
  readonly host?: (machine: BuddyMachine) => HostFunctions;
}

const marks = z.strictObject({
  low: z.number().int().min(0),
  high: z.number().int().min(1),
  batch: z.number().int().min(1),
});
/** Larger zones belong to benchmarks: comparing must stay cheap. */
const maxPages = 4096;

export const buddyConfigSchema: z.ZodType<BuddyConfig> = z.strictObject({
  pages: z.number().int().min(1).max(maxPages),
  startPfn: z.number().int().min(0).max(0xf0000).optional(),
  init: z.enum(zoneInits),
  pcp: z
    .union([z.strictObject({ batch: z.number().int().min(1).max(64) }), z.strictObject({ hot: marks, cold: marks })])
    .nullable()
    .optional(),
});

export const mixParamsSchema = z.strictObject({
  maxOrder: z.number().int().min(0).max(10),
  coldPercent: z.number().int().min(0).max(100).default(0),
});

/** Runs that belong to the same slot can be told from any other run, so that two machines can be compared cheaply. */
const machines = new WeakMap<object, TracedMachine>();

export function buddySlot(facts: BuddySlotFacts): Slot<BuddyConfig, BuddyOp> {
  return {
    id: facts.id,
    functions: facts.functions,
    oracle: "simulator",
    configSchema: buddyConfigSchema,
    opSchema: buddyOpSchema,
    generatorSchema: mixParamsSchema as unknown as z.ZodType<Value>,
    memoryBytes: buddyMachineBytes,
    start: (config, environment) => startBuddy(facts, openBuddy(config, environment.memory), environment),
    generate: (rng, config, params, length) => generateMix(rng, config, mixParamsSchema.parse(params), length),
    legal: legalBuddyOps,
    simplify: simplerBuddyOps,
    simplifyConfig: simplerConfigs,
    label: labelOf,
    explain: explainBuddy,
  };
}

function startBuddy(facts: BuddySlotFacts, traced: TracedMachine, environment: RunEnvironment): Run<BuddyOp> {
  const { machine } = traced;
  const { implementation, install } = environment;
  if (implementation) {
    for (const [name, installer] of Object.entries(facts.install)) {
      if (!install || install.includes(name))
        Object.assign(
          machine.ops,
          installer(machine, (fn, args) => implementation.call(fn, args)),
        );
    }
  }
  const run: Run<BuddyOp> = {
    apply: (op) => traced.apply(op),
    observe: () => traced.observe(),
    same: (other) => sameBuddy(machine, machines.get(other)!.machine),
    findings: () => checkZone(machine),
    host: facts.host?.(machine) ?? {},
  };
  machines.set(run, traced);
  return run;
}

/** The page a learner's function returned, as the simulator's steps return it. */
export function pageOrNull(returned: Value): Addr {
  return typeof returned === "number" ? returned : 0;
}

export const expandContract: FunctionContract = {
  name: "expand",
  params: [
    { name: "zone", type: "zone" },
    { name: "page", type: "page" },
    { name: "low", type: "number" },
    { name: "high", type: "number" },
  ],
  returns: "page?",
};

export const rmqueueContract: FunctionContract = {
  name: "rmqueue",
  params: [
    { name: "zone", type: "zone" },
    { name: "order", type: "number" },
  ],
  returns: "page?",
};

export const freePagesBulkContract: FunctionContract = {
  name: "freePagesBulk",
  params: [
    { name: "zone", type: "zone" },
    { name: "page", type: "page" },
    { name: "order", type: "number" },
  ],
  returns: "void",
};

/** Smaller orders first, then the same request without `cold`. */
export function simplerBuddyOps(op: BuddyOp): BuddyOp[] {
  const { cold, ...plain } = op;
  const warm: BuddyOp[] = cold ? [plain] : [];
  if (op.op === "free") return warm;
  const orders: Order[] = [...new Set([0, Math.floor(op.order / 2), op.order - 1])].filter(
    (order) => order >= 0 && order < op.order,
  );
  return [...orders.map((order) => ({ ...op, order })), ...warm];
}

/** Smaller zones, smallest first: most counterexamples fit into one block. */
export function simplerConfigs(config: BuddyConfig): BuddyConfig[] {
  const sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024].filter((pages) => pages < config.pages);
  return sizes.map((pages) => ({ ...config, pages }));
}
