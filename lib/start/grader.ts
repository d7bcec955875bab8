// A grader process: takes jobs off the queue and has them graded by its pool of confined workers.
// Started by `npm start` (and restarted if it dies), or alone on a machine of its own with PAGEWALK_ROLE=grader.
import { randomUUID } from "node:crypto";
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Exercise } from "@/lib/course/exercise";
import { loadCourse } from "@/lib/course/load";
import { listenForChanges } from "@/lib/db/changes";
import { databaseUrl, openDb } from "@/lib/db/client";
import { announceGrader, withdrawGrader } from "@/lib/db/graders";
import engineRecord from "@/lib/grader/engine/engine.json";
import { createPool } from "@/lib/grader/pool";
import { startConsumer } from "@/lib/queue/consumer";
import { version } from "@/lib/queue/health";
import { openQueue } from "@/lib/queue/queue";

// Before any worker is started: they inherit it. Grading uses whatever processor time is left; pages and the database come
// first, or a burst of submissions would keep people from reading, and from handing in.
os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);

const url = databaseUrl();
const workers = Number(process.env.GRADER_WORKERS ?? os.availableParallelism());
const database = openDb(url);
const queue = await openQueue({ url, role: "grader" });
const changes = await listenForChanges(url);
const pool = await createPool({ workers, jail: process.env.GRADER_JAIL === "off" ? "off" : "auto" });

let course = indexed(await loadCourse());
/** An exercise that is not known may have been added since: then the course is read again. */
async function findExercise(uuid: string): Promise<Exercise | null> {
  if (!course.has(uuid) || process.env.NODE_ENV !== "production") course = indexed(await loadCourse());
  return course.get(uuid) ?? null;
}
function indexed(read: Awaited<ReturnType<typeof loadCourse>>): Map<string, Exercise> {
  return new Map(read.chapters.flatMap((chapter) => chapter.exercises).map((exercise) => [exercise.uuid, exercise]));
}

const consumer = startConsumer({
  database,
  queue,
  changes,
  slots: workers,
  findExercise,
  grade: ({ exercise, source, seed }) => pool.grade({ exercise, source, seed, scope: "all" }),
});

const node = {
  id: randomUUID(),
  host: os.hostname(),
  workers,
  layers: pool.layers,
  engine: engineRecord.sha256,
  version,
};
const announce = () =>
  announceGrader(database, node).catch((error: unknown) => console.error(`grader: ${String(error)}`));
await announce();
const announcing = setInterval(announce, 5_000);
process.send?.({ ready: true, workers, layers: pool.layers });

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  clearInterval(announcing);
  await consumer.stop();
  // Its workers die with us in any case.
  await Promise.race([pool.close(), sleep(3_000)]);
  await withdrawGrader(database, node.id);
  await queue.close();
  await changes.close();
  await database.$disconnect();
  process.exit(0);
}
process.on("SIGTERM", () => void stop());
// Ctrl-C reaches the whole terminal group; whoever started us decides. Alone, it is for us.
process.on("SIGINT", () => (process.connected ? undefined : void stop()));
// Whoever started us is gone, perhaps killed: nobody would stop us.
process.on("disconnect", () => void stop());
