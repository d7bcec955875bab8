"use client";
// Where drafts and their earlier versions lie on this device. A browser may refuse storage (private windows, full disk):
// then nothing is kept and nothing breaks.
import { del, get, set, update } from "idb-keyval";
import type { LocalDraft } from "./draft";
import { remember, type Snapshot } from "./snapshots";

/** Drafts of different people on one device never meet; a visitor without an account is the owner "guest". */
export interface DraftPlace {
  readonly owner: string;
  readonly exercise: string;
}

export const guest = "guest";
export const placeName = ({ owner, exercise }: DraftPlace): string => `draft:${owner}:${exercise}`;
const snapshotName = ({ owner, exercise }: DraftPlace): string => `snapshots:${owner}:${exercise}`;

export async function readDraft(place: DraftPlace): Promise<LocalDraft | null> {
  return (await attempt(() => get<LocalDraft>(placeName(place)))) ?? null;
}

/** True if the device really has it now. */
export async function writeDraft(place: DraftPlace, draft: LocalDraft): Promise<boolean> {
  return (await attempt(() => set(placeName(place), draft).then(() => true))) ?? false;
}

export async function removeDraft(place: DraftPlace): Promise<void> {
  await attempt(() => del(placeName(place)));
}

export async function readSnapshots(place: DraftPlace): Promise<readonly Snapshot[]> {
  return (await attempt(() => get<readonly Snapshot[]>(snapshotName(place)))) ?? [];
}

export async function writeSnapshot(place: DraftPlace, snapshot: Snapshot): Promise<readonly Snapshot[]> {
  await attempt(() => update<readonly Snapshot[]>(snapshotName(place), (list) => remember(list ?? [], snapshot)));
  return readSnapshots(place);
}

async function attempt<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch {
    return null;
  }
}
