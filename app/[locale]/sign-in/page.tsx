import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SignInForm } from "@/app/_forms/auth-forms.client";
import { type LocaleProps, localeOf } from "@/app/_shell/locale-params";
import { returnPath } from "@/app/_shell/return-path";
import { visitor } from "@/app/_shell/visitor";
import { withReturn } from "@/app/_shell/with-return";
import { Words } from "@/app/_shell/words";
import { paths } from "@/lib/paths";
import { translator } from "@/lib/words/translator";
import { signIn } from "./actions";

interface Props extends LocaleProps {
  readonly searchParams: Promise<{ next?: string | string[] }>;
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: translator(await localeOf(props), "auth")("signIn.title") };
}

export default async function SignInPage(props: Props) {
  const locale = await localeOf(props);
  const wish = [(await props.searchParams).next].flat()[0];
  if ((await visitor()) !== null) redirect(returnPath(wish, locale));
  const t = translator(locale, "auth");
  return (
    <div className="page grid max-w-md gap-8">
      <h1>{t("signIn.title")}</h1>
      <Words locale={locale} names={["auth"]}>
        <SignInForm action={signIn.bind(null, locale, wish)} />
      </Words>
      <p className="border-t border-edge-soft pt-6">
        {t("signIn.noAccount")}{" "}
        <a className="link" href={withReturn(paths.signUp(locale), wish)}>
          {t("signIn.create")}
        </a>
      </p>
    </div>
  );
}
