import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SignUpForm } from "@/app/_forms/auth-forms.client";
import { type LocaleProps, localeOf } from "@/app/_shell/locale-params";
import { returnPath } from "@/app/_shell/return-path";
import { visitor } from "@/app/_shell/visitor";
import { withReturn } from "@/app/_shell/with-return";
import { Words } from "@/app/_shell/words";
import { passwordLength } from "@/lib/auth/password";
import { paths } from "@/lib/paths";
import { translator } from "@/lib/words/translator";
import { signUp } from "./actions";

interface Props extends LocaleProps {
  readonly searchParams: Promise<{ next?: string | string[] }>;
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: translator(await localeOf(props), "auth")("signUp.title") };
}

export default async function SignUpPage(props: Props) {
  const locale = await localeOf(props);
  const wish = [(await props.searchParams).next].flat()[0];
  if ((await visitor()) !== null) redirect(returnPath(wish, locale));
  const t = translator(locale, "auth");
  return (
    <div className="page grid max-w-md gap-8">
      <div className="grid gap-3">
        <h1>{t("signUp.title")}</h1>
        <p className="text-ink-soft">{t("signUp.why")}</p>
      </div>
      <Words locale={locale} names={["auth"]}>
        <SignUpForm action={signUp.bind(null, locale, wish)} minimum={passwordLength.min} />
      </Words>
      <p className="border-t border-edge-soft pt-6">
        {t("signUp.haveAccount")}{" "}
        <a className="link" href={withReturn(paths.signIn(locale), wish)}>
          {t("signUp.signIn")}
        </a>
      </p>
    </div>
  );
}
