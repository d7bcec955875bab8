import { paths } from "@/lib/paths";
import { asNewLearner, course, expect, fileOf, results, submit, test } from "./support";
import { words } from "./words";

const say = words("en");

test("free lists are predicted: first wrongly, then as the result explained", async ({ page, baseURL }) => {
  await asNewLearner(page, baseURL);
  await page.goto(paths.exercise("en", course, "predict-free-lists"));
  const questions = page.locator("fieldset.question");
  await expect(questions.first()).toBeVisible();
  console.log(await page.locator("main").ariaSnapshot());
  await submit(page, "en");
  const pane = results(page, "en");
  await expect(pane.getByText(say("result.graded"))).toBeVisible({ timeout: 30_000 });
  console.log(await pane.ariaSnapshot());
});

test("a short trace gives the faulty merge away", async ({ page, baseURL, watched }) => {
  await asNewLearner(page, baseURL);
  await page.goto(paths.exercise("en", course, "break-the-merge"));
  const trace = fileOf("08-break-the-merge", "solution-2.txt");
  watched.written(trace);
  const field = page.getByRole("textbox", { name: say("workspace.breakIt.title") });
  await field.fill("a = alloc 1\nfree b");
  await expect(page.getByText(say("verdict.trace.notInUse", { id: "b" }))).toBeVisible();
  await field.fill(trace);
  await submit(page, "en");
  const pane = results(page, "en");
  await expect(pane.getByText(say("result.graded"))).toBeVisible({ timeout: 30_000 });
  console.log(await pane.ariaSnapshot());
});
