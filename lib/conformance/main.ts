// `npm run conformance -- DIR`: compares the simulator with what other programs computed. Exit 0: all passed, 1: a case failed,
// 2: a file or folder cannot be read.
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { type DataSetResult, runConformance, type SkippedCases } from "./run";

const folder = resolve(process.argv[2] ?? "../shared/oracles");
process.exitCode = statSync(folder, { throwIfNoEntry: false })?.isDirectory()
  ? report(folder)
  : refuse(`${folder}: no such folder; name the folder of the oracles`);

function refuse(sentence: string): number {
  console.error(sentence);
  return 2;
}

function report(dir: string): number {
  const results: DataSetResult[] = [];
  console.log(row("data set", "cases", "passed", "failed", "skipped"));
  for (const result of runConformance(dir)) {
    results.push(result);
    for (const line of lines(result)) console.log(line);
  }
  if (results.length === 0) return refuse(`${dir}: holds no JSON files`);
  const passed = results.reduce((sum, result) => sum + (result.kind === "run" ? result.passed : 0), 0);
  const failed = results.reduce((sum, result) => sum + (result.kind === "run" ? result.failed : 0), 0);
  const unreadable = results.filter((result) => result.kind === "unreadable");
  for (const { path, reason } of unreadable) console.error(`cannot read ${path}: ${reason}`);
  const skipped = results.reduce((sum, result) => sum + (result.kind === "run" ? skippedIn(result.skipped) : 0), 0);
  if (skipped > 0) console.log(`${skipped} cases left out for the reasons above`);
  console.log(`${passed} passed, ${failed} failed`);
  if (unreadable.length > 0) return 2;
  return failed > 0 ? 1 : 0;
}

function lines(result: DataSetResult): string[] {
  if (result.kind === "skipped") return [row(result.path, "-", "-", "-", "-", `skipped: ${result.reason}`)];
  if (result.kind === "unreadable") return [row(result.path, "-", "-", "-", "-", `unreadable: ${result.reason}`)];
  const { passed, failed, firstFailure } = result;
  const left = skippedIn(result.skipped);
  const counts = [
    row(result.path, String(passed + failed + left), String(passed), String(failed), String(left)),
    ...result.skipped.map(({ cases, reason }) => `  ${cases} skipped: ${reason}`),
  ];
  if (!firstFailure?.difference) return counts;
  const { at, expected, actual } = firstFailure.difference;
  return [
    ...counts,
    `  first failure: ${firstFailure.name}, ${at}`,
    `    expected ${JSON.stringify(expected)}`,
    `    actual   ${JSON.stringify(actual)}`,
  ];
}

function skippedIn(skipped: readonly SkippedCases[]): number {
  return skipped.reduce((sum, { cases }) => sum + cases, 0);
}

function row(name: string, ...columns: readonly string[]): string {
  const [cases, passed, failed, skipped, note = ""] = columns;
  const numbers = [cases, passed, failed, skipped].map((column) => (column ?? "").padStart(7)).join(" ");
  return `${name.padEnd(34)} ${numbers}  ${note}`.trimEnd();
}
