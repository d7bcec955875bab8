import {
  codeIn,
  expect,
  fullEditor,
  newLearner,
  openExercise,
  results,
  runVisibleTests,
  test,
  writeCode,
} from "./support";
import { words } from "./words";

const say = words("en");

test("a visitor may run, is asked to sign in to submit, and finds the code there afterwards", async ({ page }) => {
  await openExercise(page, "en", "buddy-of");
  const mine = `import { KernelBug } from "kernel";

export function buddyOf(index: number, order: number): number {
  return index + order; // a first guess
}

export function parentOf(index: number, order: number): number {
  return index;
}
`;
  await writeCode(page, mine);
  await expect(page.getByText(say("workspace.run.signInWhy"))).toBeVisible();
  await runVisibleTests(page, "en");
  await expect(results(page, "en").getByText(say("result.quick"))).toBeVisible({ timeout: 30_000 });
  await expect(page.locator("[data-save=device]")).toHaveText(say("workspace.save.deviceOnly"));

  await page.getByRole("link", { name: say("workspace.run.signIn") }).click();
  await expect(page.getByRole("heading", { level: 1, name: say("auth.signIn.title") })).toBeVisible();
  await page.getByRole("link", { name: say("auth.signIn.create") }).click();
  const learner = newLearner();
  await page.getByLabel(say("auth.fields.name"), { exact: true }).fill(learner.name);
  await page.getByLabel(say("auth.fields.email"), { exact: true }).fill(learner.email);
  await page.getByLabel(say("auth.fields.password"), { exact: true }).fill(learner.password);
  await page.getByRole("button", { name: say("auth.signUp.submit") }).click();

  await expect(page).toHaveURL(/\/exercises\/buddy-of/);
  await fullEditor(page);
  await expect.poll(() => codeIn(page)).toContain("a first guess");
  await expect(page.getByRole("button", { name: say("workspace.run.submit"), exact: true })).toBeVisible();
});
