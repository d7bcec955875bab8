// The five things one does with migrations. All of them work offline, and none but `deploy` and `reset` writes to the database.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import {
  type MigrationHistory,
  type MigrationsList,
  noFilters,
  type SchemaEngine,
  type SchemaFiles,
  withSchemaEngine,
} from "./schema-engine";

export interface MigrateTarget {
  readonly url: string;
  /** Folder with schema.prisma and migrations/. */
  readonly directory: string;
}

/** Writes a migration for what changed in schema.prisma. Returns its name, or null if nothing changed. */
export async function createMigration(target: MigrateTarget, name: string): Promise<string | null> {
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    throw new Error(`"${name}" cannot name a migration: use a-z, 0-9 and _, as in add_sections.`);
  const script = await difference(target);
  if (script === null) return null;
  const folder = `${new Date().toISOString().replace(/\D/g, "").slice(0, 14)}_${name}`;
  const migrations = path.join(target.directory, "migrations");
  await mkdir(path.join(migrations, folder), { recursive: true });
  await writeFile(path.join(migrations, folder, "migration.sql"), script);
  await writeFile(path.join(migrations, "migration_lock.toml"), 'provider = "postgresql"\n');
  return folder;
}

/** Applies what is missing. Safe to call from several machines at once: each migration is applied once. */
export async function deployMigrations(target: MigrateTarget): Promise<string[]> {
  const migrationsList = await list(target);
  const { appliedMigrationNames } = await withEngine(target, (engine) =>
    engine.applyMigrations({ migrationsList, filters: noFilters }),
  );
  return appliedMigrationNames;
}

export interface MigrationStatus {
  readonly unapplied: readonly string[];
  readonly failed: readonly string[];
  /** Applied, and changed in the folder afterwards. */
  readonly edited: readonly string[];
}

export async function migrationStatus(target: MigrateTarget): Promise<MigrationStatus> {
  const migrationsList = await list(target);
  const found = await withEngine(target, (engine) =>
    engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters: noFilters }),
  );
  return {
    unapplied: unapplied(found, migrationsList),
    failed: found.failedMigrationNames,
    edited: found.editedMigrationNames,
  };
}

/** The SQL by which schema.prisma is ahead of the migrations, or null if they agree. Computed in a shadow database. */
export async function difference(target: MigrateTarget): Promise<string | null> {
  const migrations = await list(target);
  const schema = await schemaFiles(target);
  const result = await withEngine(target, (engine) =>
    engine.diff({
      from: migrations.migrationDirectories.length > 0 ? { tag: "migrations", ...migrations } : { tag: "empty" },
      to: { tag: "schemaDatamodel", ...schema },
      script: true,
      exitCode: true,
      filters: noFilters,
    }),
  );
  return result.exitCode === 0 ? null : result.stdout;
}

/** Drops every table and applies all migrations again. */
export async function resetDatabase(target: MigrateTarget): Promise<string[]> {
  await withEngine(target, (engine) => engine.reset({ filter: noFilters }));
  return deployMigrations(target);
}

async function withEngine<T>(target: MigrateTarget, work: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  return withSchemaEngine(target.url, await schemaFiles(target), work);
}

async function schemaFiles(target: MigrateTarget): Promise<SchemaFiles> {
  const file = path.join(target.directory, "schema.prisma");
  return { files: [{ path: file, content: await readFile(file, "utf8") }] };
}

async function list(target: MigrateTarget): Promise<MigrationsList> {
  const baseDir = path.join(target.directory, "migrations");
  const found = await readdir(baseDir, { withFileTypes: true }).catch(() => []);
  const names = found.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const migrationDirectories = names.sort().map(async (name) => {
    const sql = await readFile(path.join(baseDir, name, "migration.sql"), "utf8").catch(() => null);
    const content =
      sql === null ? { tag: "error" as const, value: "migration.sql is missing" } : { tag: "ok" as const, value: sql };
    return { path: name, migrationFile: { path: "migration.sql", content } };
  });
  return {
    baseDir,
    lockfile: {
      path: "migration_lock.toml",
      content: await readFile(path.join(baseDir, "migration_lock.toml"), "utf8").catch(() => null),
    },
    shadowDbInitScript: "",
    migrationDirectories: await Promise.all(migrationDirectories),
  };
}

function unapplied(found: MigrationHistory, all: MigrationsList): string[] {
  if (!found.hasMigrationsTable) return all.migrationDirectories.map((directory) => directory.path);
  return found.history?.unappliedMigrationNames ?? [];
}
