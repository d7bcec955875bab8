// What stands behind a lesson's ::figure and ::question: exercises/<chapter>/figures.json and questions.json.
// Theory: the prose only names a figure; machine, operations and texts are data, so both languages show the same machine and
//         a test can replay every figure through the simulator.
import { z } from "zod";
import { isPartName, sceneNames } from "@/lib/scenarios/names";
import { buddyOpSchema } from "@/lib/slots/buddy-trace-schema";

const text = z.strictObject({ en: z.string().min(1), "zh-CN": z.string().min(1) });
const id = z.string().regex(/^[a-z][a-z0-9-]*$/);
const order = z.number().int().min(0).max(10);
const count = z.number().int().min(0);

const pcpListSchema = z.strictObject({ low: count, high: count, batch: count.min(1) });

export const figureConfigSchema = z.strictObject({
  pages: z.number().int().min(1).max(4096),
  startPfn: count.multipleOf(1024).optional(),
  init: z.enum(["one-block", "boot32", "pages_asc", "pages_desc", "holes", "none"]),
  pcp: z
    .union([
      z.null(),
      z.strictObject({ batch: count.min(1) }),
      z.strictObject({ hot: pcpListSchema, cold: pcpListSchema }),
    ])
    .optional(),
});

/** What the lesson's prose and caption claim about a figure; checked by replaying it, never shown. */
export const claimSchema = z.strictObject({
  /** After so many operations. */
  after: count,
  /** Non-empty free lists by order, head first, e.g. `{"0": [1], "3": [8]}`; all others are empty. */
  lists: z.record(z.string().regex(/^(10|[0-9])$/), z.array(count)).optional(),
  freePages: count.optional(),
  hot: z.array(count).optional(),
  cold: z.array(count).optional(),
  /** First page that the last operation handed out; null = the allocation failed. */
  returned: count.nullable().optional(),
});

const trace = { config: figureConfigSchema, ops: z.array(buddyOpSchema), claims: z.array(claimSchema).optional() };
const common = { caption: text };
const side = z.strictObject({ title: text, ...trace });

/** The same questions as the predict figure's props (app/_figures/buddy/props.ts). */
export const askSchema = z.discriminatedUnion("ask", [
  z.strictObject({ ask: z.literal("page") }),
  z.strictObject({ ask: z.literal("taken") }),
  z.strictObject({ ask: z.literal("merged") }),
  z.strictObject({ ask: z.literal("list"), order }),
]);

/** A figure of a part of the machine (lib/scenarios): its commands as lines, its machine as a preset's name or in full. */
const partName = z.enum(sceneNames.filter(isPartName));

/** As above; `state` gives values by their path, e.g. `{"zones.1.free": 700}`. */
export const partClaimSchema = z.strictObject({
  after: count,
  result: z.union([z.number(), z.string(), z.null()]).optional(),
  state: z.record(z.string(), z.json()).optional(),
});

const partSchema = z.strictObject({
  kind: z.literal("part"),
  part: partName,
  show: z.enum(["static", "stepper", "sandbox"]),
  ...common,
  config: z.union([z.string(), z.record(z.string(), z.json())]),
  ops: z.array(z.string()),
  start: count.optional(),
  claims: z.array(partClaimSchema).optional(),
});
export type PartFigureFile = z.infer<typeof partSchema>;

/** The last operation is asked about; `answer` is `result` or the path of a number, or list of numbers, in the state after it. */
const partPredictSchema = z.strictObject({
  ...partSchema.omit({ kind: true, show: true, start: true, ops: true }).shape,
  kind: z.literal("part-predict"),
  ops: z.array(z.string()).min(1),
  ask: text,
  answer: z.string().min(1),
  why: text,
});
export type PartPredictFile = z.infer<typeof partPredictSchema>;

export const figureSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("static"), ...common, ...trace }),
  z.strictObject({ kind: z.literal("stepper"), ...common, ...trace, start: count.optional() }),
  z.strictObject({ kind: z.literal("sandbox"), ...common, ...trace, seed: count.optional() }),
  z.strictObject({ kind: z.literal("predict"), ...common, ...trace, question: askSchema, why: text }),
  z.strictObject({ kind: z.literal("compare"), ...common, left: side, right: side }),
  partSchema,
  partPredictSchema,
]);
export type FigureFile = z.infer<typeof figureSchema>;

export const figuresFileSchema = z.strictObject({
  $schema: z.string().optional(),
  figures: z.record(id, figureSchema),
});

/** A check question: choose one answer, or write a list of numbers. `why` is shown after the reader has answered. */
export const questionSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("choice"),
    ask: text,
    options: z.array(z.strictObject({ text, right: z.boolean().optional(), why: text })).min(2),
  }),
  z.strictObject({ kind: z.literal("numbers"), ask: text, answer: z.array(z.number()), why: text }),
]);
export type QuestionFile = z.infer<typeof questionSchema>;

export const questionsFileSchema = z
  .strictObject({ $schema: z.string().optional(), questions: z.record(id, questionSchema) })
  .check(({ value, issues }) => {
    for (const [name, question] of Object.entries(value.questions)) {
      const right = question.kind === "choice" ? question.options.filter((option) => option.right).length : 1;
      if (right === 1) continue;
      const message = `${right} options are marked right; mark exactly one`;
      issues.push({ code: "custom", message, path: ["questions", name], input: question });
    }
  });
