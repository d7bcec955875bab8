// On a site of its own, because it is stopped half-way.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { paths } from "@/lib/paths";
import { startTestSite, type TestSite } from "@/lib/start/test-site";
import {
  asNewLearner,
  test as base,
  codeIn,
  expect,
  fileOf,
  fullEditor,
  openExercise,
  results,
  submit,
  writeCode,
} from "./support";
import { words } from "./words";

const say = words("en");

const test = base.extend<object, { site: TestSite }>({
  site: [
    async ({}, use) => {
      const site = await startTestSite();
      await use(site);
      await site.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ site }, use) => use(site.url),
});

// An own site is a production build; a development server has none.
test.skip(process.env.E2E_DATA === undefined, "needs the production build: run it with npm run e2e");

test("work and waiting results outlive a server that is killed", async ({ page, baseURL, site, watched }) => {
  test.setTimeout(180_000);
  watched.allowed.push(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|status of 50\d/);
  await asNewLearner(page, baseURL);
  await openExercise(page, "en", "split-a-block");
  const solution = fileOf("03-split-a-block", "solution.ts");
  watched.written(solution);
  await writeCode(page, solution);
  await expect(page.locator("[data-save=saved]")).toBeVisible();

  await kill(site);
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("// typed while the server was away\n");
  await expect(page.locator("[data-save=device]")).toBeVisible();
  await back(site);
  await expect(page.locator("[data-save=saved]")).toBeVisible({ timeout: 60_000 });

  // Killed as soon as it has said that it has the code: the verdict is its successor's work.
  const accepted = page.waitForResponse(
    (answer) => new URL(answer.url()).pathname === paths.api.submissions && answer.status() === 202,
  );
  await submit(page, "en");
  await accepted;
  await kill(site);
  await back(site);
  const pane = results(page, "en");
  await expect(pane.getByText(say("result.line.score", { score: 100, max: 100 }))).toBeVisible({ timeout: 90_000 });

  await page.reload();
  await fullEditor(page);
  expect(await codeIn(page)).toContain("typed while the server was away");
  await expect(pane.getByText(say("result.line.score", { score: 100, max: 100 }))).toBeVisible();
});

/** Without a chance to clean up. The site's keeper starts it again. */
async function kill(site: TestSite): Promise<void> {
  const [pid] = (await readFile(path.join(site.dataDirectory, "instance.lock"), "utf8")).split(" ");
  process.kill(Number(pid), "SIGKILL");
}

async function back({ url }: TestSite): Promise<void> {
  await expect
    .poll(
      () =>
        fetch(`${url}/api/health`).then(
          (answer) => answer.status,
          () => 0,
        ),
      { timeout: 90_000 },
    )
    .toBe(200);
}
