"use server";
// What the bar on top can do on the server.
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { authRequest } from "@/lib/auth/requests";
import { paths } from "@/lib/paths";
import type { Locale } from "@/lib/words/text";
import { keepSession } from "./session";

export async function signOut(locale: Locale): Promise<void> {
  const answer = await authRequest("/sign-out", {}, await headers());
  if (answer.ok) await keepSession(answer.value);
  redirect(paths.home(locale));
}
