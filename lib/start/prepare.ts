// What every way of starting needs first: a database with the current schema, and the secrets that processes share.
import path from "node:path";
import { openDb } from "@/lib/db/client";
import { deployMigrations } from "@/lib/db/migrate";
import { ensureSecret, type SecretName, secretNames } from "@/lib/db/secrets";
import { type Database, openDatabase } from "./database";
import type { Progress } from "./progress";

export interface Prepared {
  readonly database: Database;
  /** No migration had ever been applied to it. */
  readonly fresh: boolean;
  /** For the environment of web and grader processes. */
  readonly env: Readonly<Record<string, string>>;
}

export const schemaDirectory = path.resolve("prisma");

export async function prepare(progress: Progress, open: () => Promise<Database> = openDatabase): Promise<Prepared> {
  const database = await progress("database", open, (found) => found.note);
  try {
    const target = { url: database.url, directory: schemaDirectory };
    const fresh = (await tableCount(database.url)) === 0;
    await progress(
      "migrations",
      () => deployMigrations(target),
      (names) => (names.length > 0 ? `applied ${names.length}` : "up to date"),
    );
    const secrets = await progress(
      "secrets",
      () => readSecrets(database.url),
      () => "ready",
    );
    const env = {
      DATABASE_URL: database.url,
      PAGEWALK_AUTH_SECRET: secrets.auth,
      PAGEWALK_GRADING_SECRET: secrets.grading,
    };
    return { database, fresh, env };
  } catch (error) {
    await database.release();
    throw error;
  }
}

async function tableCount(url: string): Promise<number> {
  const db = openDb(url);
  try {
    const rows = await db.$queryRaw<{ count: bigint }[]>`
      SELECT count(*) AS count FROM information_schema.tables WHERE table_schema = current_schema()`;
    return Number(rows[0]?.count ?? 0);
  } finally {
    await db.$disconnect();
  }
}

async function readSecrets(url: string): Promise<Record<SecretName, string>> {
  const db = openDb(url);
  try {
    const found: Partial<Record<SecretName, string>> = {};
    for (const name of secretNames) found[name] = await ensureSecret(db, name);
    return found as Record<SecretName, string>;
  } finally {
    await db.$disconnect();
  }
}
