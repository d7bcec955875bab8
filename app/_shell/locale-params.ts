// The language of a page from its path.
import { notFound } from "next/navigation";
import { isLocale } from "@/lib/words/locale";
import type { Locale } from "@/lib/words/text";

export interface LocaleProps {
  readonly params: Promise<{ locale: string }>;
}

/** Anything that is not one of our languages is a page that does not exist. */
export async function localeOf({ params }: LocaleProps): Promise<Locale> {
  const { locale } = await params;
  return isLocale(locale) ? locale : notFound();
}
