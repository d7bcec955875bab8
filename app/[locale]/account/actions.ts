"use server";
// What the account page can do. Each action asks who it is, what is wanted, does it, and tells.
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { formDone, formFromIssues, formFromRefusal } from "@/app/_forms/form-state";
import type { FormState } from "@/app/_forms/form-state-type";
import { forgetSession, keepLocale, keepSession } from "@/app/_shell/session";
import { passwordLength } from "@/lib/auth/password";
import { authRequest } from "@/lib/auth/requests";
import { requireUser } from "@/lib/auth/who";
import { eraseAccount } from "@/lib/db/account";
import { refuse } from "@/lib/db/result";
import { paths } from "@/lib/paths";
import { type Locale, locales } from "@/lib/words/text";
import { translator } from "@/lib/words/translator";
import { nameSchema } from "../sign-up/schema";

const newPassword = z
  .string()
  .min(passwordLength.min, "auth.errors.passwordShort")
  .max(passwordLength.max, "auth.errors.passwordLong");

export async function saveName(locale: Locale, _before: FormState, form: FormData): Promise<FormState> {
  const wanted = z.object({ name: nameSchema }).safeParse(Object.fromEntries(form));
  if (!wanted.success) return formFromIssues(locale, form, wanted.error);
  const answer = await authRequest("/update-user", wanted.data, await headers());
  if (!answer.ok) return formFromRefusal(locale, form, answer);
  await keepSession(answer.value);
  return formDone(translator(locale, "account")("name.done"), wanted.data);
}

export async function changePassword(locale: Locale, _before: FormState, form: FormData): Promise<FormState> {
  const schema = z.object({ currentPassword: z.string().min(1, "auth.errors.passwordMissing"), password: newPassword });
  const wanted = schema.safeParse(Object.fromEntries(form));
  if (!wanted.success) return formFromIssues(locale, form, wanted.error);
  const { currentPassword, password } = wanted.data;
  const request = { currentPassword, newPassword: password, revokeOtherSessions: true } as const;
  const answer = await authRequest("/change-password", request, await headers());
  if (!answer.ok) return formFromRefusal(locale, form, answer);
  await keepSession(answer.value);
  return formDone(translator(locale, "account")("password.done"));
}

export async function chooseLanguage(form: FormData): Promise<void> {
  const wanted = z.enum(locales).parse(form.get("language"));
  await authRequest("/update-user", { language: wanted }, await headers());
  await keepLocale(wanted);
  redirect(paths.account(wanted));
}

export async function rememberTheme(theme: string): Promise<void> {
  const wanted = z.enum(["light", "dark", "system"]).safeParse(theme);
  if (wanted.success) await authRequest("/update-user", { theme: wanted.data }, await headers());
}

export async function deleteAccount(locale: Locale, _before: FormState, form: FormData): Promise<FormState> {
  const user = await requireUser(await headers());
  if (!user.ok) return formFromRefusal(locale, form, user);
  if (String(form.get("confirmation")).trim().toLowerCase() !== user.value.email.toLowerCase()) {
    const fields = { confirmation: { key: "account.delete.mismatch", args: {} } };
    return formFromRefusal(locale, form, { ...refuse("invalid", "auth.errors.seeBelow"), fields });
  }
  await eraseAccount(user.value.id);
  await forgetSession();
  redirect(paths.home(locale));
}
