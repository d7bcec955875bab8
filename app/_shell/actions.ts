"use server";
// What the bar on top can do on the server.
import { redirect } from "next/navigation";
import { paths } from "@/lib/paths";
import type { Locale } from "@/lib/words/text";

export async function signOut(locale: Locale): Promise<void> {
  redirect(paths.home(locale));
}
