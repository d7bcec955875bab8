"use client";
// Hands in and follows one submission until it is graded. What is being followed survives a reload, because the server names it again.
import { useCallback, useEffect, useRef, useState } from "react";
import { paths } from "@/lib/paths";
import type { Message } from "@/lib/slots/slot";
import { isOpen, type RefusedAnswer, type Submission } from "./submission";

export type Following =
  | { readonly phase: "none" }
  | { readonly phase: "sending" }
  | { readonly phase: "waiting"; readonly id: string; readonly submission: Submission | null; readonly lost: boolean }
  | { readonly phase: "done"; readonly submission: Submission }
  | { readonly phase: "refused"; readonly message: Message | null };

interface Options {
  readonly exerciseUuid: string;
  /** A submission that was still open when the page was made. */
  readonly open: string | null;
  readonly onDone: (submission: Submission) => void;
}

const retryMs = 2_000;

export function useSubmission({ exerciseUuid, open, onDone }: Options) {
  const [following, setFollowing] = useState<Following>(
    open ? { phase: "waiting", id: open, submission: null, lost: false } : { phase: "none" },
  );
  // One key for one text: a second try after a lost answer is the same submission, not another one.
  const key = useRef({ source: "", id: "" });
  const finished = useRef(onDone);
  finished.current = onDone;

  const submit = useCallback(
    async (source: string) => {
      if (key.current.source !== source || key.current.id === "") key.current = { source, id: crypto.randomUUID() };
      setFollowing({ phase: "sending" });
      const answer = await post({ exerciseUuid, source, idempotencyKey: key.current.id });
      if ("id" in answer) setFollowing({ phase: "waiting", id: answer.id, submission: null, lost: false });
      else setFollowing({ phase: "refused", message: answer.message });
    },
    [exerciseUuid],
  );

  /** The next submission is a new one, even of the same text: the last one failed through our fault. */
  const again = useCallback(
    (source: string) => {
      key.current = { source: "", id: "" };
      return submit(source);
    },
    [submit],
  );

  const waitingFor = following.phase === "waiting" ? following.id : null;
  useEffect(() => {
    if (waitingFor === null) return;
    const stop = new AbortController();
    void follow(waitingFor, stop.signal, (submission, lost) => {
      if (submission && !isOpen(submission.status)) {
        key.current = { source: "", id: "" };
        setFollowing({ phase: "done", submission });
        finished.current(submission);
      } else {
        setFollowing((before) => ({
          phase: "waiting",
          id: waitingFor,
          submission: submission ?? (before.phase === "waiting" ? before.submission : null),
          lost,
        }));
      }
    });
    return () => stop.abort();
  }, [waitingFor]);

  return { following, submit, again };
}

async function post(body: object): Promise<{ id: string } | { message: Message | null }> {
  try {
    const response = await fetch(paths.api.submissions, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (response.ok) return (await response.json()) as { id: string };
    return { message: response.status < 500 ? ((await response.json()) as RefusedAnswer).message : null };
  } catch {
    return { message: null };
  }
}

/** Long polls until the submission is graded or the signal aborts. A lost connection is reported and tried again. */
async function follow(id: string, signal: AbortSignal, tell: (submission: Submission | null, lost: boolean) => void) {
  let after = -1;
  while (!signal.aborted) {
    try {
      const response = await fetch(`${paths.api.submission(id)}?after=${after}`, { signal });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const submission = (await response.json()) as Submission;
      if (signal.aborted) return;
      tell(submission, false);
      if (!isOpen(submission.status)) return;
      after = submission.rev;
    } catch {
      if (signal.aborted) return;
      tell(null, true);
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
}
