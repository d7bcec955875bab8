"use client";
// Where a draft comes from when a page opens, and how it reaches the server.
import { paths } from "@/lib/paths";
import type { DraftEvent, LocalDraft, ServerDraft } from "./draft";
import { type DraftPlace, guest, readDraft, removeDraft } from "./draft-store.client";

/** The account's own draft on this device; failing that, what the same person typed before signing in. */
export async function pickLocal(place: DraftPlace): Promise<LocalDraft | null> {
  const own = await readDraft(place);
  if (place.owner === guest) return own;
  const before = await readDraft({ ...place, owner: guest });
  if (!before || before.source === before.starter) return own;
  await removeDraft({ ...place, owner: guest });
  return !own || own.source === own.synced || own.source === own.starter ? before : own;
}

export async function put(exercise: string, source: string, rev: number, keepalive: boolean): Promise<DraftEvent> {
  try {
    const response = await fetch(paths.api.draft(exercise), {
      method: "PUT",
      keepalive,
      headers: { "content-type": "application/json", "if-match": `"${rev}"` },
      body: JSON.stringify({ source }),
    });
    if (response.status === 412) return { type: "refused", other: (await response.json()) as ServerDraft };
    if (!response.ok) return { type: "failed" };
    return { type: "accepted", rev: ((await response.json()) as { rev: number }).rev };
  } catch {
    return { type: "failed" };
  }
}
