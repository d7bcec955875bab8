// Earlier versions of the learner's file that this device remembers: nothing typed is lost to a reset or a conflict.

export const causes = ["run", "submit", "reset", "conflict", "restore", "takeover"] as const;
export type Cause = (typeof causes)[number];

export interface Snapshot {
  readonly id: string;
  readonly at: number;
  readonly cause: Cause;
  readonly source: string;
}

export const snapshotLimit = 30;

/** Newest first. The same text twice in a row is one entry that keeps the newer time and cause. */
export function remember(snapshots: readonly Snapshot[], next: Snapshot): readonly Snapshot[] {
  const rest = snapshots[0]?.source === next.source ? snapshots.slice(1) : snapshots;
  return [next, ...rest].slice(0, snapshotLimit);
}
