// Rows that tests need.
import { randomUUID } from "node:crypto";
import type { Exercise } from "@/lib/course/exercise";
import type { Db } from "./client";

const both = (text: string) => ({ en: text, "zh-CN": text });

export async function addLearner(db: Db, name = "Ada"): Promise<string> {
  const id = randomUUID();
  await db.user.create({ data: { id, name, email: `${id}@example.org` } });
  return id;
}

export async function addExercise(db: Db, slug = "split"): Promise<string> {
  const uuid = randomUUID();
  await db.exercise.create({
    data: {
      uuid,
      slug,
      chapter: "buddy",
      version: "v1",
      title: both(slug),
      kind: "implement",
      points: 10,
      measuredBy: "test",
    },
  });
  return uuid;
}

/** Enough of an exercise for a consumer that passes it on. */
export function exerciseNamed(uuid: string): Exercise {
  return {
    uuid,
    slug: "split",
    chapter: "buddy",
    kind: "implement",
    slot: "buddy-expand",
    title: both("Split"),
    level: 1,
    minutes: 1,
    points: 10,
    groups: [],
    fuelFactor: 20,
    sources: [],
    prompt: both(""),
    hints: { en: [], "zh-CN": [] },
    starter: "",
    solutions: [],
    mutants: [],
    traces: { visible: [], hidden: [], generated: [] },
    version: "v1",
  };
}
