// The languages of the product, in one place.
export const locales = ["en", "zh-CN"] as const;
export type Locale = (typeof locales)[number];
export const defaultLocale: Locale = "en";

/** The same sentence in every language. */
export type Text = Readonly<Record<Locale, string>>;
