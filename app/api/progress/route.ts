// How far a reader has come in a lesson: who, what, do, tell.
import { progressSchema, storeProgress } from "@/app/_lesson/store";
import { refused } from "@/app/_workspace/refused";
import { requireUser } from "@/lib/auth/who";
import { refuse } from "@/lib/db/result";

export async function POST(request: Request): Promise<Response> {
  const user = await requireUser(request.headers);
  if (!user.ok) return refused(user);
  const body = progressSchema.safeParse(await request.json().catch(() => null));
  if (!body.success) return refused(refuse("invalid", "badRequest"));
  const stored = await storeProgress(user.value.id, body.data);
  return stored.ok ? new Response(null, { status: 204 }) : refused(stored);
}
