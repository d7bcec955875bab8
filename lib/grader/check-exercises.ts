// `npm run check:exercises`: proves every exercise of the course. Exit status 0 only if nothing is wrong.
//   --json            the reports as data
//   --write-schemas   write exercises/*.schema.json instead
//   SLUG ...          only these exercises
import path from "node:path";
import { parseArgs } from "node:util";
import { checkLessons } from "@/lib/course/check-lessons";
import { allExercises, courseDirectory, loadCourse } from "@/lib/course/load";
import { staleSchemas, writeSchemas } from "./author-schemas";
import { ensureEngine, readEngine } from "./build-engine";
import { checkExercise, type ExerciseReport } from "./check-exercise";
import { checkProse } from "./check-prose";
import { loadEngine } from "./engine";

const { values, positionals } = parseArgs({
  options: { json: { type: "boolean" }, "write-schemas": { type: "boolean" } },
  allowPositionals: true,
});

if (values["write-schemas"]) {
  await writeSchemas(courseDirectory);
} else {
  process.exitCode = await check();
}

async function check(): Promise<number> {
  const course = await loadCourse();
  const problems = [...course.problems, ...(await checkLessons(course))].map(
    ({ file, line, message }) => `${file}${line === null ? "" : `:${line}`}: ${message}`,
  );
  for (const file of await staleSchemas(courseDirectory))
    problems.push(`exercises/${file} is not up to date: run npm run check:exercises -- --write-schemas.`);

  const exercises = allExercises(course);
  const wanted = positionals.map((name) => path.basename(name).replace(/^\d+-/, ""));
  for (const name of wanted)
    if (!exercises.some(({ slug }) => slug === name))
      problems.push(`there is no exercise "${name}", or it cannot be loaded.`);

  await ensureEngine();
  const engine = await loadEngine(await readEngine());
  const reports: ExerciseReport[] = [];
  for (const exercise of exercises.filter(({ slug }) => wanted.length === 0 || wanted.includes(slug))) {
    const checked = await checkExercise(exercise, engine);
    const report = { ...checked, problems: [...checked.problems, ...checkProse(exercise)] };
    reports.push(report);
    if (!values.json) print(report);
  }
  if (values.json) console.log(JSON.stringify({ problems, exercises: reports }, null, 2));
  else for (const problem of problems) console.log(`✗ ${problem}`);
  return problems.length === 0 && reports.every((report) => report.problems.length === 0) ? 0 : 1;
}

function print({ slug, problems, caught, fuel }: ExerciseReport): void {
  const mutants = Object.keys(caught).length;
  const summary =
    mutants > 0
      ? ` (${mutants} mutants caught and named, ${Math.round((100 * fuel.used) / fuel.limit)} % of the fuel limit)`
      : "";
  console.log(`${problems.length === 0 ? "✓" : "✗"} ${slug}${problems.length === 0 ? summary : ""}`);
  for (const problem of problems) console.log(`    ${problem}`);
}
