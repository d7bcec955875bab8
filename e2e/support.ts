// What every journey shares: a page that fails the test on any console error, any page error and any request that leaves the
// origin, plus the few steps that all learners take.
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { paths } from "@/lib/paths";
import type { Locale } from "@/lib/words/text";

export const course = "linux-mm";

export const test = base.extend<{ page: Page; allowedErrors: RegExp[] }>({
  /** Console errors that a journey provokes on purpose (a refused request logs one in every browser). */
  allowedErrors: [async ({}, use) => use([]), { scope: "test" }],
  page: async ({ page, baseURL, allowedErrors }, use) => {
    const complaints: string[] = [];
    const origin = new URL(baseURL ?? "http://localhost").origin;
    page.on("console", (message) => {
      if (message.type() === "error" && !allowedErrors.some((known) => known.test(message.text())))
        complaints.push(`console error: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(`page error: ${error.stack ?? error.message}`));
    page.context().on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith("http") && url.origin !== origin) complaints.push(`left the origin: ${request.url()}`);
    });
    await use(page);
    expect(complaints).toEqual([]);
  },
});
export { expect };

/** Fails with the rule, the reason and the node of each violation. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  expect(violations.map((v) => `${v.id}: ${v.help} at ${v.nodes.map((n) => n.target.join(" ")).join(" | ")}`)).toEqual([]);
}

export interface Learner {
  name: string;
  email: string;
  password: string;
}

/** A person nobody has seen before; unique within the run. */
export function newLearner(): Learner {
  const id = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  return { name: `Ada ${id}`, email: `ada-${id}@example.test`, password: `correct horse ${id}` };
}

export function exercisePath(locale: Locale, slug: string): string {
  return paths.exercise(locale, course, slug);
}
