import type { Page } from "@playwright/test";
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
import { words } from "./words";

const say = words("zh-CN");
/** What stands there instead of a sentence that has no translation: its key. */
const keys =
  /\b(account|auth|course|errors|figure|finding|info|landing|lesson|play|platform|result|shell|verdict|workspace)\.[a-z][a-zA-Z]+/;

test.use({ locale: "zh-CN" });

test("一名学生从注册到满分，全程使用中文", async ({ page, watched }) => {
  const read = async () => {
    await expect(page.locator("html")).toHaveAttribute("lang", "zh-Hans-CN");
    expect(await englishSentences(page)).toEqual([]);
    expect(await page.locator("main").innerText()).not.toMatch(keys);
  };
  await page.goto("/");
  await expect(page).toHaveURL(/\/zh-CN$/);
  await read();
  await page.goto(paths.signUp("zh-CN"));
  await read();
  await signUp(page, "zh-CN", newLearner());
  await page.goto(paths.course("zh-CN", course));
  await read();
  await page.getByRole("link", { name: /伙伴/ }).first().click();
  await expect(page).toHaveURL(/\/zh-CN\/courses\/linux-mm\/lessons\/buddy/);
  await read();
  await page
    .getByRole("link", { name: /分裂一个块/ })
    .first()
    .click();
  await fullEditor(page);
  await read();

  const solution = fileOf("03-split-a-block", "solution.ts");
  watched.written(solution);
  await writeCode(page, solution);
  await runVisibleTests(page, "zh-CN");
  const pane = results(page, "zh-CN");
  await expect(pane.getByText(say("result.passedQuick.text"))).toBeVisible({ timeout: 30_000 });
  await submit(page, "zh-CN");
  await expect(pane.getByText(say("result.line.score", { score: 100, max: 100 }))).toBeVisible({ timeout: 30_000 });
  await read();

  await page.goto(paths.course("zh-CN", course));
  await expect(page.getByRole("row", { name: /分裂一个块/ })).toContainText(say("course.status.passed"));
  await page.goto(paths.play("zh-CN"));
  await read();
  await page.goto(paths.account("zh-CN"));
  await read();
});

test("一个错误的结果也用中文解释", async ({ page, watched }) => {
  const wrong = fileOf("03-split-a-block", "mutants/returns-upper-half.ts");
  watched.written(wrong);
  await page.goto(paths.exercise("zh-CN", course, "split-a-block"));
  await fullEditor(page);
  await writeCode(page, wrong);
  await runVisibleTests(page, "zh-CN");
  const pane = results(page, "zh-CN");
  await expect(pane.getByRole("heading", { name: say("result.divergence.title") })).toBeVisible({ timeout: 30_000 });
  expect(await englishSentences(page)).toEqual([]);
});

test("the other language is the same page, at the same place", async ({ page }) => {
  await page.goto(`${paths.exercise("zh-CN", course, "split-a-block")}?t=again-and-again&step=2`);
  const slider = page.getByRole("slider", { name: say("figure.slider") });
  await expect(slider).toHaveValue("2");
  await page.getByRole("link", { name: "English" }).click();
  await expect(page).toHaveURL(/\/en\/courses\/linux-mm\/exercises\/split-a-block\?t=again-and-again&step=2/);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.getByRole("slider", { name: words("en")("figure.slider") })).toHaveValue("2");
});

/** Runs of five or more English words that stand in no code and are not marked as English. */
async function englishSentences(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const walk = document.createTreeWalker(document.querySelector("main")!, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const parent = node.parentElement!;
      if (parent.closest("code, pre, kbd, script, style, [lang^='en'], .full-editor, textarea, cite")) continue;
      if (!parent.checkVisibility()) continue;
      const run = /[A-Za-z][a-z]*(?:[ ,]+[A-Za-z][a-z]*){4,}/.exec(node.textContent ?? "");
      if (run) found.push(run[0]);
    }
    return found;
  });
}
