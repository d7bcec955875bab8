// A reader's answer to a figure's or a lesson's question: who, what, do, tell.
import { predictionSchema, storePrediction } from "@/app/_lesson/store";
import { refused } from "@/app/_workspace/refused";
import { requireUser } from "@/lib/auth/who";
import { refuse } from "@/lib/db/result";

export async function POST(request: Request): Promise<Response> {
  const user = await requireUser(request.headers);
  if (!user.ok) return refused(user);
  const body = predictionSchema.safeParse(await request.json().catch(() => null));
  if (!body.success) return refused(refuse("invalid", "badRequest"));
  const stored = await storePrediction(user.value.id, body.data);
  return stored.ok ? Response.json(stored.value, { status: 201 }) : refused(stored);
}
