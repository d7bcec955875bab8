// What is wrong with the course content, for those who can do something about it.
import type { Problem } from "@/lib/course/exercise";
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";

export function ContentProblems({ locale, problems }: { locale: Locale; problems: readonly Problem[] }) {
  const t = translator(locale, "course");
  if (problems.length === 0) return null;
  return (
    <details className="rounded-lg border border-edge bg-warn-ground p-4">
      <summary className="font-medium">{t("problems.title", { count: problems.length })}</summary>
      <p className="mt-2 text-sm">{t("problems.hint")}</p>
      <ul className="mt-3 grid gap-2 text-sm">
        {problems.map(({ file, line, message }) => (
          <li key={`${file}:${line}:${message}`}>
            <code>{file}</code>
            {line !== null && <>, {t("problems.line", { line })}</>}
            {/* Written for authors, in English, by the checker. */}
            <span lang="en" className="block">
              {message}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
