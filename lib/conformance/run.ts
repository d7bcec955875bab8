// Runs every data set below a folder against the simulator.
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { gunzipSync } from "node:zlib";
import { adapters, skipped } from "./adapters";
import { type Adapter, BadData, type Beside, type CaseOutcome, type Json } from "./data-set";

export type DataSetResult =
  | {
      readonly kind: "run";
      readonly path: string;
      readonly passed: number;
      readonly failed: number;
      readonly firstFailure: CaseOutcome | null;
      /** Cases that the adapter left out, by reason. */
      readonly skipped: readonly SkippedCases[];
    }
  | { readonly kind: "skipped"; readonly path: string; readonly reason: string }
  | { readonly kind: "unreadable"; readonly path: string; readonly reason: string };

export interface SkippedCases {
  readonly reason: string;
  readonly cases: number;
}

/** Every JSON file below the folder, in order of its path. @throws Error if the folder cannot be read. */
export function* runConformance(folder: string): Iterable<DataSetResult> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
  for (const path of files) {
    const adapter = adapterFor(path);
    yield adapter
      ? runDataSet(join(folder, path), path, adapter)
      : { kind: "skipped", path, reason: reasonFor(folder, path) };
  }
}

/** A folder may also be given one level further down (`oracles/buddy`), so the file name alone is enough. */
function adapterFor(path: string): Adapter | undefined {
  return (
    adapters[path] ?? Object.entries(adapters).find(([known]) => known.endsWith(`/${path.split("/").at(-1)}`))?.[1]
  );
}

/** Here the folder's own name must say which kind it is. */
function reasonFor(folder: string, path: string): string {
  const known = skipped.find(([start]) => path.startsWith(start) || `${basename(folder)}/`.startsWith(start));
  return known?.[1] ?? "no adapter knows this data set";
}

function runDataSet(file: string, path: string, adapter: Adapter): DataSetResult {
  let passed = 0;
  let failed = 0;
  let firstFailure: CaseOutcome | null = null;
  const skippedCases = new Map<string, number>();
  try {
    const data = JSON.parse(readFileSync(file, "utf8")) as Json;
    for (const outcome of adapter(data, besideOf(file))) {
      if (outcome.skipped !== undefined)
        skippedCases.set(outcome.skipped, (skippedCases.get(outcome.skipped) ?? 0) + 1);
      else if (outcome.difference === null) passed++;
      else {
        failed++;
        firstFailure ??= outcome;
      }
    }
  } catch (error) {
    // An unreadable file is a result of its own; a fault of ours is not and goes on up.
    if (!(error instanceof BadData || error instanceof SyntaxError || isFileError(error))) throw error;
    return { kind: "unreadable", path, reason: error.message };
  }
  const leftOut = [...skippedCases].map(([reason, cases]) => ({ reason, cases }));
  return { kind: "run", path, passed, failed, firstFailure, skipped: leftOut };
}

/** Only plain file names: a data set cannot name a file elsewhere. */
function besideOf(file: string): Beside {
  return (name) => {
    if (!/^[\w.-]+$/.test(name)) throw new BadData(`${name}: not the name of a file beside ${file}`);
    try {
      const bytes = readFileSync(join(dirname(file), name));
      return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    } catch (error) {
      throw new BadData(`${name}: ${error instanceof Error ? error.message : "unreadable"}`, { cause: error });
    }
  };
}

function isFileError(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}
