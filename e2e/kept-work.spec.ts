import { asNewLearner, button, codeIn, expect, fullEditor, openExercise, test, writeCode } from "./support";
import { words } from "./words";

const say = words("en");
const note = (text: string) => `// ${text}\nexport function expand() {}\n`;

test("what was typed is there again after a reload, and on another device", async ({ page, baseURL, browser }) => {
  const learner = await asNewLearner(page, baseURL);
  await openExercise(page, "en", "split-a-block");
  await writeCode(page, note("my first idea"));
  await expect(page.locator("[data-save=saved]")).toHaveText(say("workspace.save.saved"));
  await page.reload();
  await fullEditor(page);
  expect(await codeIn(page)).toContain("my first idea");

  const elsewhere = await browser.newContext({ baseURL });
  const device = await elsewhere.newPage();
  await device.request.post("/api/auth/sign-in/email", { data: learner, headers: { origin: baseURL ?? "" } });
  await openExercise(device, "en", "split-a-block");
  await expect.poll(() => codeIn(device)).toContain("my first idea");
  await elsewhere.close();
});

test("a tab that is torn away while typing loses nothing", async ({ page, context, baseURL }) => {
  await asNewLearner(page, baseURL);
  await openExercise(page, "en", "split-a-block");
  await writeCode(page, note("typed just before the end"));
  // The device stores after a pause of 0.4 s; the server has heard nothing yet.
  await expect(page.locator("[data-save=device], [data-save=saving], [data-save=saved]")).toBeVisible();
  await page.close({ runBeforeUnload: false });
  const again = await context.newPage();
  await openExercise(again, "en", "split-a-block");
  await expect.poll(() => codeIn(again)).toContain("typed just before the end");
});

test("a second tab only reads until it takes over, and then the first one only reads", async ({
  page,
  context,
  baseURL,
}) => {
  await asNewLearner(page, baseURL);
  await openExercise(page, "en", "split-a-block");
  await writeCode(page, note("from the first tab"));
  const second = await context.newPage();
  await openExercise(second, "en", "split-a-block");
  await expect(second.getByText(say("workspace.draft.elsewhere"))).toBeVisible();
  await expect.poll(() => codeIn(second)).toContain("from the first tab");
  await expect(button(second, say("workspace.run.submit"))).toHaveAttribute("aria-disabled", "true");

  await button(second, say("workspace.draft.takeOver")).click();
  await expect(second.getByText(say("workspace.draft.elsewhere"))).toBeHidden();
  await expect(page.getByText(say("workspace.draft.elsewhere"))).toBeVisible();
  await writeCode(second, note("from the second tab"));
  await expect.poll(() => codeIn(page)).toContain("from the second tab");
});

test("without a connection typing is kept on the device and said so; back online it reaches the server", async ({
  page,
  context,
  baseURL,
  watched,
}) => {
  // The browser logs each request that found no network.
  watched.allowed.push(/ERR_INTERNET_DISCONNECTED/);
  await asNewLearner(page, baseURL);
  await openExercise(page, "en", "split-a-block");
  await writeCode(page, note("before the tunnel"));
  await expect(page.locator("[data-save=saved]")).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByText(say("workspace.draft.offline"))).toBeVisible();
  await expect(page.getByText(say("shell.offline"))).toBeVisible();
  await writeCode(page, note("in the tunnel"));
  await expect(page.locator("[data-save=device]")).toHaveText(say("workspace.save.device"));
  const submitButton = button(page, say("workspace.run.submit"));
  await expect(submitButton).toHaveAttribute("aria-disabled", "true");
  await expect(page.getByText(say("workspace.run.offline"))).toBeVisible();
  await page.keyboard.press("Control+Shift+Enter");
  await expect(page.getByText(say("workspace.run.offline"))).toBeVisible();
  await context.setOffline(false);
  await expect(page.locator("[data-save=saved]")).toBeVisible();
  await expect(page.getByText(say("workspace.draft.offline"))).toBeHidden();
  await page.reload();
  await fullEditor(page);
  expect(await codeIn(page)).toContain("in the tunnel");
});

test("going back to the starter is asked first, can be undone, and the old code stays in the history", async ({
  page,
  baseURL,
}) => {
  await asNewLearner(page, baseURL);
  await openExercise(page, "en", "split-a-block");
  await writeCode(page, note("do not lose me"));
  await button(page, say("workspace.draft.reset")).click();
  await expect(button(page, say("workspace.draft.resetYes"))).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(button(page, say("workspace.draft.reset"))).toBeFocused();
  expect(await codeIn(page)).toContain("do not lose me");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect.poll(() => codeIn(page)).not.toContain("do not lose me");
  await page.getByRole("tab", { name: say("workspace.tab.history") }).click();
  await button(page, say("workspace.history.restore")).first().click();
  await expect.poll(() => codeIn(page)).toContain("do not lose me");
});
