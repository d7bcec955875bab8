import type { Metadata } from "next";
import { SignUpForm } from "@/app/_forms/auth-forms.client";
import { AuthPage, type AuthPageProps, wishOf } from "@/app/_forms/auth-page";
import { localeOf } from "@/app/_shell/locale-params";
import { passwordLength } from "@/lib/auth/password";
import { paths } from "@/lib/paths";
import { translator } from "@/lib/words/translator";
import { signUp } from "./actions";

export async function generateMetadata(props: AuthPageProps): Promise<Metadata> {
  return { title: translator(await localeOf(props), "auth")("signUp.title") };
}

export default async function SignUpPage(props: AuthPageProps) {
  const { locale, wish } = await wishOf(props);
  const t = translator(locale, "auth");
  const other = { ask: t("signUp.haveAccount"), label: t("signUp.signIn"), path: paths.signIn(locale) };
  return (
    <AuthPage locale={locale} wish={wish} title={t("signUp.title")} why={t("signUp.why")} other={other}>
      <SignUpForm action={signUp.bind(null, locale, wish)} minimum={passwordLength.min} />
    </AuthPage>
  );
}
