// What a learner's browser does: Run with the sandbox in a worker, bytes of script per page, largest paint, layout shift.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type Browser, chromium, type Page } from "@playwright/test";
import { paths } from "@/lib/paths";
import { percentile } from "./statistics";

export interface PageWeight {
  readonly scriptBytes: number;
  readonly lcpMs: number;
  readonly shift: number;
}

export interface BrowserSpeed {
  readonly runWarmMs: number;
  readonly lesson: PageWeight;
  readonly exercise: PageWeight;
  /** Layout shift from the textarea until the full editor stands in its place. */
  readonly editorShift: number;
}

const course = "linux-mm";
const lessonPath = paths.lesson("en", course, "buddy");
const exercisePath = paths.exercise("en", course, "split-a-block");
const solutionFile = "exercises/06-buddy/03-split-a-block/solution.ts";
const runs = 8;
const loads = 3;

export async function benchBrowser(url: string): Promise<BrowserSpeed> {
  const browser = await launch();
  try {
    return {
      lesson: await weigh(browser, `${url}${lessonPath}`),
      exercise: await weigh(browser, `${url}${exercisePath}`),
      ...(await benchRun(browser, `${url}${exercisePath}`)),
    };
  } finally {
    await browser.close();
  }
}

async function launch(): Promise<Browser> {
  const installed = [process.env.CHROME, "/usr/bin/chromium"].find((file) => file !== undefined && existsSync(file));
  const args = [
    "--no-sandbox",
    "--no-zygote",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
  ];
  if (installed) return chromium.launch({ executablePath: installed, args });
  // See playwright.config.ts: the bundled libraries are unpacked only there.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs22.x";
  const bundled = await import("@sparticuz/chromium");
  return chromium.launch({ executablePath: await bundled.default.executablePath(), args });
}

/** Scripts as transferred before the editor's own, largest paint and layout shift; the best of a few first visits. */
async function weigh(browser: Browser, url: string): Promise<PageWeight> {
  const visits: PageWeight[] = [];
  for (let i = 0; i < loads; i++) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    const scripts = new Map<string, number>();
    let loaded = false;
    session.on("Network.requestWillBeSent", ({ requestId, type }) => {
      if (type === "Script" && !loaded) scripts.set(requestId, 0);
    });
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      if (scripts.has(requestId)) scripts.set(requestId, encodedDataLength);
    });
    await watchPaint(page);
    await page.goto(url, { waitUntil: "load" });
    loaded = true;
    await page.waitForTimeout(1500);
    const { lcpMs, shift } = await page.evaluate(readPaint);
    visits.push({ scriptBytes: [...scripts.values()].reduce((sum, bytes) => sum + bytes, 0), lcpMs, shift });
    await context.close();
  }
  return visits.reduce((best, visit) => (visit.lcpMs < best.lcpMs ? visit : best));
}

async function benchRun(browser: Browser, url: string): Promise<Pick<BrowserSpeed, "runWarmMs" | "editorShift">> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await watchPaint(page);
  await page.goto(url, { waitUntil: "load" });
  await page.locator(".editor-box textarea, .monaco-editor .view-lines").first().waitFor({ timeout: 60_000 });
  const before = await page.evaluate(readPaint);
  await page.locator(".monaco-editor .view-lines").waitFor({ timeout: 60_000 });
  await page.waitForTimeout(500);
  const after = await page.evaluate(readPaint);
  await page.locator(".monaco-editor .view-lines").click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.insertText(await readFile(solutionFile, "utf8"));
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    // Another run wants another text.
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.insertText(`// ${i}\n`);
    await page.waitForTimeout(300);
    times.push(await page.evaluate(clickRunAndWait));
  }
  await context.close();
  return { runWarmMs: percentile(times.slice(2), 0.5), editorShift: after.shift - before.shift };
}

declare global {
  interface Window {
    benchPaint: { lcpMs: number; shift: number };
  }
}

function watchPaint(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    window.benchPaint = { lcpMs: 0, shift: 0 };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.benchPaint.lcpMs = entry.startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.benchPaint.shift += (entry as unknown as { value: number }).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
}

function readPaint(): { lcpMs: number; shift: number } {
  return window.benchPaint;
}

/** In the page: from pressing Run until the verdict line of that run stands in the document. */
function clickRunAndWait(): Promise<number> {
  return new Promise((resolve, reject) => {
    const button = [...document.querySelectorAll("button")].find((one) => one.textContent?.trim() === "Run");
    if (!button) return reject(new Error("there is no Run button"));
    const start = performance.now();
    const observer = new MutationObserver(() => {
      if (!document.querySelector(".verdict:not([data-stale])")) return;
      observer.disconnect();
      resolve(performance.now() - start);
    });
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    button.click();
    setTimeout(() => reject(new Error("Run gave no verdict within 20 s")), 20_000);
  });
}
