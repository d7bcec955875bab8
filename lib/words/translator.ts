// Sentences outside React and in server components: `translator(locale, "course")("continue")`. Never import this from browser
// code (it brings every namespace along); there it is `useTranslations("course")` of use-intl, below a <Words>.
import { createTranslator } from "use-intl/core";
import { type Messages, messages, type Namespace } from "./messages";
import type { Locale } from "./text";

export function translator<N extends Namespace>(locale: Locale, namespace: N) {
  return createTranslator<Messages, N>({ locale, messages: messages[locale], namespace, timeZone: "UTC" });
}

/**
 * The sentence of a message that travelled as data, such as a refusal: a full key, namespace first, and its arguments. A key
 * without a dot belongs to the namespace `platform`.
 * @throws if the key does not exist: data with unknown keys is a bug of whoever made it.
 */
export function say(locale: Locale, message: { key: string; args: Readonly<Record<string, string | number>> }): string {
  const t = createTranslator({
    locale,
    messages: messages[locale] as unknown as Record<string, unknown>,
    timeZone: "UTC",
    onError: (error) => {
      throw error;
    },
  }) as unknown as (key: string, args: object) => string;
  return t(message.key.includes(".") ? message.key : `platform.${message.key}`, message.args);
}
