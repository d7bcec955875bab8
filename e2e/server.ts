// Killing and restarting the site under test: `npm run e2e` starts it again on the same address.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { paths } from "@/lib/paths";

/** Ends the server's process (`SIGKILL`: without a word) and returns when the site answers again. */
export async function restartSite(signal: "SIGTERM" | "SIGKILL" = "SIGKILL"): Promise<void> {
  const before = await serverProcess();
  process.kill(before, signal);
  for (let tries = 0; tries < 240; tries++) {
    await sleep(250);
    const pid = await serverProcess().catch(() => before);
    if (pid !== before && (await answers())) return;
  }
  throw new Error("the site did not come back within a minute");
}

async function serverProcess(): Promise<number> {
  const folder = process.env.E2E_DATA;
  if (!folder) throw new Error("E2E_DATA is not set: run the journeys with `npm run e2e`.");
  return Number((await readFile(path.join(folder, "instance.lock"), "utf8")).split(" ")[0]);
}

function answers(): Promise<boolean> {
  return fetch(new URL(paths.api.health, process.env.E2E_URL)).then(
    (response) => response.ok,
    () => false,
  );
}
