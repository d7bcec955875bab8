// Every URL of the site, once. All take the locale first; API paths have none.
import type { Locale } from "@/lib/words/text";

export const paths = {
  home: (l: Locale) => `/${l}`,
  course: (l: Locale, course: string) => `/${l}/courses/${course}`,
  lesson: (l: Locale, course: string, lesson: string) => `/${l}/courses/${course}/lessons/${lesson}`,
  exercise: (l: Locale, course: string, exercise: string) => `/${l}/courses/${course}/exercises/${exercise}`,
  submission: (l: Locale, course: string, exercise: string, id: string) =>
    `/${l}/courses/${course}/exercises/${exercise}/submissions/${id}`,
  play: (l: Locale) => `/${l}/play`,
  /** One part of the machine in the playground; the buddy allocator is the playground's first page. */
  scene: (l: Locale, scene: string) => (scene === "buddy" ? `/${l}/play` : `/${l}/play/${scene}`),
  signIn: (l: Locale) => `/${l}/sign-in`,
  signUp: (l: Locale) => `/${l}/sign-up`,
  account: (l: Locale) => `/${l}/account`,
  health: (l: Locale) => `/${l}/health`,
  accessibility: (l: Locale) => `/${l}/accessibility`,
  help: (l: Locale) => `/${l}/help`,
  api: {
    auth: "/api/auth",
    health: "/api/health",
    submissions: "/api/submissions",
    submission: (id: string) => `/api/submissions/${id}`,
    draft: (exerciseUuid: string) => `/api/drafts/${exerciseUuid}`,
    prediction: "/api/predictions",
    progress: "/api/progress",
    palette: (l: Locale) => `/api/palette/${l}`,
    accountExport: "/api/account/export",
    engine: (hash: string) => `/api/engine/${hash}`,
  },
} as const;
