"use server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { formFromIssues, formFromRefusal } from "@/app/_forms/form-state";
import type { FormState } from "@/app/_forms/form-state-type";
import { returnPath } from "@/app/_shell/return-path";
import { keepSession } from "@/app/_shell/session";
import { passwordLength } from "@/lib/auth/password";
import { authRequest } from "@/lib/auth/requests";
import type { Locale } from "@/lib/words/text";
import { nameSchema } from "./schema";

const schema = z.object({
  name: nameSchema,
  email: z.email("auth.errors.emailInvalid"),
  password: z
    .string()
    .min(passwordLength.min, "auth.errors.passwordShort")
    .max(passwordLength.max, "auth.errors.passwordLong"),
});

export async function signUp(
  locale: Locale,
  next: string | undefined,
  _before: FormState,
  form: FormData,
): Promise<FormState> {
  const wanted = schema.safeParse(Object.fromEntries(form));
  if (!wanted.success) return formFromIssues(locale, form, wanted.error);
  const answer = await authRequest("/sign-up/email", { ...wanted.data, language: locale }, await headers());
  if (!answer.ok) return formFromRefusal(locale, form, answer);
  await keepSession(answer.value);
  redirect(returnPath(next, locale));
}
