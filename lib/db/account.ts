// A person's own data: all of it to take away, and all of it erased.
import { type Db, db } from "./client";

/** Everything that is stored about one person, in the words of the schema; no password hash and no session token. */
export async function exportAccount(userId: string, database: Db = db()) {
  return database.user.findUniqueOrThrow({
    where: { id: userId },
    select: {
      name: true,
      email: true,
      role: true,
      language: true,
      theme: true,
      createdAt: true,
      updatedAt: true,
      sessions: { select: { createdAt: true, expiresAt: true, ipAddress: true, userAgent: true } },
      submissions: {
        orderBy: { createdAt: "asc" },
        select: {
          id: true,
          exercise: { select: { slug: true, title: true } },
          exerciseVersion: true,
          source: true,
          status: true,
          score: true,
          maxScore: true,
          verdict: true,
          receiptId: true,
          createdAt: true,
          gradedAt: true,
        },
      },
      drafts: {
        select: { exercise: { select: { slug: true } }, exerciseVersion: true, source: true, updatedAt: true },
      },
      snapshots: {
        orderBy: { createdAt: "asc" },
        select: {
          exercise: { select: { slug: true } },
          exerciseVersion: true,
          source: true,
          cause: true,
          createdAt: true,
        },
      },
      predictions: {
        orderBy: { createdAt: "asc" },
        select: { question: true, seed: true, answer: true, outcome: true, createdAt: true },
      },
      lessonProgress: { select: { lesson: true, section: true, startedAt: true, finishedAt: true } },
    },
  });
}

/** Erases the person and, with them, every row that belongs to them. */
export async function eraseAccount(userId: string, database: Db = db()): Promise<void> {
  await database.user.deleteMany({ where: { id: userId } });
}

/** Whether this installation still has the accounts that a fresh embedded database starts with (lib/start/demo-accounts.ts). */
export async function hasDemoAccounts(database: Db = db()): Promise<boolean> {
  return (await database.user.count({ where: { email: "student@example.org", name: "Demo Student" } })) > 0;
}
