"use client";
// The draft session of this page, as React sees it.
import { useCallback, useEffect, useEffectEvent, useState, useSyncExternalStore } from "react";
import { open, type ServerDraft } from "./draft";
import { type DraftSession, type DraftView, openDraftSession } from "./draft-session.client";
import { guest } from "./draft-store.client";

interface Options {
  /** Null: a visitor without an account. */
  readonly userId: string | null;
  readonly exercise: { readonly uuid: string; readonly starter: string; readonly version: string };
  readonly server: ServerDraft | null;
  readonly onReplace: (source: string) => void;
}

export interface UsedDraft extends DraftView {
  /** Null until the page is alive. */
  readonly session: DraftSession | null;
}

export function useDraft({ userId, exercise, server, onReplace }: Options): UsedDraft {
  const [session, setSession] = useState<DraftSession | null>(null);
  const replace = useEffectEvent(onReplace);
  const [initial] = useState<DraftView>(() => ({
    draft: open({ starter: exercise.starter, account: userId !== null, server, local: null, online: true }),
    snapshots: [],
    restoredAt: null,
    correctedSince: null,
  }));

  // A new server draft after the page is open arrives through 412, never through props.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const opened = openDraftSession({
      place: { owner: userId ?? guest, exercise: exercise.uuid },
      starter: exercise.starter,
      exerciseVersion: exercise.version,
      server,
      onReplace: (source) => replace(source),
    });
    setSession(opened);
    return () => opened.close();
  }, [userId, exercise.uuid]);

  const view = useSyncExternalStore(
    useCallback((changed: () => void) => session?.subscribe(changed) ?? (() => undefined), [session]),
    () => session?.view() ?? initial,
    () => initial,
  );
  return { ...view, session };
}
