// Every page of the site, with what must be there before it is looked at. Shared by the checks of accessibility and the pictures.

import { type APIRequestContext, expect, type Page } from "@playwright/test";
import { paths } from "@/lib/paths";
import { isPartName, sceneNames } from "@/lib/scenarios/names";
import type { Locale } from "@/lib/words/text";
import { course, fileOf, fullEditor } from "./support";
import { words } from "./words";

export interface Sight {
  readonly name: string;
  /** Whether the page is looked at by somebody with an account. */
  readonly signedIn: boolean;
  /** Which part of a workspace a phone, which shows one at a time, is to show. */
  readonly phonePane?: "code" | "result";
  open(page: Page, locale: Locale, handedIn: string): Promise<void>;
}

const exercise = "free-and-merge";

const simple = (name: string, path: (locale: Locale) => string, signedIn = false): Sight => ({
  name,
  signedIn,
  open: async (page, locale) => {
    await page.goto(path(locale));
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  },
});

/** The workspace with a failing result and one of its tabs open. */
const workspace = (tab: "result" | "timeline" | "tests" | "history"): Sight => ({
  name: `exercise-${tab}`,
  signedIn: true,
  phonePane: "result",
  open: async (page, locale) => {
    const say = words(locale);
    const path = paths.exercise(locale, course, exercise);
    // One tab after the other, as one does; the editor takes its time to come.
    if (new URL(page.url()).pathname !== path) {
      await page.goto(path);
      await fullEditor(page);
    }
    await page.getByRole("tab", { name: say(`workspace.tab.${tab}`) }).click();
    await expect(page.getByRole("tabpanel", { name: say(`workspace.tab.${tab}`) })).toBeVisible();
    await expect(page.locator(".skeleton")).toHaveCount(0);
  },
});

export const sights: readonly Sight[] = [
  simple("landing", paths.home),
  simple("sign-in", paths.signIn),
  simple("sign-up", paths.signUp),
  {
    name: "sign-up-refused",
    signedIn: false,
    open: async (page, locale) => {
      const say = words(locale);
      await page.goto(paths.signUp(locale));
      await page.getByLabel(say("auth.fields.name"), { exact: true }).fill("Ada");
      await page.getByLabel(say("auth.fields.email"), { exact: true }).fill("ada@example.test");
      await page.getByLabel(say("auth.fields.password"), { exact: true }).fill("short");
      await page.getByRole("button", { name: say("auth.signUp.submit") }).click();
      await expect(page.getByLabel(say("auth.fields.password"), { exact: true })).toHaveAttribute(
        "aria-invalid",
        "true",
      );
    },
  },
  simple("course-map-visitor", (locale) => paths.course(locale, course)),
  simple("lesson", (locale) => paths.lesson(locale, course, "buddy")),
  {
    name: "exercise-visitor",
    signedIn: false,
    phonePane: "code",
    open: async (page, locale) => {
      await page.goto(paths.exercise(locale, course, "split-a-block"));
      await fullEditor(page);
      await expect(page.locator(".skeleton")).toHaveCount(0);
    },
  },
  simple("play", paths.play),
  ...sceneNames.filter(isPartName).map((name) => simple(`play-${name}`, (locale) => paths.scene(locale, name))),
  {
    name: "palette",
    signedIn: false,
    open: async (page, locale) => {
      await page.goto(paths.course(locale, course));
      const dialog = page.getByRole("dialog");
      await expect(async () => {
        await page.keyboard.press("Control+k");
        await expect(dialog).toBeVisible({ timeout: 1_000 });
      }).toPass();
      await expect(page.getByRole("option").nth(5)).toBeVisible();
    },
  },
  simple("health", paths.health),
  simple("accessibility", paths.accessibility),
  simple("help", paths.help),
  simple("not-found", (locale) => `/${locale}/no/such/page`),
  simple("course-map", (locale) => paths.course(locale, course), true),
  workspace("result"),
  workspace("timeline"),
  workspace("tests"),
  workspace("history"),
  {
    name: "exercise-predict",
    signedIn: true,
    phonePane: "code",
    open: async (page, locale) => {
      await page.goto(paths.exercise(locale, course, "predict-free-lists"));
      await expect(page.getByRole("group", { name: /./ }).first()).toBeVisible();
    },
  },
  simple("exercise-break-it", (locale) => paths.exercise(locale, course, "break-the-merge"), true),
  {
    name: "submission",
    signedIn: true,
    open: async (page, locale, handedIn) => {
      await page.goto(paths.submission(locale, course, exercise, handedIn));
      await expect(page.getByText(words(locale)("result.graded"))).toBeVisible();
      await expect(page.locator(".skeleton")).toHaveCount(0);
    },
  },
  simple("account", paths.account, true),
];

/** The page that is open, as somebody sees it who holds a phone. */
export async function onPhone(page: Page, { phonePane }: Sight): Promise<void> {
  await page.setViewportSize({ width: 390, height: 844 });
  if (phonePane === undefined) return;
  await page.evaluate((pane) => {
    location.hash = pane;
  }, phonePane);
  if (phonePane !== "code") return;
  // What is too narrow when it opens gets the plain editor.
  await page.reload();
  await expect(page.locator("#code").getByRole("textbox").first()).toBeVisible();
}

/** Hands in a wrong merge without the page and waits for its verdict. Returns the submission's id. */
export async function handInWrongMerge(request: APIRequestContext): Promise<string> {
  const { uuid } = JSON.parse(fileOf("04-free-and-merge", "exercise.json")) as { uuid: string };
  const source = fileOf("04-free-and-merge", "mutants/merges-any-order.ts");
  const sent = await request.post(paths.api.submissions, {
    data: { exerciseUuid: uuid, source, idempotencyKey: crypto.randomUUID() },
  });
  expect(sent.status(), await sent.text()).toBe(202);
  const { id } = (await sent.json()) as { id: string };
  await expect
    .poll(async () => ((await (await request.get(paths.api.submission(id))).json()) as { status: string }).status, {
      timeout: 60_000,
    })
    .toBe("failed");
  return id;
}
