// The schema engine's connection to PostgreSQL: Prisma's `pg` adapter with two repairs.
// 1. It does not know the type "char" (OID 18), which catalogue queries return: the engine wants it as a Character column.
// 2. Asked for a shadow database, it hands out the main one, so that a mere comparison would apply migrations to it.
//    Ours is a new, empty database with a random name, dropped after its connections are closed.
import { randomUUID } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import pg from "pg";

const charOid = 18;
const textOid = 25;

export interface MigrationConnections {
  readonly factory: SqlMigrationAwareDriverAdapterFactory;
  /** Closes what the engine left open: it keeps its connections as long as it lives. */
  close(): Promise<void>;
}

export function migrationConnections(url: string): MigrationConnections {
  const open = new Set<SqlDriverAdapter>();
  const track = async (connecting: Promise<SqlDriverAdapter>) => {
    const adapter = await connecting;
    open.add(adapter);
    const dispose = adapter.dispose.bind(adapter);
    adapter.dispose = async () => {
      if (open.delete(adapter)) await dispose();
    };
    return adapter;
  };
  return {
    factory: {
      provider: "postgres",
      adapterName: "@prisma/adapter-pg",
      connect: () => track(connect(url, async () => {})),
      connectToShadowDb: () => track(connectToShadow(url)),
    },
    close: async () => {
      for (const adapter of [...open]) await adapter.dispose();
    },
  };
}

async function connectToShadow(url: string): Promise<SqlDriverAdapter> {
  const name = `pagewalk_shadow_${randomUUID()}`;
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`CREATE DATABASE "${name}" TEMPLATE template0`);
  const shadow = new URL(url);
  shadow.pathname = `/${name}`;
  return connect(shadow.href, async () => {
    await admin.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    await admin.end();
  });
}

async function connect(url: string, afterClose: () => Promise<void>): Promise<SqlDriverAdapter> {
  const charColumns = new WeakMap<object, number[]>();
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<pg.QueryArrayResult | undefined>;
  pool.query = (async (...args: unknown[]) => {
    const result = await query(...args);
    const fields = result?.fields ?? [];
    const found = fields.flatMap((field, index) => (field.dataTypeID === charOid ? [index] : []));
    for (const index of found) fields[index]!.dataTypeID = textOid;
    if (result && found.length > 0) charColumns.set(result.rows, found);
    return result;
  }) as typeof pool.query;

  const adapter = await new PrismaPg(pool, { disposeExternalPool: true }).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  const dispose = adapter.dispose.bind(adapter);
  adapter.queryRaw = async (sql) => {
    const result = await queryRaw(sql);
    for (const index of charColumns.get(result.rows) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
  adapter.dispose = async () => {
    await dispose();
    await afterClose();
  };
  return adapter;
}
