// Handing in: who, what, do, tell. The same idempotency key always answers with the same submission.
import { z } from "zod";
import { refused } from "@/app/_workspace/refused";
import { requireUser } from "@/lib/auth/who";
import { refuse } from "@/lib/db/result";
import { submit } from "@/lib/queue/submit";

const bodySchema = z.strictObject({ exerciseUuid: z.string(), source: z.string(), idempotencyKey: z.string() });

export async function POST(request: Request): Promise<Response> {
  const user = await requireUser(request.headers);
  if (!user.ok) return refused(user);
  const body = bodySchema.safeParse(await request.json().catch(() => null));
  if (!body.success) return refused(refuse("invalid", "badRequest"));
  const submitted = await submit({ userId: user.value.id, ...body.data });
  return submitted.ok ? Response.json(submitted.value, { status: 202 }) : refused(submitted);
}
