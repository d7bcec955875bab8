"use client";
// The machine in the address bar: read when the page opens or the link changes, written after every operation.
import { deflateSync, inflateSync } from "fflate";
import { useEffect, useState } from "react";
import type { Session } from "@/app/_figures/buddy/session";
import { type Opened, openHash, type Shared, shareHashDeflated } from "@/app/_figures/buddy/share";
import { legalBuddyOps } from "@/lib/slots/buddy-machine";

const writeAfterMs = 300;

interface SharedLink {
  /** To the machine as it is now, even where the address bar still waits for its turn. */
  link(): string;
  readonly problem: Extract<Opened, { kind: "broken" | "version" }> | null;
}

export function useShared(session: Session, open: (shared: Shared) => void): SharedLink {
  const [problem, setProblem] = useState<SharedLink["problem"]>(null);

  useEffect(() => {
    const read = () => {
      const opened = openHash(window.location.hash, inflateSync);
      setProblem(opened.kind === "broken" || opened.kind === "version" ? opened : null);
      // A stranger's link may free what is not in use; such operations are dropped.
      if (opened.kind === "shared")
        open({ ...opened.shared, ops: legalBuddyOps(opened.shared.config, opened.shared.ops) });
    };
    read();
    window.addEventListener("hashchange", read);
    return () => window.removeEventListener("hashchange", read);
  }, [open]);

  useEffect(() => {
    const timer = window.setTimeout(() => {
      // A link that could not be read stays in the address bar until the visitor has done something.
      if (session.at > 0 || session.ops.length > 0 || window.location.hash !== "")
        window.history.replaceState(window.history.state, "", hashOf(session));
    }, writeAfterMs);
    return () => window.clearTimeout(timer);
  }, [session]);

  return { link: () => new URL(hashOf(session), window.location.href).href, problem };
}

const hashOf = (session: Session): string =>
  shareHashDeflated({ config: session.config, ops: session.ops.slice(0, session.at) }, deflateSync);
