// The parts of `npm test`, one after the other, and their sum.
import type { ChildProcess } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { ensureEngine } from "@/lib/grader/build-engine";
import { ensureWorkerBundle } from "@/lib/grader/worker-bundle";
import { startPostgres } from "./postgres";
import { ensureProductionBuild } from "./production-build";
import { progress } from "./progress";
import { exitOf, type RunOptions, startNode } from "./run-node";
import { testCluster } from "./test-database";
import { startTestSite } from "./test-site";

export const testParts = ["unit", "db", "e2e"] as const;
export type TestPart = (typeof testParts)[number];

/** Runs a script to its end and returns how it ended. */
type Run = (script: string, args: readonly string[], options?: RunOptions) => Promise<number | NodeJS.Signals>;

interface Outcome {
  readonly part: TestPart;
  readonly passed: number;
  readonly failed: number;
}

const reports = path.resolve(".build/test");
/** They need PostgreSQL, or start processes of their own. */
const slowTests = ["db.test.ts", "proc.test.ts"];

/** Runs the parts and returns the exit code: 0 only if every test of every part passed. */
export async function runTests(parts: readonly TestPart[]): Promise<number> {
  await mkdir(reports, { recursive: true });
  await progress("sandbox engine", ensureEngine, (built) => (built ? "built" : "up to date"));
  await progress("grader program", ensureWorkerBundle, (built) => (built ? "built" : "up to date"));
  // Held open, or each test file would start and stop it again.
  const postgres = await progress(
    "test database",
    () => startPostgres(testCluster),
    ({ outcome }) => outcome,
  );
  let runner: ChildProcess | null = null;
  const run: Run = (script, args, options) => {
    runner = startNode(script, args, options);
    return exitOf(runner);
  };
  // Told to stop, the runner stops; then everything else is undone in order as after any run.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => runner?.kill(signal));
  const outcomes: Outcome[] = [];
  try {
    for (const part of parts) outcomes.push(part === "e2e" ? await runJourneys(run) : await runVitest(part, run));
  } finally {
    await postgres.release();
  }
  return tell(outcomes);
}

async function runVitest(part: "unit" | "db", run: Run): Promise<Outcome> {
  const report = path.join(reports, `${part}.json`);
  await rm(report, { force: true });
  const vitest = path.join(path.dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const filters = part === "db" ? slowTests : slowTests.flatMap((name) => ["--exclude", `**/*.${name}`]);
  const code = await run(vitest, [
    "run",
    ...filters,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  const { numPassedTests = 0, numFailedTests = 0, numFailedTestSuites = 0 } = await readReport(report);
  return outcomeOf(
    part,
    code,
    Number(numPassedTests),
    Math.max(Number(numFailedTests), Math.min(1, Number(numFailedTestSuites))),
  );
}

async function runJourneys(run: Run): Promise<Outcome> {
  const report = path.join(reports, "e2e.json");
  await rm(report, { force: true });
  await progress("production build", ensureProductionBuild, (outcome) => outcome);
  const site = await progress("test site", startTestSite, ({ url }) => url);
  try {
    const playwright = createRequire(import.meta.url).resolve("@playwright/test/cli");
    const env = { E2E_URL: site.url, E2E_DATA: site.dataDirectory, PLAYWRIGHT_JSON_OUTPUT_NAME: report };
    const code = await run(playwright, ["test"], { env });
    const { stats = {} } = await readReport(report);
    const { expected = 0, flaky = 0, unexpected = 0 } = stats as Record<string, number>;
    return outcomeOf("e2e", code, expected, unexpected + flaky);
  } finally {
    await site.stop();
  }
}

/** A runner that fails without naming a test (it could not start, say) counts as one failure. */
function outcomeOf(part: TestPart, code: number | string, passed: number, failed: number): Outcome {
  return { part, passed, failed: code === 0 ? failed : Math.max(1, failed) };
}

async function readReport(file: string): Promise<Record<string, unknown>> {
  const content = await readFile(file, "utf8").catch(() => "{}");
  return JSON.parse(content) as Record<string, unknown>;
}

function tell(outcomes: readonly Outcome[]): number {
  console.log("");
  for (const { part, passed, failed } of outcomes)
    console.log(`  ${part.padEnd(6)} ${passed} passed, ${failed} failed`);
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}
