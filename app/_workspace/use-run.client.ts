"use client";
// Run: the grader in a worker of this page. The worker stays warm between runs; stopping a run means ending the worker.
import { useCallback, useEffect, useRef, useState } from "react";
import type { PublicExercise } from "@/lib/course/exercise";
import type { Verdict } from "@/lib/grader/verdict";
import type { Case } from "@/lib/slots/slot";
import type { RunAnswer, RunRequest } from "./run-protocol";

/** Fuel stops a submission long before; this is for a browser that is too slow or has stopped answering. */
export const runLimitSeconds = 30;

export type RunEnd =
  | { readonly outcome: "verdict"; readonly verdict: Verdict; readonly ms: number }
  | { readonly outcome: "cancelled" | "tooLong" }
  | { readonly outcome: "failed"; readonly reason: string };

interface Pending {
  readonly id: number;
  readonly settle: (end: RunEnd) => void;
}

export function useRun(exercise: PublicExercise, engineUrl: string) {
  const worker = useRef<Worker | null>(null);
  const pending = useRef<Pending | null>(null);
  const count = useRef(0);
  const [running, setRunning] = useState(false);

  const settle = useCallback((end: RunEnd) => {
    pending.current?.settle(end);
    pending.current = null;
    setRunning(false);
  }, []);

  const stop = useCallback(
    (end: RunEnd) => {
      worker.current?.terminate();
      worker.current = null;
      settle(end);
    },
    [settle],
  );

  const open = useCallback((): Worker => {
    if (worker.current) return worker.current;
    const fresh = new Worker(new URL("./run.worker.ts", import.meta.url), { type: "module" });
    fresh.onmessage = ({ data }: MessageEvent<RunAnswer>) => {
      if (data.id !== pending.current?.id) return;
      settle(
        data.type === "verdict"
          ? { outcome: "verdict", verdict: data.verdict, ms: data.ms }
          : { outcome: "failed", reason: data.reason },
      );
    };
    fresh.onerror = (event) => stop({ outcome: "failed", reason: event.message || "worker" });
    worker.current = fresh;
    return fresh;
  }, [settle, stop]);

  const warm = useCallback(
    () => open().postMessage({ type: "warm", engineUrl } satisfies RunRequest),
    [open, engineUrl],
  );

  const run = useCallback(
    (source: string, ownCases: readonly Case[]): Promise<RunEnd> => {
      if (pending.current) stop({ outcome: "cancelled" });
      const id = ++count.current;
      setRunning(true);
      return new Promise((resolve) => {
        const timer = setTimeout(() => stop({ outcome: "tooLong" }), runLimitSeconds * 1000);
        pending.current = {
          id,
          settle: (end) => {
            clearTimeout(timer);
            resolve(end);
          },
        };
        open().postMessage({ type: "grade", id, engineUrl, exercise, source, ownCases } satisfies RunRequest);
      });
    },
    [exercise, engineUrl, open, stop],
  );

  const cancel = useCallback(() => stop({ outcome: "cancelled" }), [stop]);
  useEffect(() => () => stop({ outcome: "cancelled" }), [stop]);

  return { running, run, cancel, warm };
}
