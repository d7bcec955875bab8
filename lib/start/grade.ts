// `npm run grade`: the grader's command line, with this checkout's course, engine, receipts and database.
import { existsSync } from "node:fs";
import path from "node:path";
import { loadCourse } from "@/lib/course/load";
import { openDb } from "@/lib/db/client";
import { submissionOfReceipt } from "@/lib/db/submissions";
import { ensureEngine, readEngine } from "@/lib/grader/build-engine";
import { loadEngine } from "@/lib/grader/engine";
import { gradeCommand } from "@/lib/grader/grade-cli";
import type { StoredVerdict } from "@/lib/grader/receipts-file";
import { dataDirectory, openDatabase } from "./database";

process.exitCode = await gradeCommand(process.argv.slice(2), {
  loadCourse: () => loadCourse(),
  loadEngine: async () => {
    await ensureEngine();
    return loadEngine(await readEngine());
  },
  receiptsDirectory: path.join(dataDirectory, "receipts"),
  receiptFor,
  write: (line) => console.log(line),
});

async function receiptFor(id: string): Promise<StoredVerdict | null> {
  // Looking for a receipt must not create a database.
  if (!process.env.DATABASE_URL && !existsSync(path.join(dataDirectory, "postgres"))) return null;
  const database = await openDatabase();
  const db = openDb(database.url);
  try {
    const found = await submissionOfReceipt(db, id);
    return found && { exercise: found.exerciseUuid, source: found.source, seed: found.seed, verdict: found.verdict };
  } finally {
    await db.$disconnect();
    await database.release();
  }
}
