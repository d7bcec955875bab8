// The worker's program as one file, so that a jail has to show it nothing else of this project.
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { sha256Hex } from "./sha256";

export function workerFile(root = process.cwd()): string {
  return join(root, ".build", "grader", "worker.mjs");
}

/** Bundles lib/grader/worker.ts. Returns whether the file changed. */
export async function ensureWorkerBundle(root = process.cwd()): Promise<boolean> {
  const file = workerFile(root);
  const result = await build({
    absWorkingDir: root,
    entryPoints: [join(root, "lib", "grader", "worker.ts")],
    alias: { "@": root },
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "silent",
    // Some dependencies are CommonJS and ask for built-in modules.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  const program = result.outputFiles[0]!.contents;
  const old = await readFile(file).catch(() => null);
  if (old !== null && sha256Hex(old) === sha256Hex(program)) return false;
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, program);
  await rename(draft, file);
  return true;
}

/** For a program that has no start command around it: the bundle, made if there is none. */
export async function bundleWorker(root = process.cwd()): Promise<string> {
  await ensureWorkerBundle(root);
  await stat(workerFile(root));
  return workerFile(root);
}
