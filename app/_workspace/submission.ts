// What the pages know of a submission: the columns that GET /api/submissions/[id] sends, with dates as text.

import type { Verdict } from "@/lib/grader/verdict";
import type { Message } from "@/lib/slots/slot";

export type SubmissionStatus = Verdict["status"] | "cancelled";

export interface Submission {
  readonly id: string;
  readonly status: SubmissionStatus;
  /** Grows with every change. */
  readonly rev: number;
  readonly source: string;
  readonly verdict: Verdict | null;
  /** How many wait before it. */
  readonly ahead: number;
  readonly errorId: string | null;
  readonly supersededById: string | null;
  readonly createdAt: string;
}

export interface SubmissionLine {
  readonly id: string;
  readonly status: SubmissionStatus;
  readonly score: number | null;
  readonly maxScore: number | null;
  readonly createdAt: string;
}

/** The answer of an API that refuses. */
export interface RefusedAnswer {
  readonly code: string;
  readonly message: Message;
}

export const isOpen = (status: SubmissionStatus): boolean => status === "queued" || status === "running";
