// How long a submission to an exercise usually takes from handing in to its verdict.
import { type Db, db } from "./client";

const sample = 20;

/** Median over the latest graded submissions, in whole seconds and at least 1; null if none was graded yet. */
export async function typicalSeconds(exerciseUuid: string, database: Db = db()): Promise<number | null> {
  const rows = await database.submission.findMany({
    where: { exerciseUuid, gradedAt: { not: null }, status: { notIn: ["cancelled", "internal_error"] } },
    orderBy: { createdAt: "desc" },
    take: sample,
    select: { createdAt: true, gradedAt: true },
  });
  const waits = rows.map(({ createdAt, gradedAt }) => (gradedAt?.getTime() ?? 0) - createdAt.getTime());
  const median = waits.sort((a, b) => a - b)[waits.length >> 1];
  return median === undefined ? null : Math.max(1, Math.round(median / 1000));
}
