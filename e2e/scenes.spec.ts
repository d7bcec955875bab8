import type { Page } from "@playwright/test";
import { paths } from "@/lib/paths";
import { completions, lineOf } from "@/lib/scenarios/command";
import { isPartName, sceneNames } from "@/lib/scenarios/names";
import { openPreset } from "@/lib/scenarios/open-part";
import { scenarios } from "@/lib/scenarios/registry";
import { appendRandom, stateOf } from "@/lib/scenarios/run";
import type { Locale } from "@/lib/words/text";
import { button, expect, test, violationsOn } from "./support";
import { words } from "./words";

const say = words("en");
const parts = sceneNames.filter(isPartName);

/** A command that the machine with which the page opens will carry out. */
function firstLine(name: (typeof parts)[number]): string {
  const scenario = scenarios[name];
  const session = openPreset(scenario, scenario.presets[0]!.name);
  // What is refused is left out: among a few there is one that is not.
  const grown = appendRandom(scenario, session, 8, 1);
  if ("by" in grown || grown.at === session.at) throw new Error(`${name}: no operation is possible`);
  return lineOf(scenario.commands, grown.ops[session.at]!);
}

/** Scripts have taken over: the console answers, which changes nothing. The command line has the focus then. */
async function ready(page: Page, locale: Locale): Promise<void> {
  const input = page.getByRole("textbox", { name: words(locale)("scene.command"), exact: true });
  await expect(async () => {
    await input.fill("help");
    await input.press("Enter");
    await expect(page.getByText(words(locale)("scene.helpPlain")).first()).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await input.focus();
}

for (const name of parts)
  test(`the scene ${name} is operated, read and undone by keyboard alone`, async ({ page, context }) => {
    const line = firstLine(name);
    await page.goto(paths.scene("en", name));
    const input = page.getByRole("textbox", { name: say("scene.command"), exact: true });
    const summary = page.locator("#scene-summary");
    const status = page.getByRole("status").filter({ hasText: /./ });
    const before = await summary.innerText();
    await ready(page, "en");
    await page.keyboard.type(line);
    await page.keyboard.press("Enter");
    await expect(status.filter({ hasText: line }).first()).toBeAttached();
    // The address follows a moment later.
    await expect(page).toHaveURL(/#m=1/);
    const linked = page.url();

    // The picture, thing by thing.
    await button(page, say("figure.enterDiagram")).focus();
    await page.keyboard.press("Enter");
    const items = page.getByRole("treeitem");
    await expect(page.locator("[role=treeitem]:focus")).toBeAttached();
    await page.keyboard.press("Home");
    await expect(items.first()).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(items.first()).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("Escape");
    await expect(button(page, say("figure.enterDiagram"))).toBeFocused();

    // The same as a table.
    const table = page.locator("#scene details.fig-table").first();
    await table.locator("summary").focus();
    await page.keyboard.press("Enter");
    await expect(table.getByRole("table")).toBeVisible();
    expect(await table.getByRole("rowheader").count()).toBeGreaterThan(0);

    // Undo outside text fields; then a mistake, which is told and changes nothing.
    await page.keyboard.press("Control+z");
    await expect(summary).toHaveText(before);
    await input.focus();
    await page.keyboard.type("nonsense");
    await page.keyboard.press("Enter");
    await expect(page.getByText(say("scene.unknownCommand", { word: "nonsense" })).first()).toBeVisible();
    await expect(summary).toHaveText(before);

    // The address holds the machine.
    await page.keyboard.type(line);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(linked);
    const after = await summary.innerText();
    const friend = await context.newPage();
    await friend.goto(page.url());
    await expect(friend.locator("#scene-summary")).toHaveText(after);
    await friend.goto(`${paths.scene("en", name)}#m=1.cut-off`);
    await friend.reload();
    await expect(friend.getByText(say("play.linkBroken"))).toBeVisible();
  });

test("the completions of every scene's console are commands that it understands", () => {
  for (const name of parts) {
    const scenario = scenarios[name];
    const state = stateOf(openPreset(scenario, scenario.presets[0]!.name));
    const offered = completions(scenario.commands, "", (op, parameter) => scenario.suggest(state, op, parameter));
    expect(offered.length).toBeGreaterThan(Object.keys(scenario.commands).length);
  }
});

for (const theme of ["light", "dark"] as const)
  test.describe(theme, () => {
    test.use({ colorScheme: theme });
    for (const name of parts)
      test(`axe finds nothing in the scene ${name} after work and with its tables open (${theme})`, async ({
        page,
      }) => {
        const locale = theme === "light" ? "en" : "zh-CN";
        await page.goto(paths.scene(locale, name));
        await ready(page, locale);
        await button(page, words(locale)("scene.random")).click();
        for (const table of await page.locator("#scene details.fig-table > summary").all()) await table.click();
        expect(await violationsOn(page)).toEqual([]);
      });
  });
