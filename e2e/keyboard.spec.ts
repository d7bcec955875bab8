import type { Page } from "@playwright/test";
import { paths } from "@/lib/paths";
import { asNewLearner, button, codeIn, course, expect, keepsKey, openExercise, results, test } from "./support";
import { words } from "./words";

const say = words("en");

interface Stop {
  readonly name: string;
  readonly top: number;
  readonly bottom: number;
  readonly inMain: boolean;
  /** What is wrong with the focus here: not to be seen, covered, without a ring. */
  readonly faults: readonly string[];
}

/** Presses Tab until the focus leaves the page or comes back to the first stop. */
async function tabThrough(page: Page, most = 150): Promise<Stop[]> {
  const stops: Stop[] = [];
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(focusedStop);
    if (stop === null) return stops;
    stops.push(stop);
  }
  throw new Error(`${most} presses of Tab did not lead through the page`);
}

function focusedStop(): Stop | null {
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return null;
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const faults: string[] = [];
  if (box.width === 0 || box.height === 0 || !element.checkVisibility()) faults.push("not visible");
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height, innerHeight) / 2);
  if (hit && !element.contains(hit) && !hit.contains(element) && !(element as HTMLInputElement).labels?.length)
    faults.push(`covered by ${hit.tagName}.${hit.className}`);
  if (style.outlineStyle === "none" || Number.parseFloat(style.outlineWidth) < 2)
    faults.push(`no ring: ${style.outline}`);
  const name = element.getAttribute("aria-label") ?? (element as HTMLElement).innerText ?? "";
  return {
    name: `${element.tagName.toLowerCase()} ${name.trim().slice(0, 40)}`,
    top: box.top + scrollY,
    bottom: box.bottom + scrollY,
    inMain: element.closest("main") !== null && !element.closest("aside"),
    faults,
  };
}

for (const [name, path] of [
  ["landing", paths.home("en")],
  ["course map", paths.course("en", course)],
  ["sign-up", paths.signUp("en")],
  ["playground", paths.play("en")],
] as const)
  test(`Tab leads through the ${name} page in order, always to be seen`, async ({ page }) => {
    await page.goto(path);
    await page.waitForLoadState("networkidle");
    const stops = await tabThrough(page);
    expect(
      stops.filter(({ faults }) => faults.length > 0).map((stop) => `${stop.name}: ${stop.faults.join(", ")}`),
    ).toEqual([]);
    expect(stops[0]?.name).toContain(say("shell.skipToContent"));
    expect(stops.at(-1)?.inMain).toBe(false);
    if (name === "playground") return; // three columns: order within each is the test of the eye
    const main = stops.filter(({ inMain }) => inMain);
    expect(main.length).toBeGreaterThan(2);
    // Nothing lies wholly above what had the focus before it.
    const back = main.filter((stop, at) => at > 0 && stop.bottom <= (main[at - 1]?.top ?? 0));
    expect(back.map((stop) => stop.name)).toEqual([]);
  });

test("the first Tab offers the way past the header", async ({ page }) => {
  await page.goto(paths.lesson("en", course, "buddy"));
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: say("shell.skipToContent") })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toBeFocused();
});

test("the workspace is gone round by F6, and skip links lead to editor and results", async ({ page }) => {
  await openExercise(page, "en", "split-a-block");
  const editor = page.getByRole("textbox", { name: say("workspace.editor.label") });
  const instructions = page.getByRole("region", { name: say("workspace.pane.instructions") });
  const runBar = page.getByRole("region", { name: say("workspace.pane.run") });
  await page.keyboard.press("F6");
  await expect(instructions).toBeFocused();
  await page.keyboard.press("F6");
  await expect(editor).toBeFocused();
  await page.keyboard.press("F6");
  await expect(runBar.getByRole("button").first()).toBeFocused();
  await page.keyboard.press("F6");
  await expect(results(page, "en")).toBeFocused();
  await page.keyboard.press("Shift+F6");
  await expect(runBar.getByRole("button").first()).toBeFocused();
  await page.keyboard.press("F6");
  // On the last part the key is the browser's again.
  expect(await keepsKey(page, "F6")).toBe(false);

  await page.getByRole("link", { name: say("workspace.skip.editor") }).focus();
  await page.keyboard.press("Enter");
  await expect(editor).toBeFocused();
  await page.getByRole("link", { name: say("workspace.skip.result") }).focus();
  await page.keyboard.press("Enter");
  await expect(results(page, "en")).toBeFocused();
});

test("in the editor Tab indents, and Esc then Tab leaves it", async ({ page }) => {
  await openExercise(page, "en", "split-a-block");
  const editor = page.getByRole("textbox", { name: say("workspace.editor.label") });
  const left = async (keys: readonly string[]) => {
    await editor.focus();
    for (const key of keys) await page.keyboard.press(key);
    await expect(editor).not.toBeFocused();
    expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true);
  };
  await editor.focus();
  await page.keyboard.press("Control+Home");
  const before = await codeIn(page);
  await page.keyboard.press("Tab");
  await expect.poll(() => codeIn(page)).toBe(`  ${before}`);
  await expect(editor).toBeFocused();
  await left(["Escape", "Tab"]);
  await left(["Escape", "Shift+Tab"]);
  // Once only: the next Tab indents again.
  await editor.focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Tab");
  await expect.poll(async () => (await codeIn(page)).length).toBe(before.length + 4);

  await page.keyboard.press("Control+m");
  await expect(button(page, say("workspace.editor.tabMoves"))).toBeVisible();
  await left(["Tab"]);
  await editor.focus();
  await page.keyboard.press("Control+m");
  await expect(button(page, say("workspace.editor.tabIndents"))).toBeVisible();
});

test("Ctrl+Enter runs, the focus stays, and the outcome is said", async ({ page }) => {
  await openExercise(page, "en", "split-a-block");
  const editor = page.getByRole("textbox", { name: say("workspace.editor.label") });
  await editor.focus();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("status").filter({ hasText: /\d of \d tests? pass/ })).toBeAttached({ timeout: 30_000 });
  await expect(editor).toBeFocused();
  await page.keyboard.press("Control+Shift+J");
  await expect(results(page, "en")).toBeFocused();
});

test("the simple editor is chosen once and lets Tab pass", async ({ page }) => {
  await openExercise(page, "en", "split-a-block");
  await page.locator(`summary[aria-label="${say("workspace.editor.settings")}"]`).click();
  await page.getByRole("checkbox", { name: say("workspace.editor.simple") }).check();
  const area = page.getByRole("textbox", { name: say("workspace.editor.label") });
  await expect(area).toHaveJSProperty("tagName", "TEXTAREA");
  await page.reload();
  await expect(area).toHaveJSProperty("tagName", "TEXTAREA");
  await area.click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("// plain\n");
  await expect(area).toHaveValue(/^\/\/ plain\n/);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect(area).not.toBeFocused();
});

test("columns are widened, folded and put back by keyboard", async ({ page, baseURL }) => {
  await asNewLearner(page, baseURL);
  await openExercise(page, "en", "split-a-block");
  const splitter = page.getByRole("separator", { name: say("workspace.layout.read") });
  const width = async () => Number(await splitter.getAttribute("aria-valuenow"));
  const start = await width();
  await splitter.focus();
  await page.keyboard.press("ArrowRight");
  expect(await width()).toBe(start + 5);
  await page.reload();
  expect(await width()).toBe(start + 5);
  await splitter.focus();
  await page.keyboard.press("Enter");
  expect(await width()).toBe(0);
  await expect(splitter).toHaveAttribute("aria-valuetext", say("workspace.layout.valueFolded"));
  await page.keyboard.press("Enter");
  expect(await width()).toBe(start + 5);

  // The palette, also from inside the editor, whose own two-key commands begin with the same key.
  await page.getByRole("textbox", { name: say("workspace.editor.label") }).focus();
  await page.keyboard.press("Control+k");
  const search = page.getByRole("combobox", { name: say("shell.palette.input") });
  await expect(search).toBeFocused();
  await search.fill(say("workspace.layout.reset"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
  expect(await width()).toBe(start);
});

test("the list of shortcuts opens with ? and gives the focus back", async ({ page }) => {
  await page.goto(paths.course("en", course));
  const link = page.getByRole("link", { name: say("shell.playground") }).first();
  await expect(async () => {
    await link.focus();
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: say("shell.shortcuts.title") })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(link).toBeFocused();
});
