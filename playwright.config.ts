// Browser journeys. `npm run e2e` starts the site and says where it is in E2E_URL; a server that runs already does as well:
// E2E_URL=http://localhost:4100 npx playwright test. With SCREENSHOTS=1 every page is drawn into .build/screenshots instead.
import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const baseURL = process.env.E2E_URL;
if (!baseURL) throw new Error("E2E_URL is not set: run the journeys with `npm run e2e`, which starts a site for them.");

/** CHROME=path names a browser, CHROME=npm asks for npm's. Otherwise the system's, else the Chromium that npm brought (Linux on x64). */
async function findChromium(wish = process.env.CHROME): Promise<string> {
  const installed = [wish, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const found = installed.find((file) => file !== undefined && existsSync(file));
  if (found && wish !== "npm") return found;
  // It unpacks the libraries it brings along only where it believes it runs on Lambda.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs22.x";
  const { default: chromium } = await import("@sparticuz/chromium");
  return chromium.executablePath();
}

const drawing = process.env.SCREENSHOTS === "1";
const quiet = [
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  testDir: "e2e",
  testMatch: drawing ? "screenshots.spec.ts" : "*.spec.ts",
  testIgnore: drawing ? [] : ["screenshots.spec.ts"],
  outputDir: ".build/e2e",
  workers: 2,
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  timeout: 240_000,
  expect: { timeout: 15_000 },
  reporter: [["list"], ["json"]],
  use: {
    baseURL,
    browserName: "chromium",
    // What a page says depends on the visitor's wishes, never on the machine that runs the journey.
    locale: "en-US",
    timezoneId: "UTC",
    colorScheme: "light",
    viewport: { width: 1280, height: 800 },
    actionTimeout: 15_000,
    navigationTimeout: 45_000,
    screenshot: "only-on-failure",
    // Recording everything costs a third of the time; ask for it when a journey fails: E2E_TRACE=1.
    trace: process.env.E2E_TRACE ? "retain-on-failure" : "off",
    launchOptions: {
      executablePath: await findChromium(),
      args: ["--no-sandbox", "--no-zygote", "--disable-gpu", "--disable-dev-shm-usage", ...quiet],
    },
  },
});
