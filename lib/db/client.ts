// The Prisma client of this process.
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "./generated/client";

export type Db = PrismaClient;
/** What a query needs: the client itself, or a transaction of it. */
export type DbOrTransaction = Omit<PrismaClient, "$connect" | "$disconnect" | "$on" | "$transaction" | "$extends">;

/** A lecture hall that hands in at once queues for connections rather than be refused; Prisma would give up after 2 and 5 seconds. */
const patience = { maxWait: 20_000, timeout: 20_000 };

// Next loads server code into several module graphs, and again on every edit in development: one pool for all of them.
const shared = globalThis as { pagewalkDb?: Db };

export function db(): Db {
  shared.pagewalkDb ??= openDb(databaseUrl());
  return shared.pagewalkDb;
}

/** A client of its own, for scripts and tests; the caller disconnects it. */
export function openDb(url: string): Db {
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: 10 }), transactionOptions: patience });
}

export async function closeDb(): Promise<void> {
  await shared.pagewalkDb?.$disconnect();
  shared.pagewalkDb = undefined;
}

export function databaseUrl(): string {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error("DATABASE_URL is not set: start with `npm start` or `npm run dev`, which set it.");
  return url;
}
