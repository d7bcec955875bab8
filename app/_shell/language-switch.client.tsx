"use client";
// The other language as a link to the very same page: path, query and fragment stay.
import { usePathname, useSearchParams } from "next/navigation";
import { htmlLang, inLocale, localeCookie, localeNames } from "@/lib/words/locale";
import { type Locale, locales } from "@/lib/words/text";
import { rememberInCookie } from "./cookie.client";

export function LanguageSwitch({ locale, className }: { locale: Locale; className?: string }) {
  const path = usePathname();
  const query = useSearchParams().toString();
  return locales
    .filter((other) => other !== locale)
    .map((other) => {
      const href = inLocale(path, other) + (query === "" ? "" : `?${query}`);
      return (
        // A full load, not a client-side visit: the language of the document itself changes.
        <a
          key={other}
          href={href}
          lang={htmlLang[other]}
          hrefLang={htmlLang[other]}
          className={className}
          onClick={(event) => {
            rememberInCookie(localeCookie, other);
            event.currentTarget.href = href + location.hash;
          }}
        >
          {localeNames[other]}
        </a>
      );
    });
}
