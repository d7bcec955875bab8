// Prisma's own schema engine, run in this process from its WebAssembly build: migrations without a download.
// Theory: `@prisma/schema-engine-wasm` is the engine that Prisma's command would fetch as a program. It is not a documented
//         package, so every trap that was found is handled here and in schema-engine-adapter.ts, and the migrate script has a test.
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import { migrationConnections } from "./schema-engine-adapter";

export interface MigrationsList {
  readonly baseDir: string;
  readonly lockfile: { readonly path: string; readonly content: string | null };
  readonly shadowDbInitScript: string;
  readonly migrationDirectories: readonly {
    readonly path: string;
    readonly migrationFile: { readonly path: string; readonly content: { tag: "ok" | "error"; value: string } };
  }[];
}
export interface SchemaFiles {
  readonly files: readonly { readonly path: string; readonly content: string }[];
}
interface Filters {
  readonly externalTables: readonly string[];
  readonly externalEnums: readonly string[];
}
/** The part of the engine that we use. */
export interface SchemaEngine {
  diff(input: {
    from: { tag: "empty" } | ({ tag: "migrations" } & MigrationsList);
    to: { tag: "schemaDatamodel" } & SchemaFiles;
    script: true;
    exitCode: true;
    filters: Filters;
  }): Promise<{ exitCode: number; stdout: string | null }>;
  applyMigrations(input: {
    migrationsList: MigrationsList;
    filters: Filters;
  }): Promise<{ appliedMigrationNames: string[] }>;
  diagnoseMigrationHistory(input: {
    migrationsList: MigrationsList;
    optInToShadowDatabase: boolean;
    filters: Filters;
  }): Promise<MigrationHistory>;
  reset(input: { filter: Filters }): Promise<unknown>;
}
export interface MigrationHistory {
  readonly history: { readonly diagnostic: string; readonly unappliedMigrationNames?: string[] } | null;
  readonly failedMigrationNames: string[];
  readonly editedMigrationNames: string[];
  readonly hasMigrationsTable: boolean;
}

interface EngineModule {
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
  SchemaEngine: {
    new: (
      input: { datamodels: [string, string][] },
      log: (line: string) => void,
      adapter: unknown,
    ) => Promise<SchemaEngine>;
  };
}

export const noFilters: Filters = { externalTables: [], externalEnums: [] };

/** Runs `work` with an engine for the database behind `url`; its connections are closed afterwards. */
export async function withSchemaEngine<T>(
  url: string,
  schema: SchemaFiles,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const connections = migrationConnections(url);
  try {
    return await work(await instantiate(schema, bindMigrationAwareSqlAdapterFactory(connections.factory)));
  } finally {
    await connections.close();
  }
}

/** The package's entry imports a .wasm file, which Node cannot: it is instantiated by hand. */
async function instantiate(schema: SchemaFiles, adapter: unknown): Promise<SchemaEngine> {
  const entry = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const directory = path.dirname(entry);
  // The glue code keeps "the" instance in a variable: each engine needs glue of its own, or it reads another one's memory.
  const glueUrl = `${pathToFileURL(path.join(directory, "schema_engine_bg.js")).href}?engine=${randomUUID()}`;
  const glue = (await import(glueUrl)) as EngineModule;
  // Where the engine leaves the reason when it panics; without it a panic looks like a TypeError of the glue code.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: { set_message: (text: string) => console.error(`schema engine: ${text}`) },
  });
  const bytes = await readFile(path.join(directory, "schema_engine_bg.wasm"));
  const imports = { "./schema_engine_bg.js": glue } as unknown as WebAssembly.Imports;
  const { instance } = await WebAssembly.instantiate(bytes, imports);
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  const datamodels = schema.files.map(({ path: file, content }): [string, string] => [file, content]);
  return glue.SchemaEngine.new({ datamodels }, () => {}, adapter);
}
