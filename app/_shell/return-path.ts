// Where a visitor goes after signing in: back to where they came from, and never to another site.
import { paths } from "@/lib/paths";
import { isLocale } from "@/lib/words/locale";
import type { Locale } from "@/lib/words/text";
import { courseSlug } from "./course-slug";

/** The path if it is one of ours (`/en/...`), else the course map. Schemes, hosts, backslashes and control characters are refused. */
export function returnPath(wish: string | null | undefined, locale: Locale): string {
  const home = paths.course(locale, courseSlug);
  if (!wish || !/^\/[^\s\\\p{Cc}]*$/u.test(wish)) return home;
  const url = URL.canParse(wish, "http://here") ? new URL(wish, "http://here") : null;
  if (url === null || url.origin !== "http://here" || !isLocale(url.pathname.split("/")[1])) return home;
  const path = url.pathname + url.search + url.hash;
  // Not back into the form one has just filled in.
  return [paths.signIn(locale), paths.signUp(locale)].includes(url.pathname) ? home : path;
}
