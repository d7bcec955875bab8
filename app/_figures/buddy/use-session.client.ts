"use client";
// A session in a component: the machine, the last refusal, and whether the last change was one operation forward.
import { useCallback, useState } from "react";
import type { BuddyConfig } from "@/lib/sim/machine";
import type { BuddyOp } from "@/lib/slots/buddy-trace";
import { alloc, empty, fill, freePage, openSession, type Refusal, redo, type Session, undo } from "./session";

export type Temperature = "hot" | "cold";

export interface SessionControl {
  readonly session: Session;
  readonly refusal: Refusal | null;
  /** The picture may glide from the state before. */
  readonly stepped: boolean;
  /** @returns null, or why nothing was done. */
  alloc(order: number, temperature?: Temperature): Refusal | null;
  free(pfn: number, temperature?: Temperature): Refusal | null;
  fill(order: number): Refusal | null;
  empty(which: "all" | "every-second"): Refusal | null;
  undo(): void;
  redo(): void;
  /** To just after operation `at`; the later ones can be redone. */
  goTo(at: number): void;
  open(config: BuddyConfig, ops: readonly BuddyOp[]): void;
}

export function useSession(config: BuddyConfig, ops: readonly BuddyOp[]): SessionControl {
  const [view, setView] = useState<{ session: Session; refusal: Refusal | null; stepped: boolean }>(() => ({
    session: openSession(config, ops),
    refusal: null,
    stepped: false,
  }));
  const { session } = view;

  const attempt = (outcome: Session | Refusal) => {
    if ("key" in outcome) {
      setView({ session, refusal: outcome, stepped: false });
      return outcome;
    }
    setView({ session: outcome, refusal: null, stepped: outcome.at === session.at + 1 });
    return null;
  };
  const open = useCallback(
    (newConfig: BuddyConfig, newOps: readonly BuddyOp[]) =>
      setView({ session: openSession(newConfig, newOps), refusal: null, stepped: false }),
    [],
  );
  return {
    ...view,
    alloc: (order, temperature = "hot") => attempt(alloc(session, order, temperature)),
    free: (pfn, temperature = "hot") => attempt(freePage(session, pfn, temperature)),
    fill: (order) => attempt(fill(session, order)),
    empty: (which) => attempt(empty(session, which)),
    undo: () => setView({ session: undo(session), refusal: null, stepped: false }),
    redo: () => setView({ session: redo(session), refusal: null, stepped: redo(session).at === session.at + 1 }),
    goTo: (at) =>
      setView({
        session: { ...session, at: Math.max(0, Math.min(session.ops.length, at)) },
        refusal: null,
        stepped: false,
      }),
    open,
  };
}
