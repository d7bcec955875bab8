// `npm start` as a user meets it, without the pages (their build has its own journeys): starting twice, being killed, stopping.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { findHome } from "./postgres-home";
import { isAlive } from "./process-lock";

interface Start {
  readonly child: ChildProcess;
  said(): string;
  /** Resolves when the output holds the text; rejects with the output if the process ends first. */
  says(text: string): Promise<void>;
}

let data: string;
const running: ChildProcess[] = [];

beforeAll(() => {
  data = mkdtempSync(path.join(tmpdir(), "pagewalk-start-"));
});
afterAll(async () => {
  const { directory } = await findHome(path.join(data, "postgres"));
  rmSync(data, { recursive: true, force: true });
  if (directory.startsWith("/var/lib/pagewalk-")) rmSync(path.dirname(directory), { recursive: true, force: true });
});
afterEach(async () => {
  for (const child of running.splice(0)) await end(child, "SIGTERM");
});

function start(env: Record<string, string> = {}): Start {
  const { DATABASE_URL: _, ...inherited } = process.env;
  const child = spawn(process.execPath, ["--import", "tsx", "lib/start/start.ts"], {
    env: { ...inherited, PAGEWALK_DATA: data, PAGEWALK_ROLE: "grader", GRADER_WORKERS: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let output = "";
  const watchers = new Set<() => void>();
  const listen = (chunk: Buffer) => {
    output += chunk.toString();
    for (const look of watchers) look();
  };
  child.stdout!.on("data", listen);
  child.stderr!.on("data", listen);
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => output.includes(text) && resolve();
      watchers.add(look);
      child.once("close", () =>
        output.includes(text) ? resolve() : reject(new Error(`it ended without "${text}":\n${output}`)),
      );
      look();
    });
  return { child, said: () => output, says };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = once(child, "close");
  child.kill(signal);
  await gone;
  return child.exitCode;
}

async function postmaster(): Promise<number | null> {
  const { directory } = await findHome(path.join(data, "postgres"));
  const file = path.join(directory, "data", "postmaster.pid");
  return existsSync(file) ? Number(readFileSync(file, "utf8").split("\n")[0]) : null;
}

test("one start makes a database and graders; a second one says that it runs, where, and ends well", async () => {
  const first = start();
  await first.says("The grader is ready");
  expect(first.said()).toMatch(/migrations\s+applied \d+/);
  const second = start();
  await second.says("already running in this checkout");
  expect(second.said()).toContain(`process ${first.child.pid}`);
  await once(second.child, "exit").catch(() => {});
  expect(second.child.exitCode).toBe(0);
  expect(await end(first.child, "SIGTERM")).toBe(0);
  expect(await postmaster()).toBeNull();
}, 120_000);

test("after kill -9 the next start finds everything and a later stop leaves no process behind", async () => {
  const first = start();
  await first.says("The grader is ready");
  const server = await postmaster();
  await end(first.child, "SIGKILL");
  expect(isAlive(server!)).toBe(true);
  const second = start();
  await second.says("The grader is ready");
  expect(second.said()).toContain("already running on port");
  expect(second.said()).toMatch(/migrations\s+up to date/);
  expect(await end(second.child, "SIGINT")).toBe(0);
  expect(isAlive(server!)).toBe(false);
}, 120_000);

test("a port that another program uses is named, with what to type instead, and nothing stays running", async () => {
  const squatter = createServer().listen(0);
  await once(squatter, "listening");
  const { port } = squatter.address() as { port: number };
  const blocked = start({ PAGEWALK_ROLE: "all", PORT: String(port) });
  await blocked.says(`Port ${port} is used by another program. Choose another one: PORT=${port + 1} npm start`);
  await once(blocked.child, "exit").catch(() => {});
  expect(blocked.child.exitCode).toBe(1);
  expect(await postmaster()).toBeNull();
  squatter.close();
}, 60_000);
