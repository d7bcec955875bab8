import type { Page } from "@playwright/test";
import { handInWrongMerge, sights } from "./sights";
import { asNewLearner, expect, expectAccessible, fileOf, test } from "./support";

const locales = ["en", "zh-CN"] as const;
const themes = ["light", "dark"] as const;

for (const locale of locales)
  for (const theme of themes) {
    test.describe(`${locale}, ${theme}`, () => {
      test.use({ colorScheme: theme });

      test(`every page is without violations for axe, wide and on a phone, and fits 320 pixels (${locale}, ${theme})`, async ({ page, baseURL, watched }) => {
        test.setTimeout(300_000);
        // A page that does not exist says so in its status, which the browser logs.
        watched.allowed.push(/status of 404/);
        watched.written(fileOf("04-free-and-merge", "mutants/merges-any-order.ts"));
        let handedIn = "";
        for (const sight of sights) {
          if (sight.signedIn && handedIn === "") {
            await asNewLearner(page, baseURL);
            handedIn = await handInWrongMerge(page.request);
          }
          await test.step(sight.name, async () => {
            await page.setViewportSize({ width: 1280, height: 800 });
            await sight.open(page, locale, handedIn);
            await expectAccessible(page);
            await page.setViewportSize({ width: 390, height: 844 });
            await expectAccessible(page);
            await page.setViewportSize({ width: 320, height: 568 });
            expect(await sidewaysScroll(page), `${sight.name} scrolls sideways at 320 pixels`).toEqual([]);
          });
        }
      });
    });
  }

/** What makes the page wider than the window; empty if nothing does. */
function sidewaysScroll(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const wide = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1);
    return [`${root.scrollWidth} > ${root.clientWidth}`, ...wide.slice(0, 5).map((element) => `${element.tagName}.${element.getAttribute("class")}`)];
  });
}
