// How the installation is: what the health page and /api/health show. Nothing in it is secret.
import { type Db, db } from "@/lib/db/client";
import { activeGraders, type GraderNode } from "@/lib/db/graders";

export interface Health {
  /** Pages are served and submissions are graded. */
  readonly ok: boolean;
  readonly version: string;
  readonly database: { readonly ok: boolean; readonly ms: number | null };
  readonly queue: {
    readonly waiting: number;
    readonly running: number;
    readonly oldestWaitingSeconds: number | null;
    readonly gradedLastHour: number;
    readonly internalErrorsLastHour: number;
  } | null;
  readonly graders: readonly (Omit<GraderNode, "id" | "host"> & { readonly name: string })[];
}

export const version = process.env.npm_package_version ?? "0.1.0";

/** Never throws: a database that does not answer is a finding, not an error. */
export async function health(database: Db = db()): Promise<Health> {
  const started = performance.now();
  try {
    await database.$queryRaw`SELECT 1`;
    const ms = Math.round((performance.now() - started) * 10) / 10;
    const [queue, nodes] = await Promise.all([queueState(database), activeGraders(database)]);
    const graders = nodes.map(({ id: _, host: __, ...node }, index) => ({ ...node, name: `grader ${index + 1}` }));
    return { ok: graders.length > 0, version, database: { ok: true, ms }, queue, graders };
  } catch (error) {
    console.error(JSON.stringify({ from: "health", error: String(error) }));
    return { ok: false, version, database: { ok: false, ms: null }, queue: null, graders: [] };
  }
}

async function queueState(database: Db): Promise<NonNullable<Health["queue"]>> {
  const hourAgo = new Date(Date.now() - 3_600_000);
  const [states, oldest, graded, failed] = await Promise.all([
    database.submission.groupBy({ by: ["status"], where: { status: { in: ["queued", "running"] } }, _count: true }),
    database.submission.findFirst({
      where: { status: "queued" },
      orderBy: { createdAt: "asc" },
      select: { createdAt: true },
    }),
    database.submission.count({ where: { gradedAt: { gt: hourAgo }, status: { not: "cancelled" } } }),
    database.submission.count({ where: { gradedAt: { gt: hourAgo }, status: "internal_error" } }),
  ]);
  const count = (status: string) => states.find((row) => row.status === status)?._count ?? 0;
  return {
    waiting: count("queued"),
    running: count("running"),
    oldestWaitingSeconds: oldest ? Math.max(0, Math.round((Date.now() - oldest.createdAt.getTime()) / 1000)) : null,
    gradedLastHour: graded,
    internalErrorsLastHour: failed,
  };
}
