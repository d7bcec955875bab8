import type { Locator, Page } from "@playwright/test";
import { asNewLearner, button, expect, fileOf, keepsKey, openExercise, results, test, writeCode } from "./support";
import { beginning, words } from "./words";

const say = words("en");

test("a wrong merge is handed in and its counterexample is stepped through without a mouse", async ({
  page,
  baseURL,
  watched,
}) => {
  await asNewLearner(page, baseURL);
  await openExercise(page, "en", "free-and-merge");
  const wrong = fileOf("04-free-and-merge", "mutants/merges-any-order.ts");
  watched.written(wrong);
  await writeCode(page, wrong);

  await page.keyboard.press("Control+Shift+Enter");
  const pane = results(page, "en");
  await expect(pane.getByText(say("result.graded"))).toBeVisible({ timeout: 30_000 });
  await expect(pane.getByText(say("result.status.failed")).first()).toBeVisible();
  await expect(pane.getByRole("heading", { name: say("result.divergence.title") })).toBeVisible();
  await expect(pane.getByRole("heading", { name: say("result.misconception.title") })).toBeVisible();
  // Writing goes on where it was: nobody took the focus away.
  await expect(page.getByRole("textbox", { name: say("workspace.editor.label") })).toBeFocused();

  // From here on only keys.
  await page.keyboard.press("Control+Shift+J");
  await expect(pane).toBeFocused();
  await tabTo(page, button(page, say("result.counterexample.play")));
  await page.keyboard.press("Enter");
  const slider = page.getByRole("slider", { name: say("figure.slider") });
  await tabTo(page, slider);
  const opened = Number(await slider.inputValue());
  const last = Number(await slider.getAttribute("max"));
  expect(last).toBeLessThanOrEqual(8);

  await page.keyboard.press("ArrowRight");
  await expect(slider).toHaveValue(String(opened + 1));
  await expect(page).toHaveURL(new RegExp(`[?&]t=smallest&step=${opened + 1}`));
  await expect(slider).toHaveAttribute("aria-valuetext", new RegExp(say("result.counterexample.here")));
  // Both machines are drawn where they part, and named.
  await expect(page.getByRole("region", { name: say("workspace.pane.result") })).toContainText(say("figure.differing"));

  await page.keyboard.press("Home");
  await expect(slider).toHaveValue("0");
  await page.keyboard.press("ArrowLeft");
  await expect(slider).toHaveValue("0");
  await page.keyboard.press("End");
  await expect(slider).toHaveValue(String(last));
  await page.keyboard.press("PageUp");
  await expect(slider).toHaveValue(String(last - 1));
  await page.keyboard.press("Home");
  await page.keyboard.press("d");
  await expect(slider).toHaveValue(String(opened + 1));

  await page.reload();
  await expect(slider).toHaveValue(String(opened + 1));
  await expect(page.getByRole("tab", { name: say("workspace.tab.timeline") })).toHaveAttribute("aria-selected", "true");

  // A slider must not keep Tab, nor any key that is not its own.
  await slider.focus();
  expect(await keepsKey(page, "F2")).toBe(false);
  await page.keyboard.press("Tab");
  await expect(slider).not.toBeFocused();

  // The same place by its link on the result's own page.
  await page.getByRole("tab", { name: say("workspace.tab.history") }).focus();
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("link", { name: beginning("en", "workspace.history.openResult") }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/submissions\//);
  await page.goto(`${page.url()}?t=smallest&step=${opened + 1}`);
  await expect(page.getByRole("slider", { name: say("figure.slider") })).toHaveValue(String(opened + 1));
});

/** Tab until it has the focus, as somebody does who looks for it. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 60; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("60 presses of Tab did not reach it");
}
