// The traces of one grading: what the author wrote, and what the submission's seed draws.

import type { Exercise, Group, Mutant, PublicExercise } from "@/lib/course/exercise";
import { createRng } from "@/lib/sim/rng";
import type { FunctionShape } from "@/lib/slots/function";
import type { AnySlot } from "@/lib/slots/registry";
import type { Case, Value } from "@/lib/slots/slot";
import { caseSeed } from "./seeds";
import type { CaseResult } from "./verdict";

/** A trace that is ready to run. */
export interface PreparedCase {
  readonly name: string;
  readonly group: string;
  readonly visibility: CaseResult["visibility"];
  readonly config: Value;
  readonly ops: readonly Value[];
  /** Which of the slot's functions are the learner's; absent: all. */
  readonly install: readonly string[] | undefined;
  /** What the author's solution returned, where it is known and the solution is not. */
  readonly expected: readonly Value[] | undefined;
}

/** What grading needs of an exercise; a browser has no more than the first half. */
export interface GraderExercise {
  readonly slug: string;
  readonly version: string;
  readonly kind: Exercise["kind"];
  readonly slot: string;
  readonly function?: FunctionShape | undefined;
  readonly points: number;
  readonly groups: readonly Group[];
  readonly visible: PublicExercise["visible"];
  readonly hidden: Exercise["traces"]["hidden"];
  readonly generated: Exercise["traces"]["generated"];
  readonly mutants: readonly Mutant[];
  readonly solution: string | null;
  readonly fuelFactor: number;
}

export function graderExercise(exercise: Exercise | PublicExercise): GraderExercise {
  const { slug, version, kind, slot, points, groups } = exercise;
  const facts = { slug, version, kind, slot, points, groups, function: exercise.function };
  if ("traces" in exercise) {
    const { mutants, solutions, fuelFactor } = exercise;
    return { ...facts, ...(exercise.traces as Traces), mutants, solution: solutions[0] ?? null, fuelFactor };
  }
  return { ...facts, visible: exercise.visible, hidden: [], generated: [], mutants: [], solution: null, fuelFactor: 1 };
}
type Traces = Pick<GraderExercise, "visible" | "hidden" | "generated">;

export function casesOf(
  exercise: GraderExercise,
  slot: AnySlot,
  { seed, scope, ownCases = [] }: { seed: string; scope: "visible" | "all"; ownCases?: readonly Case[] | undefined },
): PreparedCase[] {
  const prepared = (
    visibility: PreparedCase["visibility"],
    one: Omit<PreparedCase, "visibility" | "install">,
  ): PreparedCase => ({
    ...one,
    visibility,
    install: exercise.groups.find((group) => group.id === one.group)?.install,
  });
  const written = (visibility: PreparedCase["visibility"], list: PublicExercise["visible"]) =>
    list.map(({ name, group, config, ops, expected }) => prepared(visibility, { name, group, config, ops, expected }));

  const visible = written("visible", exercise.visible);
  const own = ownCases.map(({ config, ops }, i) => ownCase(i, config, slot.legal(config, ops)));
  if (scope === "visible") return [...visible, ...own];
  const hidden = written("hidden", exercise.hidden as PublicExercise["visible"]);
  const generated = exercise.generated.flatMap(({ name, group, config, count, length, params }) =>
    Array.from({ length: count }, (_, i) => {
      const ops = slot.generate(createRng(caseSeed(seed, name, i)), config, params, length);
      return prepared("generated", { name: `${name}-${i + 1}`, group, config, ops, expected: undefined });
    }),
  );
  return [...visible, ...hidden, ...generated];
}

/** A case that the learner made belongs to no group: it brings no points. */
function ownCase(i: number, config: Value, ops: readonly Value[]): PreparedCase {
  return {
    name: `own-${i + 1}`,
    group: "own",
    visibility: "own",
    config,
    ops,
    install: undefined,
    expected: undefined,
  };
}
