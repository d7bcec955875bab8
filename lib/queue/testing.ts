// Rows that queue and database tests need, and a grader that needs no sandbox: what it says stands in the submitted text.
import { randomUUID } from "node:crypto";
import type { Exercise } from "@/lib/course/exercise";
import type { Db } from "@/lib/db/client";
import type { Verdict } from "@/lib/grader/verdict";
import { internalError } from "./internal-error";

const both = (text: string) => ({ en: text, "zh-CN": text });

export async function addLearner(db: Db, name = "Ada"): Promise<string> {
  const id = randomUUID();
  await db.user.create({ data: { id, name, email: `${id}@example.org` } });
  return id;
}

export async function addExercise(db: Db, slug = "split"): Promise<string> {
  const uuid = randomUUID();
  await db.exercise.create({
    data: { uuid, slug, chapter: "buddy", version: "v1", title: both(slug), kind: "implement", points: 10, measured: true },
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

export function verdictOf(status: Verdict["status"], score: number, receiptId: string | null = null): Verdict {
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
