// The grader processes that are at work now, as each of them says about itself.
import { type Db, db } from "./client";

export interface GraderNode {
  readonly id: string;
  readonly host: string;
  readonly workers: number;
  /** Confinement layers that are active around each worker. */
  readonly layers: readonly string[];
  /** Hash of the sandbox engine. */
  readonly engine: string | null;
  readonly version: string;
  readonly startedAt: Date;
}

/** A node that said nothing for this long is gone. */
const silenceMs = 20_000;

/** "I am here": on start and then every few seconds. */
export async function announceGrader(database: Db, node: Omit<GraderNode, "startedAt">): Promise<void> {
  const { id, layers, ...rest } = node;
  const data = { ...rest, layers: [...layers], seenAt: new Date() };
  await database.graderNode.upsert({ where: { id }, create: { id, ...data }, update: data, select: { id: true } });
}

export async function withdrawGrader(database: Db, id: string): Promise<void> {
  await database.graderNode.deleteMany({
    where: { OR: [{ id }, { seenAt: { lt: new Date(Date.now() - 3_600_000) } }] },
  });
}

export function activeGraders(database: Db = db()): Promise<GraderNode[]> {
  return database.graderNode.findMany({
    where: { seenAt: { gt: new Date(Date.now() - silenceMs) } },
    orderBy: { startedAt: "asc" },
    select: { id: true, host: true, workers: true, layers: true, engine: true, version: true, startedAt: true },
  });
}
