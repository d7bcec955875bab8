"use client";
// Something threw while a page was made. The frame of the site stays; the visitor may try again.
import { useEffect, useRef } from "react";
import { useTranslations } from "use-intl/react";

interface ErrorProps {
  readonly error: Error & { digest?: string };
  readonly reset: () => void;
}

export default function PageFailed({ error, reset }: ErrorProps) {
  const t = useTranslations("errors.failed");
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className="page grid max-w-2xl gap-5">
      <title>{`${t("title")} · Pagewalk`}</title>
      <h1 ref={heading} tabIndex={-1} className="outline-none">
        {t("title")}
      </h1>
      <p>{t("body")}</p>
      {error.digest !== undefined && (
        <p className="text-ink-soft">
          {t("id")} <code className="select-all">{error.digest}</code>
        </p>
      )}
      <p>
        <button type="button" className="button button-primary" onClick={reset}>
          {t("retry")}
        </button>
      </p>
    </div>
  );
}
