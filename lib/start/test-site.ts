// A whole Pagewalk for the browser journeys: started as a user starts it, on a free port, with a database of its own, and
// started again when a journey kills it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { exitOf, typescript } from "./run-node";
import { openTestDatabase } from "./test-database";

export interface TestSite {
  readonly url: string;
  /** Holds `instance.lock`, whose first number is the server's process. */
  readonly dataDirectory: string;
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

export async function startTestSite(): Promise<TestSite> {
  const database = await openTestDatabase();
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const dataDirectory = path.resolve(".data/e2e", String(process.pid));
  await mkdir(dataDirectory, { recursive: true });
  const env = { DATABASE_URL: database.url, PORT: String(port), PAGEWALK_DATA: dataDirectory };

  let stopping = false;
  let child = launch(env);
  const keep = async () => {
    while (!stopping) {
      await exitOf(child);
      if (stopping) return;
      await sleep(200);
      child = launch(env);
    }
  };
  const kept = keep();
  const stop = async () => {
    stopping = true;
    child.kill("SIGTERM");
    await Promise.all([kept, exitOf(child)]);
    await database.close();
    await rm(dataDirectory, { recursive: true, force: true });
  };
  if (!(await answers(url))) {
    await stop();
    throw new Error(`The site did not start on ${url}: its output stands above.`);
  }
  return { url, dataDirectory, databaseUrl: database.url, stop };
}

function launch(env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [...typescript, path.resolve("lib/start/start.ts")], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

async function answers(url: string): Promise<boolean> {
  for (let tries = 0; tries < 240; tries++) {
    const status = await fetch(`${url}/api/health`).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return true;
    await sleep(500);
  }
  return false;
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
