// One running Pagewalk per checkout.
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { dataDirectory } from "./database";
import { holder, isRunning, tryLock } from "./process-lock";

const lock = path.join(dataDirectory, "instance.lock");
const urlFile = path.join(dataDirectory, "instance-url");

export type Instance =
  | { readonly outcome: "ours"; announce(url: string): Promise<void>; leave(): Promise<void> }
  | { readonly outcome: "taken"; readonly pid: string; readonly url: string | null };

/** Becomes the running instance, or says which process is (waiting a little for one that is only just starting). */
export async function enterInstance(): Promise<Instance> {
  if (await tryLock(lock)) {
    await rm(urlFile, { force: true });
    return {
      outcome: "ours",
      announce: (url) => writeFile(urlFile, url),
      leave: async () => {
        await rm(urlFile, { force: true });
        await rm(lock, { force: true });
      },
    };
  }
  const other = (await holder(lock)) ?? "";
  for (let tries = 0; tries < 20 && isRunning(other); tries++) {
    const url = await readFile(urlFile, "utf8").catch(() => null);
    if (url) return { outcome: "taken", pid: other.split(" ")[0] ?? "", url };
    await sleep(250);
  }
  return { outcome: "taken", pid: other.split(" ")[0] ?? "", url: null };
}
