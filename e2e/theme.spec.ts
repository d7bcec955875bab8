import type { Page } from "@playwright/test";
import { paths } from "@/lib/paths";
import { asNewLearner, button, course, expect, test } from "./support";
import { words } from "./words";

const say = words("en");
const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

test("the theme follows the system until one is chosen, and the choice stays", async ({ page, baseURL }) => {
  await asNewLearner(page, baseURL);
  await page.goto(paths.course("en", course));
  const light = await ground(page);
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await ground(page);
  expect(dark).not.toBe(light);

  await button(page, say("shell.theme.label")).click();
  await page.getByRole("radio", { name: say("shell.theme.light"), exact: true }).check();
  expect(await ground(page)).toBe(light);
  await page.reload();
  // From the server's first byte, not by script: no flash.
  expect(await (await page.request.get(paths.course("en", course))).text()).toContain('data-theme="light"');
  expect(await ground(page)).toBe(light);
  await page.emulateMedia({ colorScheme: "light" });
  await button(page, say("shell.theme.label")).click();
  await page.getByRole("radio", { name: say("shell.theme.dark"), exact: true }).check();
  await page.goto(paths.play("en"));
  expect(await ground(page)).toBe(dark);
  await button(page, say("shell.theme.label")).click();
  await page.getByRole("radio", { name: say("shell.theme.system"), exact: true }).check();
  expect(await ground(page)).toBe(light);
});
