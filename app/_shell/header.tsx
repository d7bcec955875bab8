// The bar on top of every page: where one is, where one can go, and the visitor's own settings.
import { paths } from "@/lib/paths";
import type { Locale } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";
import { signOut } from "./actions";
import { courseSlug } from "./course-slug";
import { LanguageSwitch } from "./language-switch.client";
import { NavLink } from "./nav-link.client";
import { SearchButton } from "./search-button.client";
import { SignInLink } from "./sign-in-link.client";
import type { Theme } from "./theme";
import { ThemeChoice } from "./theme-switch.client";
import type { Visitor } from "./visitor";

export function Header({ locale, theme, user }: { locale: Locale; theme: Theme; user: Visitor | null }) {
  const t = translator(locale, "shell");
  const navLink =
    "flex min-h-(--control) items-center rounded-md px-2.5 text-ink-soft hover:text-ink aria-[current]:text-ink aria-[current]:underline aria-[current]:decoration-2 aria-[current]:underline-offset-8";
  return (
    <header className="border-b border-edge-soft bg-ground no-print">
      <div className="mx-auto flex min-h-(--header-height) max-w-[90rem] flex-wrap items-center gap-x-1 gap-y-1 px-3 py-1 text-[0.9375rem] sm:px-5">
        <a
          href={paths.home(locale)}
          aria-label={t("home")}
          className="mr-2 flex min-h-(--control) items-center gap-2 font-semibold tracking-tight"
        >
          <Mark />
          <span className="max-[26rem]:hidden">{t("siteName")}</span>
        </a>
        <nav aria-label={t("nav")} className="flex items-center">
          <NavLink href={paths.course(locale, courseSlug)} className={navLink}>
            {t("course")}
          </NavLink>
          <NavLink href={paths.play(locale)} className={navLink}>
            {t("playground")}
          </NavLink>
        </nav>
        <div className="ml-auto flex items-center gap-x-1">
          <SearchButton />
          <LanguageSwitch locale={locale} className="button button-quiet max-sm:px-2" />
          <button
            type="button"
            popoverTarget="theme-menu"
            className="button button-quiet button-icon menu-anchor-theme"
            aria-label={t("theme.label")}
          >
            <HalfCircle />
          </button>
          <div id="theme-menu" popover="auto" className="menu menu-theme">
            <ThemeChoice initial={theme} />
          </div>
          {user === null ? (
            <SignInLink locale={locale} className="button ml-1">
              {t("user.signIn")}
            </SignInLink>
          ) : (
            <UserMenu locale={locale} user={user} />
          )}
        </div>
      </div>
    </header>
  );
}

function UserMenu({ locale, user }: { locale: Locale; user: Visitor }) {
  const t = translator(locale, "shell");
  const item = "flex min-h-(--control) w-full items-center rounded-md px-2 text-left hover:bg-panel";
  return (
    <>
      <button
        type="button"
        popoverTarget="user-menu"
        className="button ml-1 menu-anchor-user"
        aria-label={t("user.menu", { name: user.name })}
      >
        <span className="max-w-[8rem] truncate">{user.name}</span>
      </button>
      <div id="user-menu" popover="auto" className="menu menu-user">
        <p className="px-2 pt-1 pb-2 text-sm text-ink-soft">
          {t("user.signedInAs")} <span className="block text-ink">{user.email}</span>
        </p>
        <a href={paths.account(locale)} className={item}>
          {t("user.account")}
        </a>
        <form action={signOut.bind(null, locale)}>
          <button type="submit" className={item}>
            {t("user.signOut")}
          </button>
        </form>
      </div>
    </>
  );
}

/** Three blocks of a split zone: the mark of the site. */
function Mark() {
  return (
    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <rect x="1" y="1" width="18" height="6" rx="1" fill="var(--fill-blue)" stroke="var(--fill-edge)" />
      <rect x="1" y="10" width="8" height="9" rx="1" fill="var(--fill-sky)" stroke="var(--fill-edge)" />
      <rect x="11.5" y="10" width="7.5" height="9" rx="1" fill="none" stroke="var(--edge)" />
    </svg>
  );
}

function HalfCircle() {
  return (
    <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
      <circle cx="10" cy="10" r="7.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M10 2.75a7.25 7.25 0 0 1 0 14.5z" fill="currentColor" />
    </svg>
  );
}
