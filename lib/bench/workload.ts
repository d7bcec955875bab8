// The submission that the grader's budgets speak of: 10 traces of 1,000 operations against splitting and taking a block.

import type { Exercise } from "@/lib/course/exercise";
import { loadCourse } from "@/lib/course/load";
import type { GradeJob } from "@/lib/grader/grade";

export const traces = 10;
export const operations = 1000;
const slug = "split-a-block";

/** The exercise as published, with its traces replaced by the workload; every call of the learner's `rmqueue` is graded. */
export async function workload(): Promise<Exercise> {
  const course = await loadCourse();
  const exercise = course.chapters.flatMap((chapter) => chapter.exercises).find((one) => one.slug === slug);
  if (!exercise) throw new Error(`the course has no exercise "${slug}"`);
  const group = exercise.groups.find(({ install }) => install === undefined) ?? exercise.groups[0]!;
  const config = { pages: 512, init: "boot32" };
  const generated = [
    { name: "bench", group: group.id, config, count: traces, length: operations, params: { maxOrder: 6 } },
  ];
  return {
    ...exercise,
    version: `${exercise.version} bench`,
    groups: [group],
    traces: { visible: [], hidden: [], generated },
  };
}

/** Another seed gives other traces of the same shape. */
export function job(exercise: Exercise, seed: string): GradeJob {
  return { exercise, source: exercise.solutions[0]!, seed, scope: "all" };
}
