// What a browser may know of an exercise. Built field by field: whatever is added to Exercise stays private until listed here.
import type { Value } from "@/lib/slots/slot";
import type { Exercise, PublicExercise } from "./exercise";

/** What only running the author's solution can tell; measured once per exercise version by the grader's room. */
export interface Measurement {
  readonly fuelLimit: number;
  /** Case name -> what the solution returned for each operation; only for slots whose oracle is the solution. */
  readonly expected: Readonly<Record<string, readonly Value[]>>;
}

export function toPublicExercise(exercise: Exercise, measured: Measurement): PublicExercise {
  return {
    uuid: exercise.uuid,
    slug: exercise.slug,
    chapter: exercise.chapter,
    kind: exercise.kind,
    slot: exercise.slot,
    title: exercise.title,
    level: exercise.level,
    minutes: exercise.minutes,
    points: exercise.points,
    groups: exercise.groups,
    starter: exercise.starter,
    version: exercise.version,
    ...(exercise.function ? { function: exercise.function } : {}),
    visible: exercise.traces.visible.map(({ name, group, title, config, ops }) => ({
      name,
      group,
      ...(title ? { title } : {}),
      config,
      ops,
      ...(measured.expected[name] ? { expected: measured.expected[name] } : {}),
    })),
    fuelLimit: measured.fuelLimit,
  };
}
