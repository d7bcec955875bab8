// An exercise as its author writes it (exercise.json, traces.json) and as the rest of the code uses it.
import { z } from "zod";
import type { Value } from "@/lib/slots/slot";
import type { Text } from "@/lib/words/text";

const text = z.strictObject({ en: z.string().min(1), "zh-CN": z.string().min(1) });

export const exerciseKinds = ["implement", "predict", "break-it"] as const;

export const groupSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: text,
  weight: z.number().int().positive(),
  /** Only these of the slot's functions are the learner's in this group's cases; absent: all of them. */
  install: z.array(z.string()).min(1).optional(),
});
export type Group = z.infer<typeof groupSchema>;

/** For the generic `function` slot: the shape of the function that the author poses. */
export const functionShapeSchema = z.strictObject({
  name: z.string().regex(/^[a-z][A-Za-z0-9]*$/),
  params: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  returns: z.string(),
});

export const exerciseFileSchema = z.strictObject({
  $schema: z.string().optional(),
  /** Never changes: the identity of the exercise in the database. */
  uuid: z.uuid(),
  kind: z.enum(exerciseKinds),
  slot: z.string(),
  title: text,
  level: z.number().int().min(1).max(5),
  minutes: z.number().int().positive(),
  points: z.number().int().positive(),
  groups: z.array(groupSchema).min(1),
  /** Fuel limit as a multiple of what `solution.ts` uses; at least 3. */
  fuelFactor: z.number().min(3).default(20),
  sources: z.array(z.string()).min(1),
  function: functionShapeSchema.optional(),
});
export type ExerciseFile = z.infer<typeof exerciseFileSchema>;

const caseFileSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  group: z.string(),
  title: text.optional(),
  config: z.json(),
  ops: z.array(z.json()).min(1),
});
export const tracesFileSchema = z.strictObject({
  $schema: z.string().optional(),
  visible: z.array(caseFileSchema).min(1),
  hidden: z.array(caseFileSchema),
  generated: z.array(
    z.strictObject({
      name: z.string().regex(/^[a-z][a-z0-9-]*$/),
      group: z.string(),
      config: z.json(),
      count: z.number().int().min(1).max(50),
      length: z.number().int().min(1).max(5000),
      params: z.json(),
    }),
  ),
});
export type TracesFile = z.infer<typeof tracesFileSchema>;

export interface Mutant {
  readonly name: string;
  readonly source: string;
  /** From the first two comment lines of the file: `// en: …` and `// zh-CN: …`. */
  readonly misconception: Text;
}

export interface Exercise extends Omit<ExerciseFile, "$schema"> {
  readonly slug: string;
  readonly chapter: string;
  readonly prompt: Text;
  /** Markdown; one entry per `## ` section of hints.<locale>.md. */
  readonly hints: Readonly<Record<keyof Text, readonly string[]>>;
  readonly starter: string;
  /** The first is the reference for fuel and, in a `function` slot, the oracle. */
  readonly solutions: readonly string[];
  readonly mutants: readonly Mutant[];
  readonly traces: TracesFile;
  /** sha256 over the folder's files: changes whenever anything that could change a verdict does. */
  readonly version: string;
}

/** What a browser may know of an exercise: nothing hidden, no solution, no mutant, no generator. */
export interface PublicExercise {
  readonly uuid: string;
  readonly slug: string;
  readonly chapter: string;
  readonly kind: Exercise["kind"];
  readonly slot: string;
  readonly title: Text;
  readonly level: number;
  readonly minutes: number;
  readonly points: number;
  readonly groups: readonly Group[];
  readonly starter: string;
  readonly version: string;
  readonly function?: ExerciseFile["function"];
  readonly visible: readonly {
    name: string;
    group: string;
    title?: Text;
    config: Value;
    ops: readonly Value[];
    /** Only for slots whose oracle is the author's solution: what it returned for each operation. */
    expected?: readonly Value[];
  }[];
  readonly fuelLimit: number;
}

/** An author's mistake, shown to staff; the rest of the course keeps working. */
export interface Problem {
  readonly file: string;
  readonly line: number | null;
  readonly message: string;
}

export interface Lesson {
  readonly slug: string;
  readonly title: Text;
  /** Markdown with directives, without front matter. */
  readonly body: Text;
  readonly goals: Readonly<Record<keyof Text, readonly string[]>>;
  readonly minutes: number;
  readonly sources: readonly string[];
}

export interface Chapter {
  readonly slug: string;
  readonly number: number;
  readonly title: Text;
  readonly goal: Text;
  readonly lesson: Lesson | null;
  readonly exercises: readonly Exercise[];
}

export interface Course {
  readonly slug: string;
  readonly title: Text;
  readonly description: Text;
  readonly chapters: readonly Chapter[];
  readonly problems: readonly Problem[];
}
