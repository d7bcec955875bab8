// Groups and partial credit: a group passes when every one of its cases does, and brings its weight.
import type { Group } from "@/lib/course/exercise";
import type { CaseResult, Verdict } from "./verdict";

/** @returns the groups with their outcome, and points * passed weights / all weights, rounded. */
export function score(
  groups: readonly Group[],
  cases: readonly CaseResult[],
  points: number,
): Pick<Verdict, "groups" | "score" | "maxScore"> {
  const results = groups.map(({ id, title, weight }) => {
    const own = cases.filter((result) => result.group === id);
    // A group of which nothing ran proves nothing.
    return { id, title, weight, passed: own.length > 0 && own.every((result) => result.status === "passed") };
  });
  const sum = (list: typeof results) => list.reduce((total, group) => total + group.weight, 0);
  const passed = sum(results.filter((group) => group.passed));
  return { groups: results, score: Math.round((points * passed) / sum(results)), maxScore: points };
}
