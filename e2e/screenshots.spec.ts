// No test but a tool: SCREENSHOTS=1 npx playwright test draws every page into .build/screenshots, for whoever designs them.
import { handInWrongMerge, onPhone, sights } from "./sights";
import { asNewLearner, fileOf, test } from "./support";

const folder = ".build/screenshots";
const views = [
  { name: "light", locale: "en", theme: "light" },
  { name: "dark", locale: "en", theme: "dark" },
  { name: "phone", locale: "en", theme: "light" },
  { name: "zh-CN", locale: "zh-CN", theme: "light" },
] as const;

for (const { name, locale, theme } of views) {
  test.describe(name, () => {
    test.use({ colorScheme: theme });
    test(`pictures of every page: ${name}`, async ({ page, baseURL, watched }) => {
      test.setTimeout(600_000);
      watched.allowed.push(/status of 404/);
      watched.written(fileOf("04-free-and-merge", "mutants/merges-any-order.ts"));
      let handedIn = "";
      for (const sight of sights) {
        if (sight.signedIn && handedIn === "") {
          await asNewLearner(page, baseURL);
          handedIn = await handInWrongMerge(page.request);
        }
        await page.setViewportSize({ width: 1440, height: 900 });
        await sight.open(page, locale, handedIn);
        if (name === "phone") await onPhone(page, sight);
        await page.waitForTimeout(300);
        await page.screenshot({ path: `${folder}/${name}/${sight.name}.png`, fullPage: true });
      }
    });
  });
}
