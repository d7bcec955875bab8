import type { Page } from "@playwright/test";
import { handInWrongMerge, onPhone, sights } from "./sights";
import { asNewLearner, expect, fileOf, test, violationsOn } from "./support";

const locales = ["en", "zh-CN"] as const;
const themes = ["light", "dark"] as const;

for (const locale of locales)
  for (const theme of themes) {
    // The arrangement on a phone depends on neither: each language and each theme once is enough.
    const alsoOnPhone = (locale === "en") === (theme === "light");
    test.describe(`${locale}, ${theme}`, () => {
      test.use({ colorScheme: theme });

      test(`axe finds nothing on any page${alsoOnPhone ? ", phones included, and each fits into 320 pixels" : ""} (${locale}, ${theme})`, async ({
        page,
        baseURL,
        watched,
      }) => {
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
            expect.soft(await violationsOn(page), sight.name).toEqual([]);
            if (!alsoOnPhone) return;
            await onPhone(page, sight);
            expect.soft(await violationsOn(page), `${sight.name} on a phone`).toEqual([]);
            await page.setViewportSize({ width: 320, height: 568 });
            // Figures are drawn anew for the new width.
            const reflowed = expect
              .configure({ soft: true })
              .poll(() => sidewaysScroll(page), { timeout: 3_000, message: `${sight.name} at 320 pixels` });
            await reflowed.toEqual([]);
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
    const contained = (element: Element) => {
      for (let box = element.parentElement; box && box !== document.body; box = box.parentElement)
        if (getComputedStyle(box).overflowX !== "visible" || (box instanceof HTMLDetailsElement && !box.open))
          return true;
      return false;
    };
    const wide = [...document.querySelectorAll("body *")].filter(
      (element) =>
        element.getBoundingClientRect().right > root.clientWidth + 1 &&
        element.checkVisibility() &&
        !contained(element),
    );
    return [
      `${root.scrollWidth} > ${root.clientWidth}`,
      ...wide.slice(0, 5).map((element) => `${element.tagName}.${element.getAttribute("class")}`),
    ];
  });
}
