"use client";
// The theme menu. The chosen theme is applied at once and remembered in a cookie that the server reads.
import { useId, useState } from "react";
import { useTranslations } from "use-intl/react";
import { rememberInCookie } from "./cookie.client";
import { type Theme, themeCookie, themes } from "./theme";

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  rememberInCookie(themeCookie, theme);
}

interface ThemeChoiceProps {
  readonly initial: Theme;
  /** Also keeps the choice in the account. */
  readonly remember?: (theme: Theme) => Promise<void>;
}

/** One radio button a theme; used by the menu in the header and by the account page. */
export function ThemeChoice({ initial, remember }: ThemeChoiceProps) {
  const t = useTranslations("shell.theme");
  const [theme, setTheme] = useState(initial);
  const name = useId();
  return (
    <fieldset className="grid gap-1">
      <legend className="visually-hidden">{t("label")}</legend>
      {themes.map((value) => (
        <label key={value} className="flex min-h-(--control) items-center gap-2.5 rounded-md px-2 hover:bg-panel">
          <input
            type="radio"
            name={name}
            value={value}
            checked={theme === value}
            onChange={() => {
              setTheme(value);
              applyTheme(value);
              void remember?.(value);
            }}
            className="size-4 accent-(--accent)"
          />
          {t(value)}
        </label>
      ))}
    </fieldset>
  );
}
