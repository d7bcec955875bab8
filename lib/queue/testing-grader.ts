// A grader process for tests: the real loop, with a grade function that does what the submitted text says, e.g.
// `sleep 500; pass`, `fail once`, `throw`. Prints `took <source>` when it starts one.
import { setTimeout as sleep } from "node:timers/promises";
import { listenForChanges } from "@/lib/db/changes";
import { databaseUrl, openDb } from "@/lib/db/client";
import { exerciseNamed } from "@/lib/db/testing";
import { internalError } from "@/lib/grader/internal-error";
import type { Verdict } from "@/lib/grader/verdict";
import { type GradeRequest, startConsumer } from "./consumer";
import { openQueue } from "./queue";

const url = databaseUrl();
const database = openDb(url);
const failedOnce = new Set<string>();

const consumer = startConsumer({
  database,
  queue: await openQueue({ url, role: "grader" }),
  changes: await listenForChanges(url),
  slots: Number(process.env.SLOTS ?? 2),
  findExercise: async (uuid) => exerciseNamed(uuid),
  grade: async ({ source, seed }: GradeRequest) => {
    console.log(`took ${source}`);
    const ms = /sleep (\d+)/.exec(source)?.[1];
    if (ms) await sleep(Number(ms));
    if (source.includes("throw")) throw new Error("the sandbox broke");
    if (source.includes("fail once") && !failedOnce.has(seed)) {
      failedOnce.add(seed);
      return verdictOf("internal_error", 0);
    }
    return verdictOf("passed", 10, `R-${seed.slice(0, 12)}`);
  },
});
console.log("ready");
process.once("SIGTERM", async () => {
  await consumer.stop(Number(process.env.GRACE_MS ?? 10_000));
  process.exit(0);
});

function verdictOf(status: Verdict["status"], score: number, receiptId: string | null = null): Verdict {
  const receipt = {
    id: receiptId ?? "",
    sourceHash: "",
    exercise: "",
    exerciseVersion: "v2",
    engineHash: "",
    graderVersion: "",
    seed: "",
    fuel: 1,
    verdictHash: "",
  };
  return { ...internalError(""), status, score, maxScore: 10, failure: null, receipt: receiptId ? receipt : null };
}
