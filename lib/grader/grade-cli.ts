// `npm run grade -- EXERCISE FILE`: grades a file from the shell with the same grader, cases and limits as the server.
// Exit status: 0 full score (or an identical replay), 1 anything less, 2 a mistake in the command line.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Course, Exercise } from "@/lib/course/exercise";
import { allExercises } from "@/lib/course/load";
import { type Locale, locales } from "@/lib/words/text";
import { say } from "@/lib/words/translator";
import { closest } from "./closest";
import { checkSource } from "./compile";
import type { Engine } from "./engine";
import { grade } from "./grade";
import { failureLines, verdictLines } from "./print";
import { receiptDifferences } from "./receipt";
import { type StoredVerdict, storedReceipt, storeReceipt } from "./receipts-file";
import type { Verdict } from "./verdict";

export interface GradeContext {
  loadCourse(): Promise<Course>;
  loadEngine(): Promise<Engine>;
  readonly receiptsDirectory: string;
  /** Where else receipts are kept; null: no such receipt, or no database to ask. */
  receiptFor?(id: string): Promise<StoredVerdict | null>;
  write(line: string): void;
}

const options = {
  json: { type: "boolean" },
  seed: { type: "string" },
  locale: { type: "string" },
  replay: { type: "string" },
} as const;

/** A mistake in the command line: its sentence and nothing else. */
class Refusal extends Error {
  constructor(
    readonly key: string,
    readonly args: Readonly<Record<string, string | number>> = {},
  ) {
    super(key);
  }
}

export async function gradeCommand(argv: readonly string[], context: GradeContext): Promise<number> {
  let locale: Locale = "en";
  try {
    const { values, positionals } = parsed(argv);
    locale = locales.find((name) => name === values.locale) ?? locale;
    if (values.locale !== undefined && values.locale !== locale) throw new Refusal("usage");
    if (values.replay !== undefined) return await replay(values.replay, locale, context);
    const [name, file] = positionals;
    if (name === undefined || file === undefined || positionals.length > 2) throw new Refusal("usage");
    const seed = values.seed ?? randomBytes(16).toString("hex");
    return await gradeFile({ name, file, seed, json: values.json ?? false, locale }, context);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    context.write(say(locale, { key: `grade.${error.key}`, args: error.args }));
    return 2;
  }
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    const option = /'(-[^' ]*)/.exec((error as Error).message)?.[1];
    throw option ? new Refusal("unknownOption", { option }) : new Refusal("usage");
  }
}

async function gradeFile(
  { name, file, seed, json, locale }: { name: string; file: string; seed: string; json: boolean; locale: Locale },
  context: GradeContext,
): Promise<number> {
  const exercise = findExercise(await context.loadCourse(), name);
  const checked = checkSource(await readSource(file));
  if (!checked.ok) {
    for (const line of failureLines(checked.failure, locale)) context.write(line);
    return 1;
  }
  const { source } = checked;
  const verdict = await grade({ exercise, source, seed, scope: "all" }, await context.loadEngine());
  await storeReceipt(context.receiptsDirectory, { exercise: exercise.slug, source, seed, verdict });
  if (json) context.write(JSON.stringify(verdict, null, 2));
  else for (const line of verdictLines(verdict, exercise, locale)) context.write(line);
  return isFullScore(verdict) ? 0 : 1;
}

async function replay(id: string, locale: Locale, context: GradeContext): Promise<number> {
  const stored = (await storedReceipt(context.receiptsDirectory, id)) ?? (await context.receiptFor?.(id)) ?? null;
  const before = stored?.verdict.receipt;
  if (!stored || !before) throw new Refusal("noReceipt", { id, directory: context.receiptsDirectory });
  const exercises = allExercises(await context.loadCourse());
  const exercise = exercises.find(({ slug, uuid }) => slug === stored.exercise || uuid === stored.exercise);
  if (!exercise) throw new Refusal("replayGone", { exercise: stored.exercise });

  const job = { exercise, source: stored.source, seed: stored.seed, scope: "all" } as const;
  const { receipt: now } = await grade(job, await context.loadEngine());
  const differing = receiptDifferences(before, now!);
  const spelled = differing.map((field) =>
    say(locale, { key: "grade.differsField", args: { field, before: before[field], now: now![field] } }),
  );
  const message = { identical: { hash: before.verdictHash }, differs: { fields: spelled.join("; ") } };
  const key = differing.length === 0 ? "identical" : "differs";
  context.write(say(locale, { key: `grade.${key}`, args: message[key] }));
  return differing.length === 0 ? 0 : 1;
}

/** By slug, folder name or path: `split-a-block`, `03-split-a-block`, `exercises/06-buddy/03-split-a-block/`. */
function findExercise(course: Course, name: string): Exercise {
  const slug = path.basename(name).replace(/^\d+-/, "");
  const exercises = allExercises(course);
  const found = exercises.find((exercise) => exercise.slug === slug);
  if (found) return found;
  const broken = course.problems.find((problem) => path.dirname(problem.file).endsWith(slug));
  if (broken) throw new Refusal("courseProblem", { file: broken.file, message: broken.message });
  const close = closest(
    slug,
    exercises.map((exercise) => exercise.slug),
  );
  throw new Refusal("unknownExercise", { name, close: close.join(", ") });
}

async function readSource(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") throw new Refusal("noFile", { file });
    if (code === "EISDIR") throw new Refusal("isDirectory", { file });
    throw new Refusal("unreadable", { file, code: code ?? "?" });
  }
}

function isFullScore({ status, score, maxScore }: Verdict): boolean {
  return status === "passed" && score === maxScore;
}
