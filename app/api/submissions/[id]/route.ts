// One submission as soon as it has changed after revision `after`, or as it is when the wait is over.
import { z } from "zod";
import { refused } from "@/app/_workspace/refused";
import { requireUser } from "@/lib/auth/who";
import { refuse } from "@/lib/db/result";
import { waitForChange } from "@/lib/db/submissions";

const waitMs = 25_000;
const querySchema = z.object({ id: z.uuid(), after: z.coerce.number().int().min(-1).default(-1) });

export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const user = await requireUser(request.headers);
  if (!user.ok) return refused(user);
  const after = new URL(request.url).searchParams.get("after") ?? undefined;
  const query = querySchema.safeParse({ ...(await params), after });
  if (!query.success) return refused(refuse("not_found", "noSuchSubmission"));
  const found = await waitForChange(user.value.id, query.data.id, query.data.after, waitMs, request.signal);
  return found.ok ? Response.json(found.value, { headers: { "cache-control": "private, no-store" } }) : refused(found);
}
