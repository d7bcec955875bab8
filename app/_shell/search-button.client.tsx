"use client";
import { useTranslations } from "use-intl/react";
import { useCommands } from "./commands.client";

export function SearchButton() {
  const t = useTranslations("shell");
  const { openPalette } = useCommands();
  return (
    <button
      type="button"
      className="button button-quiet max-sm:px-2"
      aria-keyshortcuts="Control+K Meta+K"
      title={t("searchHint", { keys: "Ctrl/⌘ K" })}
      onClick={openPalette}
    >
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <circle cx="8.75" cy="8.75" r="5.5" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="m13 13 4 4" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
      </svg>
      <span className="max-sm:visually-hidden">{t("search")}</span>
    </button>
  );
}
