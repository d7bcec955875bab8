// People for a bench: signed in without the sign-up form, whose rate limit would stop a crowd from one address.
import { createAuth } from "@/lib/auth/auth";
import { openDb } from "@/lib/db/client";
import { ensureSecret } from "@/lib/db/secrets";

export interface BenchLearner {
  readonly email: string;
  readonly password: string;
  /** Value of a Cookie header. */
  readonly cookie: string;
}

const atATime = 4;

export async function enrol(databaseUrl: string, count: number): Promise<BenchLearner[]> {
  const db = openDb(databaseUrl);
  try {
    const { api } = createAuth(db, { secret: await ensureSecret(db, "auth"), origin: undefined });
    const enrolOne = async (i: number): Promise<BenchLearner> => {
      const body = { name: `Bench ${i}`, email: `bench-${i}@example.test`, password: `a long password ${i}` };
      const response = await api.signUpEmail({ body, asResponse: true });
      const cookie = response.headers
        .getSetCookie()
        .map((line) => line.split(";")[0])
        .join("; ");
      return { ...body, cookie };
    };
    const learners: BenchLearner[] = [];
    for (let i = 0; i < count; i += atATime) {
      const batch = Array.from({ length: Math.min(atATime, count - i) }, (_, j) => enrolOne(i + j));
      learners.push(...(await Promise.all(batch)));
    }
    return learners;
  } finally {
    await db.$disconnect();
  }
}
