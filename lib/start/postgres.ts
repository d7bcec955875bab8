// The project's own PostgreSQL: real server binaries from npm, data below .data/, started on demand, one cluster a folder.
// Theory: the server outlives whoever started it and may be killed at any time, so nothing is remembered: each start looks at
//         what is there. postmaster.pid may name a dead, a zombie or another program's process; only a process that is a
//         postgres working in our data folder counts. Everybody who uses the cluster leaves a lease; the last one out stops it.
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, readlink, realpath, rename, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { findHome, type Home } from "./postgres-home";
import { initialize, launch, shutDown, tailOfLog } from "./postgres-programs";
import { isAlive, isRunning, processMark, withLock } from "./process-lock";

export interface Postgres {
  readonly outcome: "started" | "already running";
  readonly port: number;
  /** Connection string of one database of this cluster, which it creates if need be. */
  database(name: string): Promise<string>;
  /** Gives up the lease; stops the server unless another live process still holds one. */
  release(): Promise<"stopped" | "still in use">;
}

/** Starts the cluster of `directory` (absolute; created on first use) unless it runs already. */
export async function startPostgres(directory: string): Promise<Postgres> {
  await mkdir(directory, { recursive: true, mode: 0o755 });
  const lock = path.join(path.dirname(directory), `${path.basename(directory)}.lock`);
  return withLock(lock, async () => {
    const home = await findHome(directory);
    const password = await keptPassword(directory, home);
    let port = await portOfRunning(home, password);
    const outcome = port === null ? "started" : "already running";
    port ??= await startOnFreePort(directory, home, password);
    const lease = await takeLease(directory);
    return {
      outcome,
      port,
      database: (name) => ensureDatabase(port, password, name),
      release: () => withLock(lock, () => release(directory, home, lease)),
    };
  });
}

function urlOf(port: number, password: string, database: string): string {
  return `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
}

async function ensureDatabase(port: number, password: string, name: string): Promise<string> {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`"${name}" cannot name a database: use a-z, 0-9 and _.`);
  await withClient(urlOf(port, password, "postgres"), async (client) => {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    // Two starters may both find it missing: the second one's CREATE then says "duplicate", which is what we want.
    if (found.rowCount === 0)
      await client.query(`CREATE DATABASE "${name}" TEMPLATE template0`).catch((error: { code?: string }) => {
        if (error.code !== "42P04" && error.code !== "23505") throw error;
      });
  });
  return urlOf(port, password, name);
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The password is random, kept beside the data and readable by the owner only. */
async function keptPassword(directory: string, home: Home): Promise<string> {
  const file = `${directory}-password`;
  const kept = (await readFile(file, "utf8").catch(() => "")).trim();
  const data = path.join(home.directory, "data");
  const initialized = await readFile(path.join(data, "PG_VERSION"), "utf8").catch(() => null);
  if (initialized !== null && kept) return kept;
  if (initialized !== null)
    throw new Error(`${file} is gone, so the data in ${data} cannot be opened: restore it or delete both.`);
  const password = kept || randomBytes(18).toString("hex");
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  await rm(`${data}.new`, { recursive: true, force: true });
  await initialize(home, `${data}.new`, password);
  // Renamed when complete: an initdb that was killed leaves no half a cluster behind.
  await rename(`${data}.new`, data);
  return password;
}

/** The port of this cluster's server if it runs and answers, else null. Waits for one that is just starting or stopping. */
async function portOfRunning(home: Home, password: string): Promise<number | null> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const server = await runningServer(home);
    if (server === null) return null;
    if (await answers(server.port, password)) return server.port;
    await sleep(100);
  }
  throw new Error(`PostgreSQL runs but does not answer. ${await tailOfLog(home)}`);
}

async function answers(port: number, password: string): Promise<boolean> {
  return withClient(urlOf(port, password, "postgres"), (client) => client.query("SELECT 1")).then(
    () => true,
    () => false,
  );
}

/** What postmaster.pid says, if that process is really a server on our data. */
async function runningServer(home: Home): Promise<{ pid: number; port: number } | null> {
  const data = path.join(home.directory, "data");
  const lines = (await readFile(path.join(data, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  const pid = Number(lines[0]);
  if (!isAlive(pid)) return null;
  if (process.platform === "linux" && !(await worksIn(pid, data))) return null;
  return { pid, port: Number(lines[3]) };
}

async function worksIn(pid: number, directory: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => "");
  return command.trim() === "postgres" && cwd === (await realpath(directory).catch(() => directory));
}

async function startOnFreePort(directory: string, home: Home, password: string): Promise<number> {
  await rm(path.join(home.directory, "data", "postmaster.pid"), { force: true });
  const file = `${directory}-port`;
  const kept = Number(await readFile(file, "utf8").catch(() => ""));
  let port = await nextFreePort(kept || usualPort(directory));
  for (let attempt = 0; ; attempt++) {
    try {
      await launch(home, port);
      break;
    } catch (error) {
      // The backends of a server that was killed take a moment to leave its shared memory; or someone was quicker with the port.
      if (attempt >= 20) throw new Error(`PostgreSQL does not start. ${await tailOfLog(home)}`, { cause: error });
      await sleep(250);
      port = await nextFreePort(port);
    }
  }
  await writeFile(file, `${port}\n`);
  if (!(await answers(port, password))) throw new Error(`PostgreSQL refuses ${directory}-password: restore that file.`);
  return port;
}

/** Below the range from which systems lend ports to clients, and different for each checkout. */
function usualPort(directory: string): number {
  return 16_000 + (createHash("sha256").update(directory).digest().readUInt32BE(0) % 14_000);
}

async function nextFreePort(from: number): Promise<number> {
  for (let port = from; port < from + 200; port++) if (await isFree(port)) return port;
  throw new Error(`No free port between ${from} and ${from + 199} for PostgreSQL: close some programs.`);
}

export function isFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

async function takeLease(directory: string): Promise<string> {
  const leases = `${directory}-leases`;
  await mkdir(leases, { recursive: true });
  const lease = path.join(leases, `${process.pid}-${randomBytes(4).toString("hex")}`);
  await writeFile(lease, processMark());
  return lease;
}

async function release(directory: string, home: Home, lease: string): Promise<"stopped" | "still in use"> {
  await rm(lease, { force: true });
  const leases = `${directory}-leases`;
  for (const other of await readdir(leases)) {
    const file = path.join(leases, other);
    if (isRunning(await readFile(file, "utf8").catch(() => ""))) return "still in use";
    await rm(file, { force: true });
  }
  if (await runningServer(home)) await shutDown(home);
  return "stopped";
}
