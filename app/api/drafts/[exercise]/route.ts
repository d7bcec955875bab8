// The draft of one exercise. `If-Match` names the revision that the sender typed on; another one there answers 412 with it.
import { z } from "zod";
import { refused } from "@/app/_workspace/refused";
import { requireUser } from "@/lib/auth/who";
import { putDraft } from "@/lib/db/drafts";
import { refuse } from "@/lib/db/result";

const putSchema = z.object({
  exercise: z.uuid(),
  ifMatch: z
    .string()
    .regex(/^"\d{1,9}"$/)
    .transform((tag) => Number(tag.slice(1, -1))),
  source: z.string(),
});

export async function PUT(request: Request, { params }: { params: Promise<{ exercise: string }> }): Promise<Response> {
  const user = await requireUser(request.headers);
  if (!user.ok) return refused(user);
  const body: unknown = await request.json().catch(() => null);
  const put = putSchema.safeParse({ ...(await params), ...(body as object), ifMatch: request.headers.get("if-match") });
  if (!put.success) return refused(refuse("invalid", "badRequest"));
  const { exercise, ifMatch, source } = put.data;
  const saved = await putDraft({ userId: user.value.id, exerciseUuid: exercise, source, ifMatch });
  if (!saved.ok) return refused(saved);
  if ("conflict" in saved.value) return Response.json(saved.value.conflict, { status: 412 });
  return Response.json({ rev: saved.value.rev }, { headers: { etag: `"${saved.value.rev}"` } });
}
