import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Postgres, startPostgres } from "./postgres";
import { findHome } from "./postgres-home";

const isRoot = process.getuid?.() === 0;

let root: string;
let directory: string;
const open: Postgres[] = [];

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "pagewalk-pg-"));
  chmodSync(root, 0o755);
  directory = path.join(root, "data", "postgres");
});
afterEach(async () => {
  for (const server of open.splice(0)) await server.release();
  rmSync(root, { recursive: true, force: true });
});

async function start(): Promise<Postgres> {
  const server = await startPostgres(directory);
  open.push(server);
  return server;
}
async function query<T>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  const result = await client.query(sql);
  await client.end();
  return result.rows as T[];
}
const dataDirectory = async () => path.join((await findHome(directory)).directory, "data");
const serverPid = async () =>
  Number(readFileSync(path.join(await dataDirectory(), "postmaster.pid"), "utf8").split("\n")[0]);
async function kill9(): Promise<void> {
  const pid = await serverPid();
  process.kill(pid, "SIGKILL");
}
/** Starts the cluster from a process of its own and leaves it running, as a killed `npm start` does. */
async function startElsewhere(options: { uid?: number; gid?: number; home?: string } = {}): Promise<string> {
  const code = `import { startPostgres } from ${JSON.stringify(path.resolve("lib/start/postgres.ts"))};
    const server = await startPostgres(${JSON.stringify(directory)});
    console.log(server.outcome, await server.database("pagewalk"));
    process.exit(0);`;
  const script = path.join(root, `start-${Math.random().toString(36).slice(2)}.mts`);
  writeFileSync(script, code, { mode: 0o644 });
  const { uid, gid } = options;
  const child: ChildProcess = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), script], {
    ...(uid === undefined ? {} : { uid, gid }),
    cwd: uid === undefined ? process.cwd() : root,
    env: { ...process.env, TMPDIR: root, HOME: root, TSX_TSCONFIG_PATH: path.resolve("tsconfig.json") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const listen = (chunk: Buffer) => {
    said += chunk.toString();
  };
  child.stdout!.on("data", listen);
  child.stderr!.on("data", listen);
  await once(child, "close");
  return said.trim();
}

test("a first start makes a cluster that answers, with a password only its owner can read", async () => {
  const server = await start();
  expect(server.outcome).toBe("started");
  const url = await server.database("pagewalk");
  expect(await query(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  expect(statSync(`${directory}-password`).mode & 0o777).toBe(0o600);
  expect(new URL(url).password).toBe(readFileSync(`${directory}-password`, "utf8").trim());
  await expect(query(url.replace(/:[^:@]+@/, ":wrong@"), "SELECT 1")).rejects.toThrow("password");
});

test("text is UTF-8 and sorts by code point, whatever the system's locale is", async () => {
  const url = await (await start()).database("pagewalk");
  expect(await query(url, "SELECT 'a' < 'B' AS before, upper('émile 页') AS upper")).toEqual([
    { before: false, upper: "ÉMILE 页" },
  ]);
});

test("a second start finds it running; the last one out stops it", async () => {
  const first = await startPostgres(directory);
  const second = await startPostgres(directory);
  expect(second.outcome).toBe("already running");
  expect(second.port).toBe(first.port);
  expect(await first.release()).toBe("still in use");
  expect(await query(await second.database("pagewalk"), "SELECT 1 AS one")).toHaveLength(1);
  expect(await second.release()).toBe("stopped");
  expect(existsSync(path.join(await dataDirectory(), "postmaster.pid"))).toBe(false);
});

test("the lease of a starter that was killed keeps nothing running", async () => {
  await startElsewhere();
  const server = await startPostgres(directory);
  expect(server.outcome).toBe("already running");
  expect(await server.release()).toBe("stopped");
});

test("rows survive kill -9 of the server, on the same port", async () => {
  const before = await start();
  const url = await before.database("pagewalk");
  await query(url, "CREATE TABLE kept (n int)");
  await query(url, "INSERT INTO kept SELECT generate_series(1, 1000)");
  await kill9();
  const after = await start();
  expect(after.outcome).toBe("started");
  expect(after.port).toBe(before.port);
  expect(await query(await after.database("pagewalk"), "SELECT count(*)::int AS n FROM kept")).toEqual([{ n: 1000 }]);
});

test("of three starters at once one starts it and two find it", async () => {
  const said = await Promise.all([startElsewhere(), startElsewhere(), startElsewhere()]);
  const outcomes = said.map((line) => line.replace(/ postgresql:.*/, "")).sort();
  expect(outcomes).toEqual(["already running", "already running", "started"]);
  expect(new Set(said.map((line) => line.split(" ").at(-1))).size).toBe(1);
  await (await startPostgres(directory)).release();
});

test("a stale postmaster.pid that names another program's process is not taken for the server", async () => {
  await start();
  await kill9();
  const file = path.join(await dataDirectory(), "postmaster.pid");
  const lines = readFileSync(file, "utf8").split("\n");
  // This very test: alive, and certainly not PostgreSQL.
  writeFileSync(file, [String(process.pid), ...lines.slice(1)].join("\n"));
  expect((await start()).outcome).toBe("started");
});

test("a stale postmaster.pid that names another cluster's server is not taken for ours", async () => {
  await start();
  await kill9();
  const file = path.join(await dataDirectory(), "postmaster.pid");
  const stale = readFileSync(file, "utf8").split("\n");
  const neighbour = await startPostgres(path.join(root, "other", "postgres"));
  const home = await findHome(path.join(root, "other", "postgres"));
  const pid = readFileSync(path.join(home.directory, "data", "postmaster.pid"), "utf8").split("\n")[0];
  writeFileSync(file, [pid, ...stale.slice(1)].join("\n"));
  expect((await start()).outcome).toBe("started");
  expect(await query(await neighbour.database("pagewalk"), "SELECT 1 AS one")).toHaveLength(1);
  await neighbour.release();
});

test("an initdb that was killed half-way leaves nothing that a later start trips over", async () => {
  const home = await findHome(directory);
  mkdirSync(path.join(home.directory, "data.new"), { recursive: true });
  writeFileSync(path.join(home.directory, "data.new", "PG_VERSION"), "18\n");
  expect((await start()).outcome).toBe("started");
});

test("a port taken by another program is left to it and the next free one is kept from then on", async () => {
  const { createServer } = await import("node:net");
  const first = await startPostgres(directory);
  const port = first.port;
  await first.release();
  const squatter = createServer().listen(port, "127.0.0.1");
  await once(squatter, "listening");
  const second = await startPostgres(directory);
  expect(second.port).toBeGreaterThan(port);
  await second.release();
  squatter.close();
  await once(squatter, "close");
  expect((await start()).port).toBe(second.port);
});

test.runIf(isRoot)("started by root it runs as somebody else, also below a folder only root can enter", async () => {
  chmodSync(root, 0o700);
  const server = await start();
  const url = await server.database("pagewalk");
  expect(await query(url, "SELECT 1 AS one")).toHaveLength(1);
  const home = await findHome(directory);
  expect(home.directory).toMatch(/^\/var\/lib\/pagewalk-/);
  expect(statSync(path.join(home.directory, "data")).uid).not.toBe(0);
  await open.pop()!.release();
  rmSync(path.dirname(home.directory), { recursive: true });
});

test.runIf(isRoot)("a normal user starts it as himself", async () => {
  const nobody = Number(spawnSync("id", ["-u", "nobody"], { encoding: "utf8" }).stdout);
  const group = Number(spawnSync("id", ["-g", "nobody"], { encoding: "utf8" }).stdout);
  chownSync(root, nobody, group);
  const said = await startElsewhere({ uid: nobody, gid: group });
  expect(said).toMatch(/^started postgresql:/);
  expect(statSync(path.join(directory, "data")).uid).toBe(nobody);
  process.kill(await serverPid(), "SIGQUIT");
});
