"use client";
// The forms of the account page.
import { useTranslations } from "use-intl/react";
import { Field } from "./field.client";
import { Form } from "./form.client";
import type { FormState } from "./form-state-type";

type Action = (state: FormState, form: FormData) => Promise<FormState>;

export function NameForm({ action, name }: { action: Action; name: string }) {
  const t = useTranslations("account");
  const auth = useTranslations("auth");
  return (
    <Form action={action} submit={t("name.submit")} label={t("name.title")}>
      {(state) => <Field state={state} name="name" label={auth("fields.name")} autoComplete="name" initial={name} />}
    </Form>
  );
}

export function PasswordForm({ action, minimum, email }: { action: Action; minimum: number; email: string }) {
  const t = useTranslations("account");
  const auth = useTranslations("auth");
  const reveal = { show: auth("fields.show"), hide: auth("fields.hide") };
  return (
    <Form action={action} submit={t("password.submit")} label={t("password.title")}>
      {(state) => (
        <>
          {/* Tells a password manager whose password this is. */}
          <input type="text" name="username" autoComplete="username" defaultValue={email} hidden readOnly />
          <Field
            state={state}
            name="currentPassword"
            type="password"
            label={auth("fields.currentPassword")}
            autoComplete="current-password"
            reveal={reveal}
          />
          <Field
            state={state}
            name="password"
            type="password"
            label={auth("fields.newPassword")}
            hint={auth("fields.passwordHint", { min: minimum })}
            autoComplete="new-password"
            reveal={reveal}
          />
        </>
      )}
    </Form>
  );
}

export function DeleteForm({ action, email }: { action: Action; email: string }) {
  const t = useTranslations("account");
  return (
    <Form action={action} submit={t("delete.submit")} label={t("delete.title")} danger>
      {(state) => <Field state={state} name="confirmation" label={t("delete.confirm", { email })} autoComplete="off" />}
    </Form>
  );
}
