// `next build`, but only when something it depends on has changed.
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { withLock } from "./process-lock";
import { runNode } from "./run-node";

const folders = ["app", "lib"];
const files = [
  "next.config.js",
  "proxy.ts",
  "postcss.config.mjs",
  "tsconfig.json",
  "package.json",
  "package-lock.json",
];
const mark = path.resolve(".next/pagewalk-sources");

export type BuildOutcome = "built" | "up to date";

/** Makes `.next` match the sources. Two starters at once build once. */
export async function ensureProductionBuild(): Promise<BuildOutcome> {
  return withLock(
    path.resolve(".data/build.lock"),
    async () => {
      const sources = await fingerprintOfSources();
      if ((await built()) === sources) return "up to date";
      const next = createRequire(import.meta.url).resolve("next/dist/bin/next");
      await runNode(next, ["build"], { quiet: true, env: { NODE_ENV: "production" } });
      await writeFile(mark, sources);
      return "built";
    },
    30 * 60_000,
  );
}

async function built(): Promise<string | null> {
  const id = await readFile(path.resolve(".next/BUILD_ID"), "utf8").catch(() => null);
  return id === null ? null : readFile(mark, "utf8").catch(() => null);
}

async function fingerprintOfSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\0`).update(await readFile(file).catch(() => ""));
  for (const folder of folders) {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    const names = found.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
    for (const name of names.filter(matters).sort()) hash.update(`${name}\0`).update(await readFile(name));
  }
  return hash.digest("hex");
}

/** Tests, command-line programs and the engine's rebuilt module are in no bundle. */
function matters(file: string): boolean {
  return !/\.test\.tsx?$|\.wasm$|^lib[\\/](start|bench|conformance)[\\/]|made-from\.txt$/.test(file);
}
