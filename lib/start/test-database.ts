// A database for one test file: real PostgreSQL, current schema, nobody else's rows.
// Theory: the migrations run once into a template database, named after them; each test file gets a copy of it.
import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import { type Db, openDb } from "@/lib/db/client";
import { deployMigrations } from "@/lib/db/migrate";
import { startPostgres } from "./postgres";
import { withLock } from "./process-lock";

export interface TestDatabase {
  readonly url: string;
  readonly db: Db;
  /** Drops the database. */
  close(): Promise<void>;
}

export const testCluster = path.resolve(".data/test/postgres");

export async function openTestDatabase(): Promise<TestDatabase> {
  const postgres = await startPostgres(testCluster);
  const admin = await postgres.database("postgres");
  const template = await withLock(`${testCluster}-template.lock`, async () => {
    const name = `template_${await fingerprintOfMigrations()}`;
    if (await isComplete(admin, name)) return name;
    await execute(admin, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    await deployMigrations({ url: await postgres.database(name), directory: path.resolve("prisma") });
    await execute(admin, `COMMENT ON DATABASE "${name}" IS 'complete'`);
    return name;
  });
  const name = `test_${randomBytes(6).toString("hex")}`;
  await execute(admin, `CREATE DATABASE "${name}" TEMPLATE "${template}"`);
  const url = await postgres.database(name);
  const db = openDb(url);
  return {
    url,
    db,
    close: async () => {
      await db.$disconnect();
      await execute(admin, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
      await postgres.release();
    },
  };
}

async function isComplete(admin: string, name: string): Promise<boolean> {
  const sql =
    "SELECT shobj_description(oid, 'pg_database') = 'complete' AS complete FROM pg_database WHERE datname = $1";
  return (await execute(admin, sql, [name]))[0]?.complete === true;
}

async function fingerprintOfMigrations(): Promise<string> {
  const hash = createHash("sha256");
  for (const name of (await readdir("prisma/migrations")).sort()) {
    hash
      .update(name)
      .update(await readFile(path.join("prisma/migrations", name, "migration.sql"), "utf8").catch(() => ""));
  }
  return hash.digest("hex").slice(0, 12);
}

async function execute(url: string, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}
