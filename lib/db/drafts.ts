// What a learner is writing, kept while it is written. Two devices may write at once: the revision tells, and nothing is lost.
import { type Db, type DbOrTransaction, db } from "./client";
import type { SnapshotCause } from "./generated/enums";
import { ok, type Result, refuse } from "./result";
import { isUuid } from "./submissions";

/** The same as what may be handed in, and room for a file that is being cut down to it. */
const maxSourceBytes = 256 * 1024;
const keptSnapshots = 100;

export interface Draft {
  readonly source: string;
  readonly rev: number;
  /** Of the exercise, when this was written. */
  readonly exerciseVersion: string;
  readonly updatedAt: Date;
}
export interface PutDraft {
  readonly userId: string;
  readonly exerciseUuid: string;
  readonly source: string;
  /** The revision this was typed on; 0 if there was none. */
  readonly ifMatch: number;
}
/** Saved as `rev`, or not saved because somebody else (another device) saved `conflict` meanwhile. */
export type PutOutcome = { readonly rev: number } | { readonly conflict: Draft };

const columns = { source: true, rev: true, exerciseVersion: true, updatedAt: true } as const;

export function getDraft(userId: string, exerciseUuid: string, database: Db = db()): Promise<Draft | null> {
  if (!isUuid(exerciseUuid)) return Promise.resolve(null);
  return database.draft.findUnique({ where: { userId_exerciseUuid: { userId, exerciseUuid } }, select: columns });
}

export async function putDraft(input: PutDraft, database: Db = db()): Promise<Result<PutOutcome>> {
  const { userId, exerciseUuid, source, ifMatch } = input;
  const bytes = Buffer.byteLength(source);
  if (bytes > maxSourceBytes)
    return refuse("too_large", "sourceTooLarge", { bytes, limit: maxSourceBytes, over: bytes - maxSourceBytes });
  if (source.includes("\0") || !source.isWellFormed()) return refuse("invalid", "sourceNotText");
  if (!Number.isInteger(ifMatch) || ifMatch < 0) return refuse("invalid", "badRevision");
  if (!isUuid(exerciseUuid)) return refuse("not_found", "noSuchExercise");

  return database.$transaction(async (tx) => {
    const exercise = await tx.exercise.findUnique({ where: { uuid: exerciseUuid }, select: { version: true } });
    if (!exercise) return refuse("not_found", "noSuchExercise");
    const data = { source, exerciseVersion: exercise.version };
    if (ifMatch === 0) {
      const { count } = await tx.draft.createMany({ data: [{ userId, exerciseUuid, ...data }], skipDuplicates: true });
      if (count > 0) return ok({ rev: 1 });
    }
    const [saved] = await tx.draft.updateManyAndReturn({
      where: { userId, exerciseUuid, rev: ifMatch },
      data: { ...data, rev: { increment: 1 } },
      select: { rev: true },
    });
    if (saved) return ok({ rev: saved.rev });
    const conflict = await tx.draft.findUnique({
      where: { userId_exerciseUuid: { userId, exerciseUuid } },
      select: columns,
    });
    // No draft at all: it was deleted elsewhere, so there is nothing to lose.
    if (conflict) return conflict.source === source ? ok({ rev: conflict.rev }) : ok({ conflict });
    const created = await tx.draft.create({ data: { userId, exerciseUuid, ...data }, select: { rev: true } });
    return ok({ rev: created.rev });
  });
}

export interface SnapshotSummary {
  readonly id: string;
  readonly cause: SnapshotCause;
  readonly createdAt: Date;
}

/** Keeps a copy of what would otherwise be overwritten, and of what was run; the same text twice in a row is kept once. */
export async function addSnapshot(
  input: { userId: string; exerciseUuid: string; source: string; cause: SnapshotCause },
  database: Db = db(),
): Promise<Result<{ id: string }>> {
  const { userId, exerciseUuid, source, cause } = input;
  if (Buffer.byteLength(source) > maxSourceBytes || source.includes("\0") || !source.isWellFormed())
    return refuse("invalid", "sourceNotText");
  if (!isUuid(exerciseUuid)) return refuse("not_found", "noSuchExercise");
  const exercise = await database.exercise.findUnique({ where: { uuid: exerciseUuid }, select: { version: true } });
  if (!exercise) return refuse("not_found", "noSuchExercise");
  const last = await database.snapshot.findFirst({
    where: { userId, exerciseUuid },
    orderBy: { createdAt: "desc" },
    select: { id: true, source: true },
  });
  if (last?.source === source) return ok({ id: last.id });
  const data = { userId, exerciseUuid, source, cause, exerciseVersion: exercise.version };
  const { id } = await database.snapshot.create({ data, select: { id: true } });
  await dropOldSnapshots(database, userId, exerciseUuid);
  return ok({ id });
}

export function snapshots(userId: string, exerciseUuid: string, database: Db = db()): Promise<SnapshotSummary[]> {
  if (!isUuid(exerciseUuid)) return Promise.resolve([]);
  return database.snapshot.findMany({
    where: { userId, exerciseUuid },
    orderBy: { createdAt: "desc" },
    take: keptSnapshots,
    select: { id: true, cause: true, createdAt: true },
  });
}

/** The text of one of that user's snapshots, or null. */
export async function snapshotSource(userId: string, id: string, database: Db = db()): Promise<string | null> {
  if (!isUuid(id)) return null;
  return (await database.snapshot.findFirst({ where: { id, userId }, select: { source: true } }))?.source ?? null;
}

async function dropOldSnapshots(database: DbOrTransaction, userId: string, exerciseUuid: string): Promise<void> {
  const old = await database.snapshot.findMany({
    where: { userId, exerciseUuid },
    orderBy: { createdAt: "desc" },
    skip: keptSnapshots,
    select: { id: true },
  });
  if (old.length > 0) await database.snapshot.deleteMany({ where: { id: { in: old.map((row) => row.id) } } });
}
