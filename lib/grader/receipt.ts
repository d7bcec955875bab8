// A receipt lets anyone recompute a verdict: the hashes of everything that went in, and the hash of what came out.
import type { Json } from "./json";
import { canonical } from "./json";
import { sha256Hex } from "./sha256";
import type { Receipt, Verdict } from "./verdict";

/** Rises whenever the grader's own rules change so that an old verdict may come out differently. */
export const graderVersion = "1";

export interface ReceiptFacts {
  readonly source: string;
  /** Slug of the exercise. */
  readonly exercise: string;
  readonly exerciseVersion: string;
  readonly engineHash: string;
  readonly seed: string;
}

/** The verdict with its receipt. The id depends on every input and on the outcome, never on the clock. */
export function withReceipt(verdict: Verdict, facts: ReceiptFacts): Verdict {
  const body = {
    sourceHash: sha256Hex(facts.source),
    exercise: facts.exercise,
    exerciseVersion: facts.exerciseVersion,
    engineHash: facts.engineHash,
    graderVersion,
    seed: facts.seed,
    fuel: verdict.fuel.used,
    verdictHash: verdictHash(verdict),
  };
  const receipt: Receipt = { id: sha256Hex(canonical(body)).slice(0, 32), ...body };
  return { ...verdict, receipt };
}

/** sha256 of the canonical verdict without its receipt. */
export function verdictHash(verdict: Verdict): string {
  return sha256Hex(canonical({ ...verdict, receipt: null } as unknown as Json));
}

/** Names of the receipt's entries in which two receipts differ; empty when a replay came out identical. */
export function receiptDifferences(a: Receipt, b: Receipt): (keyof Receipt)[] {
  return (Object.keys(a) as (keyof Receipt)[]).filter((name) => a[name] !== b[name]);
}
