// A person's account: name, password, how the site looks and behaves, their data, and the way out.
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { DeleteForm, NameForm, PasswordForm } from "@/app/_forms/account-forms.client";
import { DeviceSwitch } from "@/app/_forms/device-switch.client";
import { type LocaleProps, localeOf } from "@/app/_shell/locale-params";
import { preferences, simpleEditorCookie, singleKeysCookie } from "@/app/_shell/preferences";
import { ThemeChoice } from "@/app/_shell/theme-switch.client";
import { visitor } from "@/app/_shell/visitor";
import { withReturn } from "@/app/_shell/with-return";
import { Words } from "@/app/_shell/words";
import { passwordLength } from "@/lib/auth/password";
import { paths } from "@/lib/paths";
import { htmlLang, localeNames } from "@/lib/words/locale";
import { locales } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";
import { changePassword, chooseLanguage, deleteAccount, rememberTheme, saveName } from "./actions";

export async function generateMetadata(props: LocaleProps): Promise<Metadata> {
  return { title: translator(await localeOf(props), "account")("title") };
}

export default async function AccountPage(props: LocaleProps) {
  const locale = await localeOf(props);
  const [user, { theme, singleKeys, simpleEditor }] = await Promise.all([visitor(), preferences()]);
  if (user === null) redirect(withReturn(paths.signIn(locale), paths.account(locale)));
  const t = translator(locale, "account");
  return (
    <div className="page grid max-w-3xl gap-4">
      <div className="mb-4 grid gap-2">
        <h1>{t("title")}</h1>
        <p className="text-ink-soft">{t("lead", { email: user.email })}</p>
      </div>
      <Words locale={locale} names={["account", "auth"]}>
        <Part title={t("name.title")}>
          <NameForm action={saveName.bind(null, locale)} name={user.name} />
        </Part>
        <Part title={t("password.title")} hint={t("password.hint")}>
          <PasswordForm action={changePassword.bind(null, locale)} minimum={passwordLength.min} email={user.email} />
        </Part>
        <Part title={t("display.title")} hint={t("display.themeHint")}>
          <div className="grid gap-6 sm:grid-cols-2">
            <form action={chooseLanguage}>
              <h3 className="mb-2 text-base">{t("display.language")}</h3>
              <div className="flex flex-wrap gap-2">
                {locales.map((each) => (
                  <button
                    key={each}
                    type="submit"
                    name="language"
                    value={each}
                    lang={htmlLang[each]}
                    aria-pressed={each === locale}
                    className="button"
                  >
                    {localeNames[each]}
                  </button>
                ))}
              </div>
            </form>
            <div>
              <h3 className="mb-2 text-base">{t("display.theme")}</h3>
              <ThemeChoice initial={theme} remember={rememberTheme} />
            </div>
          </div>
        </Part>
        <Part title={t("editing.title")} hint={t("editing.hint")}>
          <div className="grid gap-4">
            <DeviceSwitch
              cookie={singleKeysCookie}
              initial={singleKeys}
              label={t("editing.singleKeys")}
              hint={t("editing.singleKeysHint")}
            />
            <DeviceSwitch
              cookie={simpleEditorCookie}
              initial={simpleEditor}
              label={t("editing.simpleEditor")}
              hint={t("editing.simpleEditorHint")}
            />
          </div>
        </Part>
        <Part title={t("data.title")} hint={t("data.export")}>
          <a className="button" href={paths.api.accountExport} download>
            {t("data.exportLink")}
          </a>
        </Part>
        <Part title={t("delete.title")} hint={t("delete.warning")}>
          <DeleteForm action={deleteAccount.bind(null, locale)} email={user.email} />
        </Part>
      </Words>
    </div>
  );
}

function Part({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section className="grid gap-4 border-t border-edge-soft py-7 md:grid-cols-[12rem_1fr] md:gap-8">
      <h2 className="text-lg">{title}</h2>
      <div className="grid gap-4">
        {hint !== undefined && <p className="text-ink-soft">{hint}</p>}
        <div>{children}</div>
      </div>
    </section>
  );
}
