"use client";
// The forms of the sign-in and sign-up pages.
import { useTranslations } from "use-intl/react";
import { Field } from "./field.client";
import { Form } from "./form.client";
import type { FormState } from "./form-state-type";

type Action = (state: FormState, form: FormData) => Promise<FormState>;

export function SignInForm({ action }: { action: Action }) {
  const t = useTranslations("auth");
  const reveal = { show: t("fields.show"), hide: t("fields.hide") };
  return (
    <Form action={action} submit={t("signIn.submit")}>
      {(state) => (
        <>
          <Field state={state} name="email" type="email" label={t("fields.email")} autoComplete="username" />
          <Field
            state={state}
            name="password"
            type="password"
            label={t("fields.password")}
            autoComplete="current-password"
            reveal={reveal}
          />
        </>
      )}
    </Form>
  );
}

export function SignUpForm({ action, minimum }: { action: Action; minimum: number }) {
  const t = useTranslations("auth");
  const reveal = { show: t("fields.show"), hide: t("fields.hide") };
  return (
    <Form action={action} submit={t("signUp.submit")}>
      {(state) => (
        <>
          <Field state={state} name="name" label={t("fields.name")} hint={t("fields.nameHint")} autoComplete="name" />
          <Field state={state} name="email" type="email" label={t("fields.email")} autoComplete="username" />
          <Field
            state={state}
            name="password"
            type="password"
            label={t("fields.password")}
            hint={t("fields.passwordHint", { min: minimum })}
            autoComplete="new-password"
            reveal={reveal}
          />
        </>
      )}
    </Form>
  );
}
