// Sentences outside React and in server components: `translator(locale, "course")("continue")`. Never import this from browser
// code (it brings every namespace along); there it is `useTranslations("course")` of use-intl, below a <Words>.
import { createTranslator } from "use-intl/core";
import { type Messages, messages, type Namespace } from "./messages";
import type { Locale } from "./text";

export function translator<N extends Namespace>(locale: Locale, namespace: N) {
  return createTranslator<Messages, N>({ locale, messages: messages[locale], namespace, timeZone: "UTC" });
}
