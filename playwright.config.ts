// Browser journeys. `npm run e2e` starts the site and says where it is in E2E_URL.
import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const baseURL = process.env.E2E_URL;
if (!baseURL) throw new Error("E2E_URL is not set: run the journeys with `npm run e2e`, which starts a site for them.");

/** A browser of the system if there is one, else the Chromium that npm brought (Linux on x64). */
async function findChromium(): Promise<string> {
  const installed = [process.env.CHROME, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const found = installed.find((file) => file !== undefined && existsSync(file));
  if (found) return found;
  // It unpacks the libraries it brings along only where it believes it runs on Lambda.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs22.x";
  const { default: chromium } = await import("@sparticuz/chromium");
  return chromium.executablePath();
}

const quiet = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  workers: 2,
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [["list"], ["json"]],
  use: {
    baseURL,
    browserName: "chromium",
    locale: "en-US",
    timezoneId: "UTC",
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: await findChromium(),
      args: ["--no-sandbox", "--no-zygote", "--disable-gpu", "--disable-dev-shm-usage", ...quiet],
    },
  },
});
