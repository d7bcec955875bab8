// Slot Y6: a function that looks at a zone and reports every rule that does not hold.
// Source: the invariants that Linux 2.6.11 mm/page_alloc.c relies on (page_is_buddy, __free_pages_bulk)
// A trace prepares a zone, damages it in named ways, and asks. What is reported is compared as a set.
import { z } from "zod";
import { buddyMachineBytes } from "@/lib/sim/buddy-machine";
import { checkZone, zoneRules } from "@/lib/sim/check-zone";
import type { BuddyConfig } from "@/lib/sim/machine";
import { sameBuddy } from "@/lib/sim/observe-buddy";
import type { Rng } from "@/lib/sim/rng";
import { type CorruptOp, corrupt, corruptions, victimOf } from "./buddy-corrupt";
import { generateMix } from "./buddy-generate";
import { openBuddy, type TracedMachine } from "./buddy-machine";
import { buddyConfigSchema, mixParamsSchema, simplerBuddyOps, simplerConfigs } from "./buddy-slot";
import { type BuddyOp, labelOf } from "./buddy-trace";
import { allocOpSchema, freeOpSchema } from "./buddy-trace-schema";
import type { FunctionContract, Message, Run, RunEnvironment, Slot, Value } from "./slot";

export type CheckOp = BuddyOp | CorruptOp | { readonly op: "check" };

/** What the learner's function must report; other damage (wild links, wrong counts) is not caused by any operation. */
export const reportedRules: readonly string[] = [
  zoneRules.nrFree,
  zoneRules.misaligned,
  zoneRules.unmarked,
  zoneRules.wrongOrder,
  zoneRules.unmerged,
  zoneRules.staleMark,
  zoneRules.freePages,
];

type Violation = { rule: string; pfn: number; order: number };

const checkContract: FunctionContract = {
  name: "checkZone",
  params: [{ name: "zone", type: "zone" }],
  returns: "value",
};

const corruptOpSchema = z.strictObject({
  op: z.literal("corrupt"),
  how: z.enum(corruptions),
  order: z.number().int().min(0).max(10),
  nth: z.number().int().min(0).max(4095),
});
const checkOpSchema = z.strictObject({ op: z.literal("check") });
const opSchema: z.ZodType<CheckOp> = z.discriminatedUnion("op", [
  allocOpSchema,
  freeOpSchema,
  corruptOpSchema,
  checkOpSchema,
]);

const generatorSchema = mixParamsSchema.extend({
  /** How often the zone is damaged, each time followed by a check. */
  damages: z.number().int().min(0).max(10),
  /** Which damage may be done; absent: any. */
  kinds: z.array(z.enum(corruptions)).min(1).optional(),
});

export const buddyCheck: Slot<BuddyConfig, CheckOp> = {
  id: "buddy-check",
  functions: [checkContract],
  oracle: "simulator",
  configSchema: buddyConfigSchema,
  opSchema,
  generatorSchema: generatorSchema as unknown as z.ZodType<Value>,
  memoryBytes: buddyMachineBytes,
  start: startCheck,
  generate: generateChecks,
  legal: legalChecks,
  simplify: (op) =>
    op.op === "alloc" || op.op === "free" ? simplerBuddyOps(op) : op.op === "corrupt" ? simplerCorruption(op) : [],
  simplifyConfig: simplerConfigs,
  label: labelOfCheck,
  explain: ({ expectedReturn, actualReturn }) => explainReport(expectedReturn, actualReturn),
};

function labelOfCheck(op: CheckOp): string {
  if (op.op === "check") return "checkZone()";
  return op.op === "corrupt" ? `corrupt(${op.how}, order ${op.order}, block ${op.nth})` : labelOf(op);
}

/** Run -> its machine, so that two runs of this slot can be compared cheaply. */
const machines = new WeakMap<object, TracedMachine>();

function startCheck(config: BuddyConfig, { memory, implementation }: RunEnvironment): Run<CheckOp> {
  const traced = openBuddy(config, memory);
  const { machine } = traced;
  const report = (): Value =>
    implementation ? sorted(implementation.call("checkZone", [machine.zone])) : sorted(violations(traced));
  const run: Run<CheckOp> = {
    apply: (op) => {
      if (op.op === "check") return report();
      if (op.op !== "corrupt") return traced.apply(op);
      const block = victimOf(traced.observe(), op);
      if (!block) throw new Error(`${labelOfCheck(op)}: there is no such block`);
      corrupt(machine, op.how, block);
      return null;
    },
    observe: () => traced.observe(),
    same: (other) => sameBuddy(machine, machines.get(other)!.machine),
    // A damaged zone is the task, not the learner's fault.
    findings: () => [],
    host: {},
  };
  machines.set(run, traced);
  return run;
}

function violations(traced: TracedMachine): Violation[] {
  const listed = new Set(traced.observe().freeLists.flat());
  return (
    checkZone(traced.machine)
      .filter(({ rule }) => reportedRules.includes(rule))
      .map(({ rule, args }) => ({ rule, pfn: Number(args.pfn), order: Number(args.order) }))
      // A head that an earlier block overlaps is still a head: its mark is not left over from anything.
      .filter(({ rule, pfn }) => rule !== zoneRules.staleMark || !listed.has(pfn))
  );
}

/** Reports in one order, whatever order they were found in; anything else a function returned stays as it is. */
function sorted(reported: Value): Value {
  if (!Array.isArray(reported)) return reported;
  const key = (item: Value) => (isViolation(item) ? `${item.rule} ${item.order} ${item.pfn}` : JSON.stringify(item));
  const unique = new Map(reported.map((item) => [key(item), item]));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item);
}

function isViolation(item: Value): item is Violation {
  if (item === null || typeof item !== "object" || Array.isArray(item)) return false;
  const { rule, pfn, order } = item;
  return typeof rule === "string" && typeof pfn === "number" && typeof order === "number";
}

function generateChecks(rng: Rng, config: BuddyConfig, value: Value, length: number): CheckOp[] {
  const params = generatorSchema.parse(value);
  const ops: CheckOp[] = [
    ...generateMix(rng, config, params, Math.max(1, length - 2 * params.damages - 1)),
    { op: "check" },
  ];
  const traced = openBuddy(config);
  for (const op of ops) if (op.op === "alloc" || op.op === "free") traced.apply(op);
  for (let i = 0; i < params.damages; i++) {
    const how = rng.pick(params.kinds ?? corruptions);
    const state = traced.observe();
    const places = state.freeLists.flatMap((list, order) =>
      list.map((_, nth): CorruptOp => ({ op: "corrupt", how, order, nth })),
    );
    const possible = places.filter((op) => victimOf(state, op));
    if (possible.length === 0) continue;
    const op = rng.pick(possible);
    corrupt(traced.machine, how, victimOf(state, op)!);
    ops.push(op, { op: "check" });
  }
  return ops;
}

/** A damaged zone can be checked and damaged further, but no longer used. */
function legalChecks(config: BuddyConfig, ops: readonly CheckOp[]): CheckOp[] {
  const traced = openBuddy(config);
  let damaged = false;
  return ops.filter((op) => {
    if (op.op === "check") return true;
    if (op.op === "corrupt") {
      const block = victimOf(traced.observe(), op);
      if (block) corrupt(traced.machine, op.how, block);
      damaged ||= block !== null;
      return block !== null;
    }
    if (damaged || traced.holds(op.id) !== (op.op === "free")) return false;
    traced.apply(op);
    return true;
  });
}

function simplerCorruption(op: CorruptOp): CorruptOp[] {
  const first = op.nth > 0 ? [{ ...op, nth: 0 }] : [];
  return op.order > 0 ? [...first, { ...op, order: op.order - 1 }] : first;
}

function explainReport(expected: Value, actual: Value): Message | null {
  if (!Array.isArray(expected)) return null;
  if (!Array.isArray(actual) || !actual.every(isViolation)) return { key: "rule.notAReport", args: {} };
  const name = ({ rule, pfn, order }: Violation) => `${rule} ${pfn} ${order}`;
  const [want, have] = [expected.filter(isViolation), actual];
  const missed = want.find((violation) => !have.some((other) => name(other) === name(violation)));
  if (missed) return { key: "rule.violationMissed", args: { ...missed } };
  const invented = have.find((violation) => !want.some((other) => name(other) === name(violation)));
  if (!invented) return null;
  return {
    key: "rule.violationInvented",
    args: { rule: invented.rule, pfn: invented.pfn, order: invented.order },
  };
}
