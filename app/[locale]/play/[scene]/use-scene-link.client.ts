"use client";
// The machine in the address bar: read when the page opens or the link changes, written after every operation.
import { deflateSync, inflateSync } from "fflate";
import { useEffect, useRef, useState } from "react";
import { type Opened, openLink } from "@/lib/scenarios/link";
import { type AnySession, hashOf } from "@/lib/scenarios/open-part";
import { openSession } from "@/lib/scenarios/run";
import type { AnyOp, AnyScenario } from "@/lib/scenarios/scenario";

const writeAfterMs = 300;

type Problem = Extract<Opened<unknown, AnyOp>, { kind: "broken" | "version" }>;

interface SceneLink {
  /** To the machine as it is now, even where the address bar still waits for its turn. */
  link(): string;
  readonly problem: Problem | null;
}

export function useSceneLink(
  scenario: AnyScenario,
  session: AnySession,
  open: (session: AnySession) => void,
): SceneLink {
  const [problem, setProblem] = useState<Problem | null>(null);
  const start = useRef(session);

  useEffect(() => {
    const read = () => {
      const opened = openLink(scenario, window.location.hash, inflateSync);
      setProblem(opened.kind === "broken" || opened.kind === "version" ? opened : null);
      if (opened.kind !== "shared") return;
      // It stands in the address bar already.
      start.current = openSession(scenario, opened.shared.config, opened.shared.ops);
      open(start.current);
    };
    read();
    window.addEventListener("hashchange", read);
    return () => window.removeEventListener("hashchange", read);
  }, [scenario, open]);

  useEffect(() => {
    // What the page or the link opened with needs no other link; one that could not be read stays until the visitor has done something.
    if (session === start.current) return;
    start.current = session;
    const timer = window.setTimeout(
      () => window.history.replaceState(window.history.state, "", hashOf(scenario, session, deflateSync)),
      writeAfterMs,
    );
    return () => window.clearTimeout(timer);
  }, [scenario, session]);

  return { link: () => new URL(hashOf(scenario, session, deflateSync), window.location.href).href, problem };
}
