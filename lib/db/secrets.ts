// Secrets that every process of an installation shares: made once, kept in the database, read at start.
import { randomBytes } from "node:crypto";
import type { DbOrTransaction } from "./client";

export const secretNames = ["auth", "grading"] as const;
export type SecretName = (typeof secretNames)[number];

/** The secret of that name; the first caller makes it, and whoever comes at the same time gets the same one. */
export async function ensureSecret(db: DbOrTransaction, name: SecretName): Promise<string> {
  const value = randomBytes(32).toString("base64url");
  await db.secret.createMany({ data: [{ name, value }], skipDuplicates: true });
  const kept = await db.secret.findUniqueOrThrow({ where: { name }, select: { value: true } });
  return kept.value;
}
