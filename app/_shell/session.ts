// Keeping the cookies of a session that a form has just opened, changed or closed.
import { parseSetCookieHeader, toCookieOptions } from "better-auth/cookies";
import { cookies } from "next/headers";
import type { Answer } from "@/lib/auth/requests";
import { localeCookie } from "@/lib/words/locale";

export async function keepSession({ setCookies, language }: Answer): Promise<void> {
  const jar = await cookies();
  for (const header of setCookies)
    for (const [name, cookie] of parseSetCookieHeader(header)) jar.set(name, cookie.value, toCookieOptions(cookie));
  if (language !== null && !jar.has(localeCookie)) jar.set(localeCookie, language, { path: "/", maxAge: 31_536_000, sameSite: "lax" });
}
