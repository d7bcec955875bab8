// An author's mistakes in this lesson, for staff only; readers see the lesson without the broken parts.
import { may } from "@/lib/auth/rights";
import type { Person } from "@/lib/auth/who";
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";
import type { LessonView } from "./lesson-view";

export async function LessonProblems(props: { view: LessonView; locale: Locale; user: Person | null }) {
  if (!props.user || !may(props.user.role, "see content problems")) return null;
  const problems = await props.view.problems();
  if (problems.length === 0) return null;
  return (
    <details className="callout no-print" data-kind="warning">
      <summary>{translator(props.locale, "lesson")("problemsTitle", { count: problems.length })}</summary>
      <ul>
        {problems.map(({ file, line, message }) => (
          <li key={`${file}:${line}:${message}`}>
            <code>{line === null ? file : `${file}:${line}`}</code> {message}
          </li>
        ))}
      </ul>
    </details>
  );
}
