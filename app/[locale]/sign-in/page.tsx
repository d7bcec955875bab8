import type { Metadata } from "next";
import { SignInForm } from "@/app/_forms/auth-forms.client";
import { AuthPage, type AuthPageProps, wishOf } from "@/app/_forms/auth-page";
import { localeOf } from "@/app/_shell/locale-params";
import { paths } from "@/lib/paths";
import { translator } from "@/lib/words/translator";
import { signIn } from "./actions";

export async function generateMetadata(props: AuthPageProps): Promise<Metadata> {
  return { title: translator(await localeOf(props), "auth")("signIn.title") };
}

export default async function SignInPage(props: AuthPageProps) {
  const { locale, wish } = await wishOf(props);
  const t = translator(locale, "auth");
  const other = { ask: t("signIn.noAccount"), label: t("signIn.create"), path: paths.signUp(locale) };
  return (
    <AuthPage locale={locale} wish={wish} title={t("signIn.title")} other={other}>
      <SignInForm action={signIn.bind(null, locale, wish)} />
    </AuthPage>
  );
}
