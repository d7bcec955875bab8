import { paths } from "@/lib/paths";
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";
import { ShortcutsButton } from "./shortcuts-button.client";

/** The foot of every page; help stands in the same place everywhere. */
export function Footer({ locale }: { locale: Locale }) {
  const t = translator(locale, "shell");
  const item =
    "inline-flex min-h-(--control) items-center text-ink-soft underline-offset-4 hover:text-ink hover:underline";
  return (
    <footer className="mt-auto border-t border-edge-soft no-print">
      <nav
        aria-label={t("footer.label")}
        className="mx-auto flex max-w-[90rem] flex-wrap gap-x-6 gap-y-1 px-4 py-4 text-sm sm:px-6"
      >
        <a href={paths.help(locale)} className={item}>
          {t("footer.help")}
        </a>
        <a href={paths.accessibility(locale)} className={item}>
          {t("footer.accessibility")}
        </a>
        <a href={paths.health(locale)} className={item}>
          {t("footer.status")}
        </a>
        <ShortcutsButton className={item} />
      </nav>
    </footer>
  );
}
