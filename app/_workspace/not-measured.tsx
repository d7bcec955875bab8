// Instead of the workspace, while the grader has not yet proven the exercise.
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";

export function NotMeasured({ locale, title }: { locale: Locale; title: string }) {
  const t = translator(locale, "workspace");
  return (
    <div className="page prose">
      <h1>{title}</h1>
      <p>{t("notMeasured")}</p>
    </div>
  );
}
