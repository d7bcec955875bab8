// A limit on wrong passwords per account, beside the one per address: whoever guesses from many addresses meets this one.
// Theory: every attempt is counted before the password is looked at, in one statement, so that parallel guesses cannot slip
//         through; a right password clears the count.
import { createHash } from "node:crypto";
import type { DbOrTransaction } from "@/lib/db/client";

export const accountLimit = { attempts: 10, windowMs: 10 * 60_000 } as const;

/** Counts an attempt on the account. False: there were too many, do not even look at the password. */
export async function countAttempt(db: DbOrTransaction, email: string, now: number): Promise<boolean> {
  const key = keyOf(email);
  const since = BigInt(now - accountLimit.windowMs);
  const rows = await db.$queryRaw<{ count: number }[]>`
    INSERT INTO "rateLimit" (id, key, count, "lastRequest") VALUES (${key}, ${key}, 1, ${BigInt(now)})
    ON CONFLICT (key) DO UPDATE SET
      count = CASE WHEN "rateLimit"."lastRequest" < ${since} THEN 1 ELSE "rateLimit".count + 1 END,
      "lastRequest" = CASE WHEN "rateLimit"."lastRequest" < ${since} THEN ${BigInt(now)} ELSE "rateLimit"."lastRequest" END
    RETURNING count`;
  return (rows[0]?.count ?? 0) <= accountLimit.attempts;
}

export async function clearAttempts(db: DbOrTransaction, email: string): Promise<void> {
  await db.rateLimit.deleteMany({ where: { key: keyOf(email) } });
}

/** Hashed: the table is no list of addresses that somebody tried. */
function keyOf(email: string): string {
  return `account:${createHash("sha256").update(email.trim().toLowerCase()).digest("hex").slice(0, 32)}`;
}
