"use client";
import { useTranslations } from "use-intl/react";
import { useCommands } from "./commands.client";

export function ShortcutsButton({ className }: { className?: string }) {
  const t = useTranslations("shell.footer");
  const { openShortcuts, singleKeys } = useCommands();
  return (
    <button
      type="button"
      className={className}
      aria-keyshortcuts={singleKeys ? "?" : undefined}
      onClick={openShortcuts}
    >
      {t("shortcuts")}
    </button>
  );
}
