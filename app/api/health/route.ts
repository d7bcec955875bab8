// For monitors: 200 while pages are served and submissions graded, else 503; the same facts as the status page.
import { health } from "@/lib/queue/health";

export const dynamic = "force-dynamic";

export async function GET(): Promise<Response> {
  const state = await health();
  return Response.json(state, { status: state.ok ? 200 : 503, headers: { "cache-control": "no-store" } });
}
