"use server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { formFromIssues, formFromRefusal } from "@/app/_forms/form-state";
import type { FormState } from "@/app/_forms/form-state-type";
import { returnPath } from "@/app/_shell/return-path";
import { keepSession } from "@/app/_shell/session";
import { authRequest } from "@/lib/auth/requests";
import type { Locale } from "@/lib/words/text";

const schema = z.object({
  email: z.email("auth.errors.emailInvalid"),
  password: z.string().min(1, "auth.errors.passwordMissing"),
});

export async function signIn(
  locale: Locale,
  next: string | undefined,
  _before: FormState,
  form: FormData,
): Promise<FormState> {
  const wanted = schema.safeParse(Object.fromEntries(form));
  if (!wanted.success) return formFromIssues(locale, form, wanted.error);
  const answer = await authRequest("/sign-in/email", wanted.data, await headers());
  if (!answer.ok) return formFromRefusal(locale, form, answer);
  await keepSession(answer.value);
  redirect(returnPath(next, locale));
}
