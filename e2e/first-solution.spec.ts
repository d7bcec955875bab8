import { paths } from "@/lib/paths";
import {
  course,
  expect,
  fileOf,
  fullEditor,
  newLearner,
  results,
  runVisibleTests,
  signUp,
  submit,
  test,
  writeCode,
} from "./support";
import { beginning, words } from "./words";

const say = words("en");

test("a new student signs up, reads, solves the first split and sees it on the map", async ({ page, watched }) => {
  await signUp(page, "en", newLearner());
  await page.goto(paths.course("en", course));
  await page.getByRole("link", { name: "The buddy system" }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page
    .getByRole("link", { name: /Split a block/ })
    .first()
    .click();
  await fullEditor(page);

  const solution = fileOf("03-split-a-block", "solution.ts");
  watched.written(solution);
  await writeCode(page, solution);
  await runVisibleTests(page, "en");
  const result = results(page, "en");
  await expect(result.getByText(say("result.quick"))).toBeVisible({ timeout: 30_000 });
  await expect(result.getByText(say("result.passedQuick.text"))).toBeVisible();

  await submit(page, "en");
  await expect(result.getByText(say("result.graded"))).toBeVisible({ timeout: 30_000 });
  await expect(result.getByText(say("result.line.score", { score: 100, max: 100 }))).toBeVisible();
  await expect(result.getByRole("heading", { name: say("result.passed.title") })).toBeVisible();

  // The result has an address of its own, and the code that was handed in stands there.
  await page.getByRole("tab", { name: say("workspace.tab.history") }).click();
  await page.getByRole("link", { name: beginning("en", "workspace.history.openResult") }).click();
  await expect(
    page.getByRole("heading", { level: 1, name: say("result.page.title", { title: "Split a block" }) }),
  ).toBeVisible();
  await expect(page.getByText(say("result.line.score", { score: 100, max: 100 }))).toBeVisible();

  await page.goto(paths.course("en", course));
  const row = page.getByRole("row", { name: /Split a block/ });
  await expect(row).toContainText(say("course.status.passed"));
});
