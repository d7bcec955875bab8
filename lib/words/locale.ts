// Which language a visitor gets, and the forms of its name.
import { defaultLocale, type Locale, locales } from "./text";

/** What stands in `<html lang>`: the script is named because zh-CN alone leaves the font to the reader's machine. */
export const htmlLang: Readonly<Record<Locale, string>> = { en: "en", "zh-CN": "zh-Hans-CN" };

/** Each language in itself, for the switcher. */
export const localeNames: Readonly<Record<Locale, string>> = { en: "English", "zh-CN": "简体中文" };

export const localeCookie = "locale";

export function isLocale(value: unknown): value is Locale {
  return typeof value === "string" && (locales as readonly string[]).includes(value);
}

/** The best of our languages for an Accept-Language header: highest weight first, any kind of Chinese counts as zh-CN. */
export function negotiateLocale(acceptLanguage: string | null): Locale {
  const wishes = (acceptLanguage ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...params] = part.trim().split(";");
      const q = params.map((p) => /^\s*q=([0-9.]+)\s*$/.exec(p)?.[1]).find((v) => v !== undefined);
      return { tag: tag.toLowerCase(), weight: q === undefined ? 1 : Number(q) };
    })
    .filter((wish) => wish.weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { tag } of wishes) {
    if (tag === "en" || tag.startsWith("en-")) return "en";
    if (tag === "zh" || tag.startsWith("zh-")) return "zh-CN";
  }
  return defaultLocale;
}

/** The same page in another language. `path` begins with a locale. */
export function inLocale(path: string, locale: Locale): string {
  const rest = path.split("/").slice(2).join("/");
  return rest === "" ? `/${locale}` : `/${locale}/${rest}`;
}
