import { paths } from "@/lib/paths";
import { button, expect, test } from "./support";
import { words } from "./words";

const say = words("en");

test("the playground allocates, refuses what the kernel refuses, undoes, and travels in a link", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(paths.play("en"));
  const line = page.getByRole("textbox", { name: say("play.command") });
  const summary = page.locator("#zone-summary");
  await expect(async () => {
    await page.getByRole("combobox", { name: say("play.preset") }).selectOption({ label: say("play.preset-empty") });
    await expect(summary).toContainText("64 free", { timeout: 1_000 });
  }).toPass();

  await line.fill("alloc 2");
  await line.press("Enter");
  await expect(summary).toContainText("60 free");
  await line.fill("free 2");
  await line.press("Enter");
  await expect(page.getByText(say("figure.refuseInside", { pfn: 2, head: 0, order: 2 })).first()).toBeVisible();
  await expect(summary).toContainText("60 free");
  await line.fill("free 0");
  await line.press("Enter");
  await expect(summary).toContainText("64 free");
  await line.fill("free 0");
  await line.press("Enter");
  await expect(page.getByText(say("figure.refuseDoubleFree", { pfn: 0 })).first()).toBeVisible();

  await button(page, say("figure.undo")).click();
  await expect(summary).toContainText("60 free");
  // The keys work outside text fields, and only there.
  await page.keyboard.press("Control+Shift+z");
  await expect(summary).toContainText("64 free");
  await page.keyboard.press("Control+z");
  await expect(summary).toContainText("60 free");

  const before = await summary.innerText();
  await button(page, say("play.copyLink")).click();
  await expect(page.getByText(say("play.copied")).first()).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const friend = await context.newPage();
  await friend.goto(link);
  await expect(friend.locator("#zone-summary")).toHaveText(before);
  await button(friend, say("figure.undo")).click();
  await expect(friend.locator("#zone-summary")).toContainText("64 free");

  await friend.goto(`${paths.play("en")}#s=1.cut-off`);
  await friend.reload();
  await expect(friend.getByText(say("play.linkBroken"))).toBeVisible();
});

test("the zone can be walked by keyboard, block by block", async ({ page }) => {
  await page.goto(paths.play("en"));
  const enter = button(page, say("figure.enterDiagram"));
  await expect(async () => {
    await enter.focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("treeitem").first()).toBeFocused({ timeout: 1_000 });
  }).toPass();
  const tree = page.getByRole("tree", { name: say("figure.treeLabel") });
  const count = await tree.getByRole("treeitem").count();
  expect(count).toBeGreaterThan(2);
  await page.keyboard.press("ArrowRight");
  await expect(tree.getByRole("treeitem").nth(1)).toBeFocused();
  await page.keyboard.press("End");
  await expect(tree.getByRole("treeitem").nth(count - 1)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(tree.getByRole("treeitem").nth(count - 1)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Escape");
  await expect(enter).toBeFocused();
});
