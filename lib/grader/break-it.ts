// Break-it exercises: the learner writes a trace; it must be legal and make a faulty implementation differ from the reference.
// Theory: roles are turned round. The code that runs in the sandbox is the author's mutant, the trace is the learner's. Each
//         hidden case names a mutant and holds the author's shortest trace against it, which says how short is short.
//         Groups: `legal`, `short`, and any others for the hidden cases themselves.

import type { BuddyConfig } from "@/lib/sim/machine";
import { firstIllegal, parseTrace } from "@/lib/slots/buddy-text";
import type { BuddyOp } from "@/lib/slots/buddy-trace";
import { type AnySlot, slotFor } from "@/lib/slots/registry";
import type { Value } from "@/lib/slots/slot";
import { openAttempt } from "./attempt";
import type { GraderExercise } from "./cases";
import { compile } from "./compile";
import type { Engine } from "./engine";
import { failureOf } from "./guest-error";
import type { Outcome } from "./lockstep";
import { breakItFuel } from "./measure";
import { refusal, traceOf, verdictOf } from "./report";
import type { CaseResult, Failure, Verdict } from "./verdict";

export function gradeBreakIt(source: string, exercise: GraderExercise, engine: Engine): Verdict {
  const parsed = parseTrace(source);
  if (!parsed.ok) return refusal(exercise, failureAt(parsed.message, parsed.line, parsed.column), breakItFuel);

  const slot = slotFor(exercise);
  const config = exercise.visible[0]!.config;
  const ops = parsed.ops as unknown as Value[];
  const facts = { visibility: "visible", operations: ops.length, trace: traceOf(slot, { config, ops }) } as const;
  const nothing = { fuel: 0, divergence: null, failure: null } as const;

  const illegal = firstIllegal(config as unknown as BuddyConfig, parsed.ops as BuddyOp[]);
  const failure = illegal && failureAt(illegal.message, parsed.lines[illegal.index]!, 1);
  const cases: CaseResult[] = [
    { ...facts, ...nothing, name: "legal", group: "legal", status: failure ? "failed" : "passed", failure },
  ];
  let fuel = 0;
  for (const target of exercise.hidden) {
    const exposed = failure ? null : expose(target.name, { exercise, slot, config, ops, engine });
    fuel += exposed?.fuel ?? 0;
    const caught = exposed !== null && exposed.status !== "passed";
    // The divergence is the learner's success: it shows how the faulty machine gives itself away.
    const shown = { ...facts, fuel: exposed?.fuel ?? 0, divergence: exposed?.divergence ?? null };
    const missed = caught || failure ? null : failureOf({ key: "breakIt.notExposed", args: {} });
    cases.push({
      ...shown,
      name: target.name,
      group: target.group,
      status: outcomeOf(caught, failure),
      failure: missed,
    });
    const short = caught && ops.length <= target.ops.length;
    const tooLong = !caught || short ? null : failureOf({ key: "breakIt.tooLong", args: { length: ops.length } });
    cases.push({
      ...facts,
      ...nothing,
      name: `${target.name}-short`,
      group: "short",
      status: outcomeOf(short, failure),
      failure: tooLong,
    });
  }
  return verdictOf({ exercise, cases, failure, fuel: { used: fuel, limit: breakItFuel } });
}

function outcomeOf(reached: boolean, illegal: Failure | null): CaseResult["status"] {
  if (illegal) return "not_run";
  return reached ? "passed" : "failed";
}

function expose(
  mutant: string,
  {
    exercise,
    slot,
    config,
    ops,
    engine,
  }: { exercise: GraderExercise; slot: AnySlot; config: Value; ops: Value[]; engine: Engine },
): Outcome & { fuel: number } {
  const faulty = exercise.mutants.find(({ name }) => name === mutant);
  const compiled = compile(faulty?.source ?? "");
  if (!compiled.ok)
    throw new Error(`${exercise.slug}: the hidden case "${mutant}" needs mutants/${mutant}.ts, and it must compile`);
  const attempt = openAttempt({ engine, slot, js: compiled.js, oracleJs: null, fuel: breakItFuel });
  return attempt.run({ config, ops, install: undefined, expected: undefined });
}

function failureAt(message: Failure["message"], line: number, column: number): Failure {
  return failureOf(message, { place: { line, column } });
}
