// Keeping the cookies of a session that a form has just opened, changed or closed.
import { parseSetCookieHeader, toCookieOptions } from "better-auth/cookies";
import { cookies } from "next/headers";
import type { Answer } from "@/lib/auth/requests";
import { localeCookie } from "@/lib/words/locale";
import type { Locale } from "@/lib/words/text";
import { themeCookie } from "./theme";

const forAYear = { path: "/", maxAge: 31_536_000, sameSite: "lax" } as const;

export async function keepSession({ setCookies, language, theme }: Answer): Promise<void> {
  const jar = await cookies();
  for (const header of setCookies)
    for (const [name, cookie] of parseSetCookieHeader(header)) jar.set(name, cookie.value, toCookieOptions(cookie));
  if (language !== null && !jar.has(localeCookie)) await keepLocale(language);
  if (theme !== null && !jar.has(themeCookie)) jar.set(themeCookie, theme, forAYear);
}

export async function keepLocale(locale: Locale): Promise<void> {
  (await cookies()).set(localeCookie, locale, forAYear);
}

/** After the account is gone: no cookie of it stays. */
export async function forgetSession(): Promise<void> {
  const jar = await cookies();
  for (const { name } of jar.getAll())
    if (/better-auth\./.test(name)) jar.set(name, "", { path: "/", maxAge: 0, secure: name.startsWith("__Secure-") });
}
