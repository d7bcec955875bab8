import type { Page } from "@playwright/test";
import { questionsOf } from "@/lib/grader/prediction";
import { paths } from "@/lib/paths";
import { answer, type FreeLists } from "@/lib/slots/predict";
import { asNewLearner, button, course, expect, fileOf, results, submit, test } from "./support";
import { words } from "./words";

const say = words("en");

test("free lists are predicted: one question wrongly and seen why, then all of them right", async ({
  page,
  baseURL,
}) => {
  await asNewLearner(page, baseURL);
  await page.goto(paths.exercise("en", course, "predict-free-lists"));
  const traces = JSON.parse(fileOf("07-predict-free-lists", "traces.json")) as Parameters<typeof questionsOf>[0];
  const answers = questionsOf(traces, 1).map(({ question }) => answer(question).freeLists as FreeLists);
  for (const [question, lists] of answers.entries()) await answerWith(page, question, question === 0 ? [] : lists);
  await submit(page, "en");
  const pane = results(page, "en");
  await expect(
    pane.getByText(say("result.line.tests", { passed: answers.length - 1, total: answers.length })),
  ).toBeVisible({ timeout: 30_000 });
  await expect(pane.getByRole("heading", { name: say("result.divergence.title") })).toBeVisible();
  await expect(pane.getByText(say("figure.differing"))).toBeVisible();

  await answerWith(page, 0, answers[0] ?? []);
  await expect(pane.getByText(say("result.stale"))).toBeVisible();
  await submit(page, "en");
  await expect(pane.getByText(say("result.line.score", { score: 20, max: 20 }))).toBeVisible({ timeout: 30_000 });

  await expect(pane.getByRole("heading", { name: say("result.fuel.title") })).toBeHidden();

  // Another variant asks something else, and the way back leads to the first one.
  const first = await page.locator("fieldset.question").allInnerTexts();
  await page.getByRole("link", { name: say("workspace.predict.new") }).click();
  await expect(page).toHaveURL(/variant=2/);
  await expect.poll(() => page.locator("fieldset.question").allInnerTexts()).not.toEqual(first);
});

/** Fills the lists that the page asks for; an order without a list is left empty, and a wrong answer says page 0. */
async function answerWith(page: Page, question: number, lists: FreeLists): Promise<void> {
  const fields = page.locator("fieldset.question").nth(question).getByRole("textbox");
  for (let order = 0; order < (await fields.count()); order++)
    await fields.nth(order).fill(lists.length === 0 ? "0" : (lists[order] ?? []).join(" "));
}

test("a short trace gives the faulty merge away", async ({ page, baseURL, watched }) => {
  await asNewLearner(page, baseURL);
  await page.goto(paths.exercise("en", course, "break-the-merge"));
  const field = page.getByRole("textbox", { name: say("workspace.breakIt.title") });
  await field.fill("a = alloc 1\nfree b");
  await expect(page.getByText(say("verdict.trace.notInUse", { id: "b" }))).toBeVisible();
  const pane = results(page, "en");
  await field.fill("a = alloc 1\nfree a");
  await submit(page, "en");
  await expect(pane.getByText(say("verdict.breakIt.notExposed"))).toBeVisible({ timeout: 30_000 });

  const trace = fileOf("08-break-the-merge", "solution-2.txt");
  watched.written(trace);
  await field.fill(trace);
  await submit(page, "en");
  await expect(pane.getByText(say("result.line.score", { score: 40, max: 40 }))).toBeVisible({ timeout: 30_000 });
  await expect(pane.getByRole("heading", { name: say("result.exposed.title") })).toBeVisible();
  await expect(pane.getByText(say("result.passed.text"))).toBeHidden();
  await expect(button(page, say("workspace.run.run"))).toHaveCount(0);
});
