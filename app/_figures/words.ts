// The figures' words. The faces of a figure are pure, so they are handed this function instead of asking a React context:
// `translator(locale, "figure")` on the server and in tests, `useTranslations("figure")` below a <Words names={["figure"]}>.
import type { Messages } from "@/lib/words/messages";

export type FigureWords = (key: keyof Messages["figure"], values?: Readonly<Record<string, string | number>>) => string;
