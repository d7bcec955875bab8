// The steps of `npm start`, their order, and the same backwards when it ends.
import path from "node:path";
import { ensureEngine } from "@/lib/grader/build-engine";
import { ensureWorkerBundle } from "@/lib/grader/worker-bundle";
import { courseNote, syncCourse } from "./course-sync";
import { dataDirectory, openDatabase } from "./database";
import { type DemoAccount, ensureDemoAccounts } from "./demo-accounts";
import { keepGrader } from "./grader-child";
import { enterInstance, type Instance } from "./instance";
import { isFree } from "./postgres";
import { prepare } from "./prepare";
import { ensureProductionBuild } from "./production-build";
import { progress } from "./progress";
import type { WebServer } from "./server";

/** `all` on one machine; on several, any number of each. */
const role = process.env.PAGEWALK_ROLE ?? "all";

/** Runs until told to stop. Returns the exit code. */
export async function runStart(): Promise<number> {
  const port = Number(process.env.PORT ?? 3000);
  const instance = await enterInstance();
  if (instance.outcome === "taken") return sayTaken(instance);
  const undo: (() => Promise<unknown>)[] = [() => instance.leave()];
  const stopped = untilToldToStop();
  try {
    if (role !== "grader" && !(await isFree(port, process.env.HOST ?? "::"))) return sayPortTaken(port);
    // Told to stop while still starting, it does not start first: what began is undone, what goes on ends with the process.
    await Promise.race([run(port, instance, undo).then(() => stopped), stopped]);
    console.log("\nStopping Pagewalk");
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? (error.stack ?? error.message) : error);
    console.error("\nPagewalk did not start; the reason stands above.");
    return 1;
  } finally {
    for (const step of undo.reverse()) await step().catch((error: unknown) => console.error(error));
  }
}

async function run(
  port: number,
  instance: Extract<Instance, { outcome: "ours" }>,
  undo: (() => Promise<unknown>)[],
): Promise<void> {
  const { database, env } = await prepare(progress, () => {
    const opening = openDatabase();
    // At once, not when all is prepared: told to stop in between, the server must not stay behind.
    undo.push(async () => (await opening).release());
    return opening;
  });
  Object.assign(process.env, env);
  await progress("sandbox engine", ensureEngine, (built) => (built ? "built" : "up to date"));
  await progress("course", () => syncCourse(database.url), courseNote);
  const grading = role === "web" ? Promise.resolve() : startGrader(env, undo);
  if (role === "grader") {
    await grading;
    await instance.announce("no page: this process only grades");
    console.log("\nThe grader is ready. Ctrl-C stops it.");
    return;
  }
  // The grader comes up while pages are built.
  const [web] = await Promise.all([startWeb(port), grading]);
  undo.push(() => web.close());
  await instance.announce(web.url);
  const accounts = database.kind === "embedded" ? await demoAccounts(database.url, env) : null;
  sayReady(web.url, accounts);
}

async function startGrader(env: Readonly<Record<string, string>>, undo: (() => Promise<unknown>)[]): Promise<void> {
  await progress("grader program", ensureWorkerBundle, (built) => (built ? "built" : "up to date"));
  const grader = await progress(
    "grader",
    () => keepGrader(env),
    ({ workers, layers }) => `${workers} workers, confined by ${["metered engine", ...layers].join(", ")}`,
  );
  undo.push(() => grader.stop());
}

async function startWeb(port: number): Promise<WebServer> {
  await progress("production build", ensureProductionBuild, (outcome) => outcome);
  const { startWebServer } = await import("./server");
  const settings = { port, host: process.env.HOST, proxies: Number(process.env.TRUST_PROXY ?? 0) };
  return progress(
    "web server",
    () => startWebServer(settings),
    ({ url }) => url,
  );
}

function demoAccounts(url: string, env: Readonly<Record<string, string>>): Promise<DemoAccount[] | null> {
  return ensureDemoAccounts(url, env.PAGEWALK_AUTH_SECRET ?? "", path.join(dataDirectory, "demo-accounts.txt"));
}

/** The first signal stops in order; a second one does not wait. */
function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    let told = false;
    const tell = () => {
      if (told) process.exit(1);
      told = true;
      resolve();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, tell);
  });
}

function sayReady(url: string, accounts: readonly DemoAccount[] | null): void {
  console.log(`\nPagewalk is ready: ${process.env.PAGEWALK_ORIGIN ?? url}\n`);
  if (accounts) {
    console.log("Demo accounts (this embedded database only; also in .data/demo-accounts.txt):");
    for (const { role: who, email, password } of accounts)
      console.log(`  ${who.padEnd(12)}${email.padEnd(26)}${password}`);
    console.log("");
  }
  console.log("Ctrl-C stops everything.");
}

function sayTaken({ pid, url }: Extract<Instance, { outcome: "taken" }>): number {
  if (url) console.log(`Pagewalk is already running in this checkout: ${url} (process ${pid})`);
  else console.log(`Pagewalk is already being started in this checkout by process ${pid}; it will print its address.`);
  return 0;
}

function sayPortTaken(port: number): number {
  console.error(`Port ${port} is used by another program. Choose another one: PORT=${port + 1} npm start`);
  return 1;
}
