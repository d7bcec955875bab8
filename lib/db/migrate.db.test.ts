// The migrate script relies on a package nobody documents: this is the proof that it does what it says.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres } from "@/lib/start/postgres";
import { testCluster } from "@/lib/start/test-database";
import { deployMigrations } from "./migrate";
import { runMigrateCommand, usage } from "./migrate-cli";

const schema = (columns: string) => `
generator client {
  provider = "prisma-client"
  output   = "./generated"
}
datasource db {
  provider = "postgresql"
}
model Frame {
  pfn Int @id
  ${columns}
}`;

let directory: string;
let url: string;
let stop: () => Promise<unknown>;
const said: string[] = [];

const run = async (...args: string[]) => {
  said.length = 0;
  return runMigrateCommand({ url, directory }, args, (line) => said.push(line));
};
const query = async (sql: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows as Record<string, unknown>[];
};
const tables = async () =>
  (await query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1")).map(
    (row) => row.table_name,
  );
const columns = async () =>
  (await query("SELECT column_name FROM information_schema.columns WHERE table_name = 'Frame' ORDER BY 1")).map(
    (row) => row.column_name,
  );
const shadows = () => query("SELECT datname FROM pg_database WHERE datname LIKE 'pagewalk_shadow_%'");

beforeAll(async () => {
  const postgres = await startPostgres(testCluster);
  const name = `migrate_${process.pid}_${Date.now()}`;
  url = await postgres.database(name);
  directory = mkdtempSync(path.join(tmpdir(), "pagewalk-migrate-"));
  writeFileSync(path.join(directory, "schema.prisma"), schema("order Int"));
  stop = async () => {
    const admin = new pg.Client({ connectionString: await postgres.database("postgres") });
    await admin.connect();
    await admin.query(`DROP DATABASE "${name}" WITH (FORCE)`);
    await admin.end();
    await postgres.release();
    rmSync(directory, { recursive: true });
  };
});
afterAll(() => stop());

// One story, in order.

test("create writes the first migration and touches no database", async () => {
  expect(await run("create", "init")).toBe(0);
  expect(said[0]).toMatch(/^Created prisma\/migrations\/\d{14}_init/);
  expect(await tables()).toEqual([]);
});

test("status lists what is not applied and says how to apply it", async () => {
  expect(await run("status")).toBe(1);
  expect(said[0]).toMatch(/_init.*npm run db -- deploy/);
});

test("deploy applies it, once even when several do it at the same time", async () => {
  const applied = await Promise.all([1, 2, 3].map(() => deployMigrations({ url, directory })));
  expect(applied.flat()).toHaveLength(1);
  expect(await tables()).toEqual(["Frame", "_prisma_migrations"]);
  expect(await run("status")).toBe(0);
  expect(await run("deploy")).toBe(0);
  expect(said).toEqual(["Nothing to apply."]);
});

test("check finds a change of the schema, in a shadow that leaves the main database and nothing else behind", async () => {
  await query(`INSERT INTO "Frame" VALUES (7, 0)`);
  expect(await run("check")).toBe(0);
  writeFileSync(path.join(directory, "schema.prisma"), schema("order Int\n  flags Int @default(0)"));
  expect(await run("check")).toBe(1);
  expect(said[0]).toContain('ADD COLUMN     "flags"');
  expect(await columns()).toEqual(["order", "pfn"]);
  expect(await shadows()).toEqual([]);
});

test("create writes only the change, and does not apply it to the main database", async () => {
  expect(await run("create", "add_flags")).toBe(0);
  const folder = readdirSync(path.join(directory, "migrations")).find((name) => name.endsWith("_add_flags"));
  const sql = readFileSync(path.join(directory, "migrations", folder!, "migration.sql"), "utf8");
  expect(sql).toContain('ADD COLUMN     "flags"');
  expect(sql).not.toContain("CREATE TABLE");
  expect(await columns()).toEqual(["order", "pfn"]);
  expect(await run("check")).toBe(0);
  expect(await run("create", "nothing")).toBe(0);
  expect(said).toEqual(["schema.prisma has not changed."]);
});

test("deploy keeps the rows that are there", async () => {
  expect(await run("deploy")).toBe(0);
  expect(await query(`SELECT * FROM "Frame"`)).toEqual([{ pfn: 7, order: 0, flags: 0 }]);
});

test("status names a migration that was changed after it was applied", async () => {
  const folder = readdirSync(path.join(directory, "migrations")).find((name) => name.endsWith("_init"))!;
  const file = path.join(directory, "migrations", folder, "migration.sql");
  const original = readFileSync(file, "utf8");
  writeFileSync(file, `${original}\n-- touched`);
  expect(await run("status")).toBe(1);
  expect(said.join()).toContain(`Changed after they were applied: ${folder}`);
  writeFileSync(file, original);
});

test("reset does nothing without --yes, and with it leaves an empty current database", async () => {
  expect(await run("reset")).toBe(1);
  expect(await query(`SELECT pfn FROM "Frame"`)).toHaveLength(1);
  expect(await run("reset", "--yes")).toBe(0);
  expect(await query(`SELECT pfn FROM "Frame"`)).toEqual([]);
  expect(await columns()).toEqual(["flags", "order", "pfn"]);
});

test("an unknown command, or a name that is none, is answered with what to type", async () => {
  expect(await run("deplyo")).toBe(1);
  expect(said).toEqual([usage]);
  await expect(run("create", "Add Flags")).rejects.toThrow("add_sections");
});

test("the migrations of this repository give exactly its schema", async () => {
  const copy = path.join(directory, "real");
  cpSync("prisma", copy, { recursive: true });
  const code = await runMigrateCommand({ url, directory: copy }, ["check"], (line) => said.push(line));
  expect([code, said.at(-1)]).toEqual([0, "The migrations give exactly schema.prisma."]);
});
