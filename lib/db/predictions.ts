// Answers to "what happens next?": stored to show learners what to look at again. They never gate or grade anything.
import { type Db, db } from "./client";
import type { PredictionOutcome } from "./generated/enums";
import { ok, type Result, refuse } from "./result";

export interface PredictionInput {
  readonly userId: string;
  /** Id of the figure or exercise that asked. */
  readonly question: string;
  /** Of the question, where it is drawn from a seed. */
  readonly seed: string | null;
  /** As given: JSON data, small. */
  readonly answer: unknown;
  readonly outcome: PredictionOutcome;
}
export interface PredictionRecord {
  readonly question: string;
  readonly seed: string | null;
  readonly answer: unknown;
  readonly outcome: PredictionOutcome;
  readonly createdAt: Date;
}

const maxAnswerChars = 4000;

export async function recordPrediction(input: PredictionInput, database: Db = db()): Promise<Result<{ id: string }>> {
  const { userId, question, seed, answer, outcome } = input;
  const text = JSON.stringify(answer ?? null);
  const sound = /^[\w./:-]{1,120}$/.test(question) && (seed === null || /^[\w.-]{1,80}$/.test(seed));
  if (!sound || text.length > maxAnswerChars || text.includes("\\u0000")) return refuse("invalid", "badPrediction");
  const data = { userId, question, seed, answer: JSON.parse(text), outcome };
  const { id } = await database.prediction.create({ data, select: { id: true } });
  return ok({ id });
}

/** That user's last answer to each of the questions, by question. */
export async function lastPredictions(
  userId: string,
  questions: readonly string[],
  database: Db = db(),
): Promise<ReadonlyMap<string, PredictionRecord>> {
  const rows = await database.prediction.findMany({
    where: { userId, question: { in: [...questions] } },
    orderBy: [{ question: "asc" }, { createdAt: "desc" }],
    distinct: ["question"],
    select: { question: true, seed: true, answer: true, outcome: true, createdAt: true },
  });
  return new Map(rows.map((row) => [row.question, row]));
}

/** How often that user answered each of the questions, by outcome. */
export async function predictionTally(
  userId: string,
  question: string,
  database: Db = db(),
): Promise<Readonly<Record<PredictionOutcome, number>>> {
  const rows = await database.prediction.groupBy({ by: ["outcome"], where: { userId, question }, _count: true });
  const count = (outcome: PredictionOutcome) => rows.find((row) => row.outcome === outcome)?._count ?? 0;
  return { right: count("right"), wrong: count("wrong"), skipped: count("skipped") };
}
