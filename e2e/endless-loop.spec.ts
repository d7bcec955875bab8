import {
  asNewLearner,
  button,
  codeIn,
  expect,
  fileOf,
  openExercise,
  results,
  submit,
  test,
  writeCode,
} from "./support";
import { words } from "./words";

const say = words("en");

const endless = `import { type Page, pageAt, pageIndex, setPageOrder, type Zone } from "kernel";

export function expand(zone: Zone, page: Page, low: number, high: number): Page {
  while (low < high) {
    const upper = pageAt(zone, pageIndex(zone, page) + (1 << low))!;
    setPageOrder(upper, low);
  }
  return page;
}

export function rmqueue(zone: Zone, order: number): Page | null {
  return null;
}
`;
/** One of the lines of the loop; which of them was the last within the limit, the steps decide. */
const insideTheLoop = "[4-7]";

test("an endless loop is stopped, its line is named, and the next submission is graded as if nothing had been", async ({
  page,
  baseURL,
  watched,
}) => {
  await asNewLearner(page, baseURL);
  await openExercise(page, "en", "split-a-block");
  await writeCode(page, endless);
  await submit(page, "en");
  const pane = results(page, "en");
  await expect(pane.getByText(say("result.graded"))).toBeVisible({ timeout: 60_000 });
  await expect(pane.getByText(say("result.status.step_limit")).first()).toBeVisible();
  await expect(pane.getByText(say("verdict.guest.steps"))).toBeVisible();
  await button(page, new RegExp(`^${say("result.divergence.line", { line: 0 }).replace("0", insideTheLoop)}$`)).click();
  await expect(page.getByText(new RegExp(`^Ln ${insideTheLoop},`))).toBeVisible();

  const solution = fileOf("03-split-a-block", "solution-2.ts");
  watched.written(solution);
  await writeCode(page, solution);
  await expect(pane.getByText(say("result.stale"))).toBeVisible();
  await submit(page, "en");
  await expect(pane.getByText(say("result.line.score", { score: 100, max: 100 }))).toBeVisible({ timeout: 60_000 });
  expect(await codeIn(page)).not.toContain("while (low < high)");
});

test("a loop that never ends is stopped in the browser too, and the page stays alive", async ({ page }) => {
  await openExercise(page, "en", "split-a-block");
  await writeCode(page, endless);
  await button(page, say("workspace.run.run")).click();
  await expect(results(page, "en").getByText(say("result.status.step_limit")).first()).toBeVisible({ timeout: 60_000 });
  await expect(results(page, "en").getByText(say("result.quick"))).toBeVisible();
  await page.getByRole("tab", { name: say("workspace.tab.tests") }).click();
  await expect(page.getByRole("tab", { name: say("workspace.tab.tests") })).toHaveAttribute("aria-selected", "true");
});
