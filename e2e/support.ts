// What every journey shares: a page that fails the test on any console error, any request that leaves the origin and any answer
// that holds a secret of the course, plus the few steps that all learners take.
import { readFileSync } from "node:fs";
import path from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { type BrowserContext, test as base, expect, type Locator, type Page, type Response } from "@playwright/test";
import { paths } from "@/lib/paths";
import type { Locale } from "@/lib/words/text";
import { bare, courseSecrets, leaksIn } from "./secrets";
import { words } from "./words";

export { expect };
export const course = "linux-mm";

interface Fixtures {
  page: Page;
  /** Console errors that a journey provokes on purpose (a refused request logs one in every browser). */
  allowedErrors: RegExp[];
  /** Watches every page of the context, also those that the journey opens itself. */
  watched: { readonly allowed: RegExp[]; written(code: string): void };
}

export const test = base.extend<Fixtures>({
  allowedErrors: [async ({}, use) => use([]), { scope: "test" }],
  watched: [
    async ({ context, baseURL, allowedErrors }, use) => {
      const complaints: string[] = [];
      const own = new Set<string>();
      const secrets = courseSecrets();
      const reading: Promise<void>[] = [];
      complainInto(complaints, context, new URL(baseURL ?? "http://localhost").origin, allowedErrors);
      context.on("response", (response) => {
        reading.push(
          bodyOf(response).then((body) => {
            // What a learner wrote comes back to that learner.
            const others = secrets.filter(({ text }) => !own.has(text));
            complaints.push(...leaksIn(body, others).map((leak) => `${response.url()} gives away ${leak}`));
          }),
        );
      });
      const written = (code: string) => {
        for (const line of code.split("\n")) own.add(bare(line));
      };
      await use({ allowed: allowedErrors, written });
      await Promise.all(reading);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

function complainInto(complaints: string[], context: BrowserContext, origin: string, allowed: readonly RegExp[]): void {
  context.on("console", (message) => {
    if (message.type() === "error" && !allowed.some((known) => known.test(message.text())))
      complaints.push(`console error: ${message.text()}`);
  });
  context.on("weberror", (web) => complaints.push(`page error: ${web.error().stack ?? web.error().message}`));
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== origin) complaints.push(`left the origin: ${request.url()}`);
  });
}

/** Text answers only; built files are read from the disk, once, by the journey about secrets. */
async function bodyOf(response: Response): Promise<string> {
  if (new URL(response.url()).pathname.startsWith("/_next/static/")) return "";
  if (!/text|json|javascript|x-component/.test(response.headers()["content-type"] ?? "")) return "";
  // An answer whose page has gone on cannot be read any more.
  return response.text().catch(() => "");
}

/** What axe finds: the rule, the reason and the nodes of each violation. */
export async function violationsOn(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return violations.map((v) => `${v.id}: ${v.help} at ${v.nodes.map((n) => n.target.join(" ")).join(" | ")}`);
}

export interface Learner {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** A person nobody has seen before; unique within the run. */
export function newLearner(): Learner {
  const id = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  return { name: `Ada ${id.slice(-4)}`, email: `ada-${id}@example.test`, password: `correct horse ${id}` };
}

/** Through the form, as a person does it. */
export async function signUp(page: Page, locale: Locale, learner: Learner): Promise<void> {
  const say = words(locale);
  await page.goto(paths.signUp(locale));
  await page.getByLabel(say("auth.fields.name"), { exact: true }).fill(learner.name);
  await page.getByLabel(say("auth.fields.email"), { exact: true }).fill(learner.email);
  await page.getByLabel(say("auth.fields.password"), { exact: true }).fill(learner.password);
  await page.getByRole("button", { name: say("auth.signUp.submit") }).click();
  await expect(page.getByRole("button", { name: say("shell.user.menu", { name: learner.name }) })).toBeVisible();
}

/** For journeys that are about something else: an account and a session without the form. */
export async function asNewLearner(page: Page, baseURL: string | undefined): Promise<Learner> {
  const learner = newLearner();
  const answer = await page.request.post("/api/auth/sign-up/email", {
    data: learner,
    headers: { origin: baseURL ?? "" },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  return learner;
}

export function fileOf(exercise: string, file: string): string {
  return readFileSync(path.resolve("exercises/06-buddy", exercise, file), "utf8");
}

/** Opens the exercise and waits for the full editor. */
export async function openExercise(page: Page, locale: Locale, slug: string): Promise<void> {
  await page.goto(paths.exercise(locale, course, slug));
  await fullEditor(page);
}

export async function fullEditor(page: Page): Promise<void> {
  await page.waitForFunction(() => window.__editor?.form() === "full", undefined, { timeout: 60_000 });
}

export const codeIn = (page: Page): Promise<string> => page.evaluate(() => window.__editor?.getValue() ?? "");

/** Replaces everything in the full editor, by mouse and keyboard. */
export async function writeCode(page: Page, code: string): Promise<void> {
  await page.locator(".view-lines").click();
  await page.keyboard.press("Control+A");
  // Not key by key, or the editor would add closing brackets of its own; it does indent by itself.
  await page.keyboard.insertText(code.replace(/^[ \t]+/gm, ""));
  await expect.poll(async () => bare(await codeIn(page))).toBe(bare(code));
}

export const button = (page: Page, name: string | RegExp): Locator =>
  page.getByRole("button", { name, exact: typeof name === "string" });

export async function runVisibleTests(page: Page, locale: Locale): Promise<void> {
  await button(page, words(locale)("workspace.run.run")).click();
}

export async function submit(page: Page, locale: Locale): Promise<void> {
  await button(page, words(locale)("workspace.run.submit")).click();
}

/** The part of the page that shows the outcome. */
export const results = (page: Page, locale: Locale): Locator =>
  page.getByRole("region", { name: words(locale)("workspace.pane.result"), exact: true });

/** Whether the page took the key for itself, or left it to the browser. */
export async function keepsKey(page: Page, key: string): Promise<boolean> {
  await page.evaluate(() => {
    delete document.body.dataset.kept;
    const look = (event: KeyboardEvent) =>
      setTimeout(() => (document.body.dataset.kept = String(event.defaultPrevented)));
    window.addEventListener("keydown", look, { once: true, capture: true });
  });
  await page.keyboard.press(key);
  await expect(page.locator("body")).toHaveAttribute("data-kept", /true|false/);
  return page.evaluate(() => document.body.dataset.kept === "true");
}

declare global {
  interface Window {
    __editor?: { getValue(): string; form(): "static" | "plain" | "full" };
  }
}
