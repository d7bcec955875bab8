"use client";
// The result that is shown, how it came to be, and what is happening on the way to the next one.
import { useCallback, useState } from "react";
import { useTranslations } from "use-intl/react";
import { counts, firstFailing, type Shown } from "@/app/_result/model";
import { announce } from "@/app/_shell/announce.client";
import type { Verdict } from "@/lib/grader/verdict";
import type { Submission, SubmissionLine } from "./submission";

export function useResult(last: Shown | null, lines: readonly SubmissionLine[]) {
  const t = useTranslations("result");
  const [shown, setShown] = useState<Shown | null>(last);
  const [submissions, setSubmissions] = useState(lines);

  const say = useCallback(
    (verdict: Verdict) => {
      const { passed, total } = counts(verdict);
      const first = firstFailing(verdict);
      const parts = [
        t(`status.${verdict.status}`),
        total > 0 ? t("line.said", { passed, total }) : "",
        first?.divergence ? t("line.saidDivergence", { name: first.name, step: first.divergence.step + 1 }) : "",
      ];
      announce(
        parts
          .filter((part) => part !== "")
          .join(". ")
          .replaceAll("..", "."),
      );
    },
    [t],
  );

  const showRun = useCallback(
    (source: string, verdict: Verdict) => {
      setShown({ submissionId: null, source, verdict, errorId: null });
      say(verdict);
    },
    [say],
  );

  const showSubmission = useCallback(
    ({ id, status, source, verdict, errorId, createdAt }: Submission) => {
      const line = { id, status, score: verdict?.score ?? null, maxScore: verdict?.maxScore ?? null, createdAt };
      setSubmissions((before) => [line, ...before.filter((other) => other.id !== id)]);
      if (!verdict) return;
      setShown({ submissionId: id, source, verdict, errorId });
      say(verdict);
    },
    [say],
  );

  return { shown, submissions, showRun, showSubmission };
}
