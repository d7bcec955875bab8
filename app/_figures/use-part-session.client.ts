"use client";
// A session of a part in a component: the machine, why the last command was refused, which of its steps is shown.
import { useCallback, useState } from "react";
import type { AnySession } from "@/lib/scenarios/open-part";
import { append, appendRandom, goTo, lastMoments, openSession, type Refused, redo, undo } from "@/lib/scenarios/run";
import type { AnyOp } from "@/lib/scenarios/scenario";
import type { AnyMoment, AnyPart } from "./part";

export interface PartControl {
  readonly session: AnySession;
  readonly refused: Refused | null;
  /** The steps of the operation at the cursor, and which of them is shown. */
  readonly moments: readonly AnyMoment[];
  readonly step: number;
  /** The picture may glide from the one before. */
  readonly stepped: boolean;
  /** @returns null, or why nothing was done. */
  run(op: AnyOp, times?: number): Refused | null;
  random(length: number, seed: number): void;
  show(step: number): void;
  undo(): void;
  redo(): void;
  /** To just after operation `at`; the later ones can be redone. */
  goTo(at: number): void;
  open(session: AnySession): void;
  /** The same machine before the first operation. */
  reset(): void;
}

interface View {
  readonly session: AnySession;
  readonly refused: Refused | null;
  readonly step: number;
  readonly stepped: boolean;
}

const viewOf = (session: AnySession, stepped: boolean): View => ({
  session,
  refused: null,
  step: lastMoments(session).length - 1,
  stepped,
});

export function usePartSession(part: AnyPart, start: () => AnySession): PartControl {
  const { scenario } = part;
  const [view, setView] = useState<View>(() => viewOf(start(), false));
  const { session } = view;
  const open = useCallback((other: AnySession) => setView(viewOf(other, false)), []);
  const attempt = (outcome: AnySession | Refused): Refused | null => {
    if ("by" in outcome) {
      setView({ ...view, refused: outcome, stepped: false });
      return outcome;
    }
    setView(viewOf(outcome, outcome.at === session.at + 1));
    return null;
  };
  return {
    ...view,
    moments: lastMoments(session),
    run: (op, times = 1) => attempt(append(scenario, session, op, times)),
    random: (length, seed) => {
      attempt(appendRandom(scenario, session, length, seed));
    },
    show: (step) => setView({ ...view, step, stepped: step === view.step + 1 }),
    undo: () => open(undo(session)),
    redo: () => open(redo(session)),
    goTo: (at) => open(goTo(session, at)),
    open,
    reset: () => open(openSession(scenario, session.config, [])),
  };
}
