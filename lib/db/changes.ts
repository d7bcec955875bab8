// Being told when a submission changes, or when there is work, instead of asking every few milliseconds.
// Theory: PostgreSQL's LISTEN/NOTIFY wakes listeners the moment a transaction commits. It is only a hint: a connection may be
//         lost, so whoever waits also looks for himself now and then (`wait` returns at the latest after `ms`).
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { DbOrTransaction } from "./client";
import { databaseUrl } from "./client";

const channel = "pagewalk";

/** `queue`: there is something to grade. Otherwise the id of a submission. */
export type Topic = "queue" | (string & {});

/** Tells every listener when (and only if) the transaction commits. */
export async function announce(db: DbOrTransaction, topics: readonly Topic[]): Promise<void> {
  for (const topic of topics) await db.$executeRaw`SELECT pg_notify(${channel}, ${topic})`;
}

export interface Changes {
  /** Resolves when the topic is announced, after `ms`, or when the signal aborts, whichever comes first. */
  wait(topic: Topic, ms: number, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export async function listenForChanges(url: string): Promise<Changes> {
  const waiting = new Map<Topic, Set<() => void>>();
  const closing = new AbortController();
  let client: pg.Client | null = null;

  const wake = (topic: Topic) => {
    for (const resolve of waiting.get(topic) ?? []) resolve();
  };
  const connect = async () => {
    const fresh = new pg.Client({ connectionString: url, keepAlive: true });
    fresh.on("notification", (message) => wake(message.payload ?? ""));
    fresh.on("error", () => {});
    fresh.on("end", () => void reconnect());
    await fresh.connect();
    await fresh.query(`LISTEN ${channel}`);
    client = fresh;
    // What was announced while nobody listened is lost: let everyone look.
    for (const topic of waiting.keys()) wake(topic);
  };
  const reconnect = async () => {
    client = null;
    while (!closing.signal.aborted && client === null) {
      await sleep(500, undefined, { signal: closing.signal }).catch(() => {});
      if (!closing.signal.aborted) await connect().catch(() => {});
    }
  };
  await connect();

  return {
    wait: (topic, ms, signal) =>
      new Promise((resolve) => {
        const resolvers = waiting.get(topic) ?? new Set();
        waiting.set(topic, resolvers);
        const done = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", done);
          resolvers.delete(done);
          if (resolvers.size === 0) waiting.delete(topic);
          resolve();
        };
        const timer = setTimeout(done, ms);
        signal?.addEventListener("abort", done);
        resolvers.add(done);
        if (signal?.aborted) done();
      }),
    close: async () => {
      closing.abort();
      await client?.end();
      for (const topic of [...waiting.keys()]) wake(topic);
    },
  };
}

const shared = globalThis as { pagewalkChanges?: Promise<Changes> };

/** The listener of this process; one for all module graphs. */
export function changes(): Promise<Changes> {
  shared.pagewalkChanges ??= listenForChanges(databaseUrl()).catch((error: unknown) => {
    shared.pagewalkChanges = undefined;
    throw error;
  });
  return shared.pagewalkChanges;
}

export async function closeChanges(): Promise<void> {
  await (await shared.pagewalkChanges?.catch(() => undefined))?.close();
  shared.pagewalkChanges = undefined;
}
