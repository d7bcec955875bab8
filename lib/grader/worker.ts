// A grader worker: one process, one job at a time. Reads jobs as lines of JSON, answers each with one line.
// Theory: it holds no secret, no address and no right worth having; its parent (pool.ts) believes nothing it says that does not
//         parse as a verdict, and replaces it after any abnormal end.
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { loadEngine } from "./engine";
import { type GradeJob, grade } from "./grade";
import { warmUp } from "./warm-up";

export type WorkerAnswer =
  | { readonly ready: true; readonly memoryBytes: number }
  | { readonly verdict: unknown }
  | { readonly error: string };

function answer(line: WorkerAnswer): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const engineFile = process.argv[2];
if (engineFile === undefined) throw new Error("usage: worker.mjs ENGINE");
const engine = await loadEngine(new Uint8Array(await readFile(engineFile)));
warmUp(engine);
answer({ ready: true, memoryBytes: process.memoryUsage.rss() });

for await (const line of createInterface({ input: process.stdin })) {
  try {
    answer({ verdict: await grade(JSON.parse(line) as GradeJob, engine) });
  } catch (error) {
    answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
