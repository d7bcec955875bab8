"use client";
// A moment in the reader's own time zone: UTC from the server, corrected once the page is alive.
import { useSyncExternalStore } from "react";
import { useFormatter, useTranslations } from "use-intl/react";

const never = () => () => undefined;

/** The zone of this device; UTC on the server. */
export function useZone(): string {
  return useSyncExternalStore(
    never,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => "UTC",
  );
}

export function LocalTime({ at }: { at: string }) {
  const t = useTranslations("result");
  const format = useFormatter();
  const timeZone = useZone();
  return (
    <time dateTime={at}>
      {t("page.at", { time: format.dateTime(new Date(at), { dateStyle: "medium", timeStyle: "short", timeZone }) })}
    </time>
  );
}
