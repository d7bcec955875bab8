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
