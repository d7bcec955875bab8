// Development: everything `npm start` runs, with pages compiled as they are asked for. A part that is broken just now is
// reported and left out, so that one can look at the rest.
import { createRequire } from "node:module";
import { prepare } from "./prepare";
import { progress } from "./progress";
import { exitOf, startNode } from "./run-node";

export async function runDev(port: number): Promise<number> {
  const { database, env } = await prepare(progress);
  const stopGrader = await startGrading(database.url, env).catch((error: unknown) => {
    console.error(error);
    console.error("No submissions are graded until this is mended and `npm run dev` is started again.");
    return async () => {};
  });
  const next = createRequire(import.meta.url).resolve("next/dist/bin/next");
  const web = startNode(next, ["dev", "-p", String(port)], { env });
  const stop = () => web.kill("SIGTERM");
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const code = await exitOf(web);
  await stopGrader();
  await database.release();
  return typeof code === "number" ? code : 0;
}

async function startGrading(url: string, env: Readonly<Record<string, string>>): Promise<() => Promise<void>> {
  const { ensureEngine } = await import("@/lib/grader/build-engine");
  const { courseNote, syncCourse } = await import("./course-sync");
  await progress("sandbox engine", ensureEngine, (built) => (built ? "built" : "up to date"));
  await progress("course", () => syncCourse(url), courseNote);
  const { keepGrader } = await import("./grader-child");
  const grader = await progress(
    "grader",
    () => keepGrader(env),
    ({ workers }) => `${workers} workers`,
  );
  return () => grader.stop();
}
